"""The aggregation service: facts in, figures out."""
