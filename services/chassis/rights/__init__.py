"""What each part may do with PostgreSQL and NATS: one account for each use, and no more than it needs."""
