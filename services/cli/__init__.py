"""The `geju` command."""
