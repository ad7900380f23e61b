"""Funds of a department (经费): what an earmark has for a year, and that no more of it is spent."""
