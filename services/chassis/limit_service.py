"""LimitService: what is due soon or overdue, over every kind that has time limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from geju.common.v1 import limit_pb2, limit_service_pb2_grpc
from geju.common.v1 import limit_service_pb2 as pb

from services.chassis import reads
from services.chassis.context import current
from services.chassis.domain import limits
from services.chassis.domain.dates import from_date, to_date
from services.chassis.domain.rules import Rules
from services.chassis.kinds import Kind
from services.chassis.paging import make_token, page_size, query_of, read_token
from services.chassis.storage.codec import present, unseal
from services.chassis.storage.scopes import EVERYTHING, in_scope, offices_in, terms
from services.chassis.storage.statements import RECORD
from services.chassis.storage.store import Store

_CLOCK_RUNS = (limit_pb2.LIMIT_STATE_RUNNING, limit_pb2.LIMIT_STATE_OVERDUE)


#: Stands for the office where those of all offices are counted together.
DISTRICT = "district"
#: What ends within so many days from today is due soon, the last day included.
SOON_DAYS = 7


class _Due(NamedTuple):
    due: str
    record: str
    rule: str
    limit: pb.RecordLimit


class LimitCount(NamedTuple):
    """Records of an office whose next limit is of a rule and in a state ("running", "due_soon", "overdue").

    Of kinds that are `office_sensitive` they are those of all offices, as of DISTRICT.
    """

    kind: str
    office: str
    rule: str
    state: str
    records: int


class LimitServicer(limit_service_pb2_grpc.LimitServiceServicer):
    """Lists the running limits of a service's records."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def ListLimits(self, request: Any, context: Any = None) -> pb.ListLimitsResponse:
        """Return limits that are overdue or end soon, soonest first."""
        del context
        if request.office:
            self.store.profile.office(request.office)
        call, rules = current(), self.store.rules()
        query, size = query_of(request, f"{reads.scope(call)}|{rules.today}"), page_size(request)
        position = read_token(self.store.crypto, query, request.page_token)
        # The last day in time is not overdue yet: with no days ahead only what ended yesterday or earlier is listed.
        until = rules.today + timedelta(days=request.due_within_days or -1)
        found = await self._due(reads.scope(call), request.office, until)
        found.sort(key=lambda due: due[:3])
        if position is not None:
            found = [due for due in found if list(due[:3]) > position]
        page = found[:size]
        token = make_token(self.store.crypto, query, list(page[-1][:3])) if len(found) > size else ""
        return pb.ListLimitsResponse(limits=[due.limit for due in page], next_page_token=token)

    async def _due(self, scope: str, office: str, until: date) -> list[_Due]:
        rules = self.store.rules()
        found: list[_Due] = []
        async with self.store.lend(scope) as loan:
            for kind in self.store.kinds:
                if not kind.has_dues:
                    continue
                since = _since(kind, rules.today)
                for row in await loan.connection.fetch(_query(kind), until, terms(scope), office, since):
                    record = present(kind, unseal(kind, row, row["id"], self.store.crypto), rules)
                    found += _running(kind, record, until)
                    found += _by_days(kind, record, (since, until), rules.today)
                owed = await _owed(kind, loan.connection, rules, until)
                found += [due for due in owed if _is_seen(due.limit.office, scope, office)]
        return found


def _query(kind: Kind[Any]) -> str:
    second = " OR second_office = $3" if kind.has_second_office else ""
    return (
        f"SELECT r.id, {RECORD} FROM {kind.row.__tablename__} r WHERE NOT deleted AND next_due <= $1 "  # noqa: S608
        "AND next_due >= $4 "
        f"AND {in_scope(kind, '$2')} AND ($3 = '' OR office = $3{second})"
    )


def _since(kind: Kind[Any], today: date) -> date:
    """Return the first due day that is somebody's to meet still."""
    lapse = None if kind.dues is None else kind.dues.lapse
    return date.min if lapse is None else today - timedelta(days=lapse)


def _by_days(kind: Kind[Any], record: Any, span: tuple[date, date], today: date) -> Iterator[_Due]:
    """Give what a record is due for by its own days, from a day to a day."""
    for day, rule in kind.dues.of(record) if kind.dues is not None else ():
        if span[0] <= day <= span[1]:
            limit = limit_pb2.Limit(rule=rule, due=from_date(day))
            limit.state = limits.state(limit, today)
            assert kind.dues is not None, "it was asked above"
            found = pb.RecordLimit(record=record.name, key=record.key, office=record.office, limit=limit)
            found.label = kind.dues.labels[rule]
            yield _Due(day.isoformat(), record.name, rule, found)


def _running(kind: Kind[Any], record: Any, until: date) -> Iterator[_Due]:
    for limit in record.limits if kind.has_limits else ():
        due = to_date(limit.due)
        if limit.state in _CLOCK_RUNS and due is not None and due <= until:
            found = pb.RecordLimit(record=record.name, key=record.key, office=record.office, limit=limit)
            yield _Due(due.isoformat(), record.name, limit.rule, found)


def _is_seen(owing: str, scope: str, office: str) -> bool:
    seen = offices_in(scope)
    return (seen is None or owing in seen) and office in {"", owing}


async def _owed(kind: Kind[Any], connection: Any, rules: Rules, until: date) -> list[_Due]:
    """Return what every office owes without a record until a day, with the limits' states."""
    found = []
    for limit in await kind.owed(connection, rules) if kind.owed is not None else ():
        due = to_date(limit.limit.due)
        if due is not None and due <= until:
            limit.limit.state = limits.state(limit.limit, rules.today)
            # Without a name, office and key stand for it in the order and in page tokens.
            where = limit.record or f"{limit.office}/{limit.key}"
            found.append(_Due(due.isoformat(), where, limit.limit.rule, limit))
    return found


async def limit_counts(store: Store) -> list[LimitCount]:
    """Return how many records of each office have their next limit running, due soon or overdue, for metrics.

    What is owed without a record counts with the records. Anybody may read metrics: what is secret does not count, and
    of a kind that is `office_sensitive` only how many the district has is told.
    """
    rules, counts = store.rules(), Counter[tuple[str, str, str, str]]()
    soon = rules.today + timedelta(days=SOON_DAYS)
    async with store.lend(EVERYTHING) as loan:
        for kind in store.kinds:
            if kind.has_dues:
                told = " AND NOT sealed" if kind.is_secret else ""
                where = f"'{DISTRICT}'" if kind.office_sensitive else "office"
                sql = (
                    f"SELECT {where}, next_rule, "  # noqa: S608
                    "CASE WHEN next_due < $1 THEN 'overdue' WHEN next_due <= $2 THEN 'due_soon' ELSE 'running' END, "
                    f"count(*) FROM {kind.row.__tablename__} "
                    f"WHERE NOT deleted AND next_due >= $3{told} GROUP BY 1, 2, 3"
                )
                days = (rules.today, soon, _since(kind, rules.today))
                for office, rule, state, records in await loan.connection.fetch(sql, *days):
                    counts[kind.name, office, rule, state] += records
                for due in await _owed(kind, loan.connection, rules, date.max):
                    office = DISTRICT if kind.office_sensitive else due.limit.office
                    counts[kind.name, office, due.rule, _state(due.due, rules.today, soon)] += 1
    return [LimitCount(*where, records) for where, records in counts.items()]


def _state(due: str, today: date, soon: date) -> str:
    if due < today.isoformat():
        return "overdue"
    return "due_soon" if due <= soon.isoformat() else "running"
