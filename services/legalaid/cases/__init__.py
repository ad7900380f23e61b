"""Applications and cases."""
