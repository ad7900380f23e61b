"""The rules of outreach to villages and state."""
