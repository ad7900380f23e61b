"""The rules of legal aid: pure, time and profile are arguments."""
