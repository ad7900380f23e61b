"""Firms and practitioners."""
