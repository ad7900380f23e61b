"""Facilities and places."""
