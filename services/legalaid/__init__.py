"""Legal aid: from the call to the rated file (大法援)."""
