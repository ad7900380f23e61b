"""Disputes: one module for each stretch of their way, one table of permitted transitions (`lifecycle`)."""
