"""The rules of legal services: pure, time and profile are arguments."""
