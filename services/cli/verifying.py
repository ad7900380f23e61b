"""Holding the board against a recount of the records while both may be changing."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from geju.aggregation.v1 import (
    figure_service_pb2,
    figure_service_pb2_grpc,
    proof_service_pb2,
    proof_service_pb2_grpc,
)
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from services.cli.failure import Exit, Failure
from services.cli.kinds import all_kinds
from services.cli.output import notes, say
from services.cli.waiting import until_measured
from services.client import Geju
from services.recount.comparing import Difference, Wanted, differences
from services.recount.counting import Figures, Store
from services.recount.reading import read
from services.recount.recount import recount

ATTEMPTS = 3
#: So long nothing must have come for the board to have caught up; so long it is waited for.
QUIET_SECONDS, PATIENCE_SECONDS = 2.0, 60.0
_POLL_SECONDS = 0.5


class State(NamedTuple):
    """What figures depend on: how far each source was read, and into which projection."""

    projection: str
    positions: tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True)
class Outcome:
    """What was compared and what differed; `moved`: records changed during every attempt."""

    as_of: date
    records: int
    compared: int
    found: Sequence[Difference] = field(default_factory=list)
    moved: bool = False


def verify(geju: Geju, profile: Any, wanted: Wanted) -> Outcome:
    """Compare figures with a recount of all records, again when records changed meanwhile.

    Errors: RpcError, Failure (the board is being rebuilt).
    """
    until_measured(geju)
    before = settled(geju)
    for attempt in range(1, ATTEMPTS + 1):
        outcome = _compare(geju, profile, wanted)
        if not outcome.found:
            return outcome
        after = settled(geju)
        if after == before:
            return outcome
        if attempt < ATTEMPTS:
            say(f"读取期间记录有变动,重新比较(第 {attempt + 1} 次,最多 {ATTEMPTS} 次)", "yellow")
        before = after
    return Outcome(outcome.as_of, outcome.records, outcome.compared, outcome.found, moved=True)


def _compare(geju: Geju, profile: Any, wanted: Wanted) -> Outcome:
    store = _timed(lambda: _read(geju), lambda records: f"读取记录 {_count(records):,} 条")
    with notes.status("读取看板……"):
        as_of, stored = _timed(lambda: _stored(geju, wanted), lambda s: f"读取看板 {len(s[1]):,} 个数字,截至 {s[0]}")
    with notes.status("重新清点……"):
        recounted = _timed(lambda: recount(store, profile, as_of), lambda figures: f"重新清点 {len(figures):,} 个数字")
    recounted = wanted.of(recounted)
    compared = len(recounted.keys() | stored.keys())
    return Outcome(as_of, _count(store), compared, differences(recounted, stored))


def _timed(step: Callable[[], Any], words: Callable[[Any], str]) -> Any:
    """Take a step and say what it brought."""
    begun = time.monotonic()
    found = step()
    say(f"✓ {words(found)},{time.monotonic() - begun:.1f} 秒")
    return found


def _count(store: Store) -> int:
    return sum(len(records) for name, records in store.items() if " of " in name)


def _read(geju: Geju) -> Mapping[str, Mapping[str, Any]]:
    kinds = [kind for kind in all_kinds().values() if kind.lister is not None]
    columns = (TextColumn("读取记录 {task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=notes, transient=True, disable=not notes.is_terminal) as progress:
        task = progress.add_task("", total=None)

        def told(kind: Any, count: int) -> None:
            progress.update(task, advance=count, description=kind.zh)

        return read(geju, kinds, told)


def _stored(geju: Geju, wanted: Wanted) -> tuple[date, Figures]:
    """Return the stored figures and the day they are of. Errors: RpcError, Failure."""
    stub = geju.stub(figure_service_pb2_grpc.FigureServiceStub)
    request = figure_service_pb2.ListFiguresRequest(
        units=wanted.units, periods=wanted.periods, indicators=wanted.indicators
    )
    figures: Figures = {}
    as_of = None
    for answer in stub.ListFigures(request):
        if answer.HasField("state"):
            day = answer.state.as_of_date
            as_of = date(day.year, day.month, day.day)
        for one in answer.figures:
            figures[one.indicator, one.breakdown, one.key, one.unit, one.period] = one.n, one.denominator
    if as_of is None:
        raise Failure("服务没有说明数字截至哪一天,客户端与服务的版本不一致", Exit.UNPROVEN)
    return as_of, figures


def settled(geju: Geju) -> State:
    """Return the state once nothing has come for a while; the last one seen when something always does."""
    deadline, found, since = time.monotonic() + PATIENCE_SECONDS, state_of(geju), time.monotonic()
    while time.monotonic() - since < QUIET_SECONDS and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
        now = state_of(geju)
        if now != found:
            found, since = now, time.monotonic()
    return found


def state_of(geju: Geju) -> State:
    """Return how far the board has read. Errors: RpcError."""
    stub = geju.stub(proof_service_pb2_grpc.ProofServiceStub)
    answer = stub.ListSources(proof_service_pb2.ListSourcesRequest())
    return State(answer.projection, tuple((s.source, s.epoch, s.sequence, s.missing) for s in answer.sources))
