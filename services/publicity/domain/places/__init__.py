"""The rules of facilities and places."""
