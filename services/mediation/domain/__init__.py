"""The rules of mediation: pure functions over records, the profile and the day."""
