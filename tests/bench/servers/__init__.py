"""Servers made for measuring."""
