"""Visits that are due: the first after the file was opened, else the next after the last one."""

from __future__ import annotations

from typing import Any

from geju.common.v1.limit_pb2 import Limit
from geju.common.v1.limit_service_pb2 import RecordLimit
from geju.correction.v1 import facts_pb2
from google.type.date_pb2 import Date

from services.chassis.domain.rules import Rules
from services.correction.domain.resettlement.lifecycle import REGISTERED
from services.correction.domain.subjects import RELEASED

RULE, LABEL = "resettlement.visit", "走访"
_LAST_VISITS = """
SELECT p.id::text AS id, p.facts, visit.facts AS last
FROM released_person p
LEFT JOIN LATERAL (
    SELECT v.facts FROM released_visit v WHERE v.person = p.id::text AND NOT v.deleted
    ORDER BY v.visit_date DESC, v.id DESC LIMIT 1
) visit ON true
WHERE NOT p.deleted AND p.state = $1
"""


async def visits_owed(connection: Any, _rules: Rules) -> list[RecordLimit]:
    """Return the next visit to everybody on the books, owed by the office of the residence."""
    found = []
    for row in await connection.fetch(_LAST_VISITS, REGISTERED):
        person = facts_pb2.ReleasedPersonFacts.FromString(row["facts"])
        due = _due(person, row["last"])
        if due.year:
            limit, office = Limit(rule=RULE, due=due), person.second_office or person.office
            found.append(RecordLimit(record=f"{RELEASED}/{row['id']}", office=office, limit=limit, label=LABEL))
    return found


def _due(person: facts_pb2.ReleasedPersonFacts, last: bytes | None) -> Date:
    return person.first_visit_due if last is None else facts_pb2.ReleasedVisitFacts.FromString(last).next_visit_due
