"""The rules of law publicity: pure, time and profile are arguments."""
