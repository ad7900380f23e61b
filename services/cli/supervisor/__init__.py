"""Everything `geju run` starts and keeps running."""
