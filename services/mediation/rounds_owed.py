"""Screening rounds that nobody has reported: limits without a record."""

from __future__ import annotations

from typing import Any

from geju.common.v1.limit_service_pb2 import RecordLimit

from services.chassis.domain.rules import Rules
from services.mediation.domain import screening

_REPORTED = """
SELECT DISTINCT office, month_date FROM screening WHERE NOT deleted AND NOT key_period AND month_date >= $1
"""


async def rounds_owed(connection: Any, rules: Rules) -> list[RecordLimit]:
    """Return the monthly rounds that offices owe, one for each office and month, keyed by the month ("2012-05")."""
    since = screening.months_owed(rules.today)[0]
    reported = {(row["office"], row["month_date"]) for row in await connection.fetch(_REPORTED, since)}
    return [
        RecordLimit(office=office, key=f"{month:%Y-%m}", limit=limit)
        for office, month, limit in screening.owed(reported, rules)
    ]
