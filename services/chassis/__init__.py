"""What every service shares: start-up, identity, errors, unit of work, relay, consumer, district profile."""
