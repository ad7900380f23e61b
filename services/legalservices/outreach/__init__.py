"""Outreach to villages and state."""
