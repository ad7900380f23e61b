"""The rules of firms and practitioners."""
