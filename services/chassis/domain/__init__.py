"""What every service's domain may build on: dates, working days, limits, the district profile, broken rules. Pure."""
