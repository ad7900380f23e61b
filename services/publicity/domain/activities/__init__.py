"""The rules of activities and studies."""
