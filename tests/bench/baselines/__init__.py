"""The plain ways of doing the same."""
