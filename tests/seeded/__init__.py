"""Bugs that are put in on purpose: each a patch, and the tests that must notice it."""
