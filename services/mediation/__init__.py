"""Mediation (大调解): disputes, sessions, registers and rounds, piece-rate statements."""
