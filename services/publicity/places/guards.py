"""Guards of facilities and places: the rules that need other records. Each is a kind's `guard`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from geju.publicity.v1 import (
    education_session_pb2,
    enterprise_pb2,
    facility_pb2,
    market_pb2,
    school_pb2,
    school_year_pb2,
)

from services.chassis.district import rows_of
from services.chassis.domain.dates import to_date
from services.chassis.domain.references import uuid_of
from services.chassis.domain.spans import check_in_force
from services.chassis.guards import kind_in
from services.chassis.work import Work
from services.publicity.domain.activities.lifecycle import CANCELLED
from services.publicity.domain.places import school
from services.publicity.domain.places.uses import Span, check_covers, check_uses, span_of
from services.publicity.uses import listing, lock, locked


async def _uses(work: Work, old: Any, collection: str, column: str, *columns: str) -> list[Any]:
    """Return columns of the records that name one, from now on for this work alone."""
    await lock(work, old.name)
    return await rows_of(work, kind_in(work, collection), column, uuid_of(old.name), *columns)


def _shrinks(new: Any, old: Any) -> bool:
    """Tell whether a change can leave somebody without what they refer to."""
    return old is not None and (new is None or span_of(new) != span_of(old))


async def guard_market(work: Work, new: market_pb2.Market | None, old: market_pb2.Market | None) -> None:
    """Keep a market while it has guide boards. Raises StillUsed."""
    if _shrinks(new, old):
        boards = await _uses(work, old, "facilities", "market", "from_date", "to_date")
        check_uses(new, [(row["from_date"], row["to_date"]) for row in boards], kind_in(work, "facilities").zh)


async def guard_enterprise(
    work: Work, new: enterprise_pb2.Enterprise | None, old: enterprise_pb2.Enterprise | None
) -> None:
    """Keep an enterprise on the days on which it held sessions. Raises StillUsed."""
    if _shrinks(new, old):
        sessions = await _uses(work, old, "educationSessions", "enterprise", "held_date")
        check_uses(new, _days(row["held_date"] for row in sessions), kind_in(work, "educationSessions").zh)


async def guard_school(work: Work, new: school_pb2.School | None, old: school_pb2.School | None) -> None:
    """Keep a school in the school years of which something is recorded. Raises StillUsed."""
    if _shrinks(new, old):
        years = await _uses(work, old, "schoolYears", "school", "year")
        spans = [school.days_of(row["year"]) for row in years]
        check_uses(new, spans, kind_in(work, "schoolYears").zh, whole=False)


async def guard_facility(work: Work, new: facility_pb2.Facility | None, old: facility_pb2.Facility | None) -> None:
    """Refuse a market that is not there as long as the board, and to end what activities use.

    Raises UnknownReference, NotInForce, StillUsed.
    """
    if _shrinks(new, old):
        assert old is not None, "what shrinks was there"
        await lock(work, old.name)
        rows = await listing(work, "activities", "facilities", old.name, ("state", "planned_date", "held_date"))
        needed = _days(row["held_date"] or row["planned_date"] for row in rows if row["state"] != CANCELLED)
        check_uses(new, needed, kind_in(work, "activities").zh)
    if new is None or not new.market:
        return
    if old is None or (new.market, span_of(new)) != (old.market, span_of(old)):
        market = await locked(work, "markets", "market", new.market)
        check_covers(market, "market", span_of(new))


async def guard_session(
    work: Work,
    new: education_session_pb2.EducationSession | None,
    old: education_session_pb2.EducationSession | None,
) -> None:
    """Refuse an enterprise that is not there or was not registered on the day. Raises UnknownReference, NotInForce."""
    if new is None or (old is not None and (new.enterprise, new.held_date) == (old.enterprise, old.held_date)):
        return
    enterprise = await locked(work, "enterprises", "enterprise", new.enterprise)
    check_in_force(enterprise, "enterprise", to_date(new.held_date) or work.rules.today)


async def guard_year(
    work: Work, new: school_year_pb2.SchoolYear | None, old: school_year_pb2.SchoolYear | None
) -> None:
    """Refuse a school that is not there in the school year, and a second record of both.

    Raises UnknownReference, NotInForce, YearTaken.
    """
    if new is None or (old is not None and (new.school, new.year) == (old.school, old.year)):
        return
    school.check_school(new, await locked(work, "schools", "school", new.school))
    rows = await rows_of(work, kind_in(work, "schoolYears"), "school", uuid_of(new.school), "year")
    own = "" if old is None else uuid_of(old.name)
    made: list[school_year_pb2.SchoolYear] = work.memo.setdefault(("school_year", new.school), [])
    others = [row["year"] for row in rows if row["id"] != own]
    school.check_only_year(new, [*others, *(year.year for year in made if year.name and year.name != new.name)])
    made.append(new)


def _days(days: Iterable[Any]) -> list[Span]:
    return [(day, day) for day in days]
