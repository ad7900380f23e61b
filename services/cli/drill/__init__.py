"""The restore drill: an installation is backed up, destroyed, restored and proven."""
