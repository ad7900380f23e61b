"""The statements of this version's catalogue, compiled once for each schema they are used in."""

from __future__ import annotations

from functools import cache, lru_cache

from services.aggregation import catalogue
from services.aggregation.plan import Plan


@cache
def fingerprint() -> str:
    """Return the fingerprint of the catalogue, tables and statements of this version."""
    return Plan(catalogue.INDICATORS).fingerprint


@lru_cache(maxsize=4)
def plan_of(schema: str) -> Plan:
    """Return the plan of a projection made by this version."""
    return Plan(catalogue.INDICATORS, schema)
