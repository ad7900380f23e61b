"""How far the activities of a year have come, by office: what the plan calls for, and what was held."""

# Statements are built of names and constants of ours; every value is a parameter.
# ruff: noqa: S608

from __future__ import annotations

from datetime import date

from geju.publicity.v1.year_plan_service_pb2 import GetPlanCompletionResponse, PlanCompletion

from services.chassis import reads
from services.chassis.context import current
from services.chassis.storage.scopes import in_scope, terms
from services.chassis.storage.store import Store
from services.publicity.activities.kinds import ACTIVITY, YEAR_PLAN
from services.publicity.domain.activities.lifecycle import CANCELLED, HELD, PLANNED

_WANTED = "NOT r.deleted AND ($2 = '' OR r.office = $2)"
_PLANS = f"""
SELECT id::text AS id, office, activities FROM year_plan r
WHERE year = $3 AND {_WANTED} AND {in_scope(YEAR_PLAN, "$1")}
"""
_ACTIVITIES = f"""
SELECT office,
    count(*) FILTER (WHERE state = {HELD} AND held_date BETWEEN $3 AND $4) AS held,
    count(*) FILTER (WHERE state = {PLANNED} AND planned_date BETWEEN $3 AND $4) AS to_come,
    count(*) FILTER (WHERE state = {PLANNED} AND planned_date BETWEEN $3 AND $4 AND planned_date < $5) AS overdue,
    count(*) FILTER (WHERE state = {CANCELLED} AND planned_date BETWEEN $3 AND $4) AS cancelled
FROM activity r
WHERE (held_date BETWEEN $3 AND $4 OR planned_date BETWEEN $3 AND $4) AND {_WANTED} AND {in_scope(ACTIVITY, "$1")}
GROUP BY office
"""


async def completion(store: Store, year: int, office: str) -> GetPlanCompletionResponse:
    """Return the completion of each office in scope that has a plan or activities of a year. Raises UnknownOffice."""
    if office:
        store.profile.office(office)
    today = store.rules().today
    year = year or today.year
    scope = reads.scope(current())
    async with store.lend(scope) as loan:
        plans = await loan.connection.fetch(_PLANS, terms(scope), office, year)
        span = (date(year, 1, 1), date(year, 12, 31), today)
        counts = await loan.connection.fetch(_ACTIVITIES, terms(scope), office, *span)
    found: dict[str, PlanCompletion] = {}
    for row in plans:
        name = YEAR_PLAN.record_name(row["id"])
        found[row["office"]] = PlanCompletion(office=row["office"], year_plan=name, planned=row["activities"])
    for row in counts:
        line = found.setdefault(row["office"], PlanCompletion(office=row["office"]))
        line.MergeFrom(PlanCompletion(**{name: row[name] for name in ("held", "to_come", "overdue", "cancelled")}))
    offices = [found[code] for code in sorted(found) if found[code] != PlanCompletion(office=code)]
    return GetPlanCompletionResponse(year=year, offices=offices)
