"""Faults from a seed against a running installation, and what must be true after them."""
