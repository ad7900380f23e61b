"""The rules of applications and cases."""
