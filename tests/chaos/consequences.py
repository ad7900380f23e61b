"""What services do by themselves after facts, their own or another's: it was done for each, or refused by a rule."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence

from services.chassis.missed import request_of
from services.chassis.reactions import Reaction
from services.correction.app import REACTIONS as OF_CORRECTION
from services.legalaid.app import REACTIONS as OF_LEGALAID
from services.legalservices.app import REACTIONS as OF_LEGALSERVICES
from services.mediation.reaction import REACTIONS as OF_MEDIATION
from tests.support.system import KINDS, System

REACTIONS: Mapping[str, Sequence[Reaction]] = {
    "correction": OF_CORRECTION,
    "legalaid": OF_LEGALAID,
    "legalservices": OF_LEGALSERVICES,
    "mediation": OF_MEDIATION,
}
_ENTRIES = """SELECT id, record_id, kind, change FROM audit
    WHERE (kind, change) IN (SELECT * FROM unnest($1::text[], $2::text[]))"""
_ANSWERED = "SELECT request_id FROM request WHERE subject = $1"


async def missing(system: System) -> Sequence[str]:
    """Return the facts that nothing followed from, though something should have."""
    found: list[str] = []
    for service, reactions in REACTIONS.items():
        answered = {row["request_id"] for row in await system.rows(service, _ANSWERED, f"geju/{service}")}
        refused = _refused(system, service)
        for source in sorted({reaction.service or service for reaction in reactions}):
            pairs = [(r.kind, c) for r in reactions if (r.service or service) == source for c in sorted(r.changes)]
            collections = {kind.name: kind.collection for kind in KINDS[source]}
            for row in await system.rows(source, _ENTRIES, *map(list, zip(*pairs, strict=True))):
                record = f"{collections[row['kind']]}/{row['record_id']}"
                done = request_of(row["id"], f"geju/{service}") in answered or (record, row["change"]) in refused
                if not done:
                    age = time.time() - (row["id"].int >> 80) / 1000
                    found.append(f"{service} did nothing after {record} was {row['change']} {age:.0f} s ago")
    return found


def _refused(system: System, service: str) -> set[tuple[str, str]]:
    """Return (record, change) of what a rule forbade, as the service's log says."""
    found: set[tuple[str, str]] = set()
    for path in system.home.logs.glob(f"{service}.log*"):
        for line in path.read_text("utf-8", errors="replace").splitlines():
            if '"reaction_refused"' in line:
                entry = json.loads(line)
                found.add((entry["record"], entry["change"]))
    return found
