"""The catalogue's declarations, a module for each subject."""
