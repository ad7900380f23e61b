"""Intake of disputes by office and type over the windows that warnings are proposed from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.mediation.domain.warning_model import Rise, Window, judge, windows

_COUNTS = """
SELECT d.office, d.type, w.number, count(*) AS disputes
FROM unnest($1::date[], $2::date[]) WITH ORDINALITY AS w (first, last, number)
JOIN dispute d ON d.registered_date BETWEEN w.first AND w.last
WHERE NOT d.deleted AND ($3::text = '' OR d.office = $3)
GROUP BY d.office, d.type, w.number
"""
_SINCE = """
SELECT office, min(registered_date) AS since FROM dispute
WHERE NOT deleted AND registered_date IS NOT NULL AND ($1::text = '' OR office = $1)
GROUP BY office
"""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An unusual rise of a type in an office over a window."""

    office: str
    type: int
    window: Window
    rise: Rise


async def proposals(connection: Any, office: str, as_of: date) -> list[Proposal]:
    """Return the unusual rises up to a day, least probable first; of one office, or of all the connection may see."""
    spans = windows(as_of, date.min)
    first, last = [span.first for span in spans], [span.last for span in spans]
    since = {row["office"]: row["since"] for row in await connection.fetch(_SINCE, office)}
    counts: dict[tuple[str, int], dict[int, int]] = defaultdict(dict)
    for row in await connection.fetch(_COUNTS, first, last, office):
        counts[row["office"], row["type"]][row["number"] - 1] = row["disputes"]
    found = [p for key, by_window in counts.items() if (p := _proposal(*key, by_window, as_of, since[key[0]]))]
    return sorted(found, key=lambda p: (p.rise.probability, p.office, p.type))


def _proposal(office: str, kind: int, by_window: Mapping[int, int], as_of: date, since: date) -> Proposal | None:
    known = windows(as_of, since)
    observed, *earlier = _in_order(by_window, len(known))
    rise = judge(observed, earlier)
    return None if rise is None else Proposal(office, kind, known[0], rise)


def _in_order(by_window: Mapping[int, int], count: int) -> Iterable[int]:
    return (by_window.get(number, 0) for number in range(count))
