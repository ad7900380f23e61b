"""Correction and resettlement (大帮教): persons under correction, released persons, bases, staff."""
