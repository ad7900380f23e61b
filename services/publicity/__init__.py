"""Law publicity: activities, places, organisations (大普法)."""
