"""Resettlement: records, guards and servicers of released persons, bases and staff."""
