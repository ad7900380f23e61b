"""Spreadsheets go in row by row, each with its verdict."""

from __future__ import annotations

import asyncio
from typing import Any

from geju.common.v1 import import_pb2

from services.chassis.domain.dates import from_date
from tests.integration.chassis import notes
from tests.integration.chassis.conftest import CLERK, Bench, rid
from tests.integration.chassis.notes import request

CREATED, UPDATED = import_pb2.ROW_OUTCOME_CREATED, import_pb2.ROW_OUTCOME_UPDATED
UNCHANGED, REJECTED = import_pb2.ROW_OUTCOME_UNCHANGED, import_pb2.ROW_OUTCOME_REJECTED


def row(number: int, **fields: Any) -> dict[str, Any]:
    """Return a row of an import."""
    note = {"office": "north", "key": f"N-{number}", "mood": notes.CALM, **fields}
    return {"row": number, "note": note}


async def load(bench: Bench, rows: list[Any], *, validate_only: bool = False) -> Any:
    """Import rows and return the verdicts."""
    sent = request("ImportNotes", rows=rows, request_id=rid(), validate_only=validate_only)
    return (await bench.call("notes/ImportNotes", sent, CLERK)).verdicts


async def test_bad_rows_do_not_keep_good_ones_out(bench: Bench) -> None:
    """Of 1,000 rows with 3 bad ones, 997 are written and 3 are told why; loading them again changes nothing."""
    tomorrow_but_one = from_date(bench.store.rules().today.replace(day=3))
    rows = [row(i) for i in range(1, 1001)]
    rows[9] = row(10, mood=77)
    rows[499] = row(500, office="nowhere")
    rows[999] = row(1000, taken_date=tomorrow_but_one)
    verdicts = await load(bench, rows)
    rejected = {v.row: (v.errors[0].field, v.errors[0].label, v.errors[0].reason) for v in verdicts if v.errors}
    expected = {
        10: ("mood", "情绪", "UNKNOWN_ENUM_VALUE"),
        500: ("office", "司法所", "UNKNOWN_OFFICE"),
        1000: ("taken_date", "记录日期", "FUTURE_DATE"),
    }
    assert expected == rejected
    assert sum(v.outcome == CREATED and v.name.startswith("notes/") for v in verdicts) == 997
    assert await bench.counts() == {"note": 997, "audit": 997, "outbox": 997, "request": 1, "fund_entry": 0}
    assert outcomes(await load(bench, rows)) == {UNCHANGED: 997, REJECTED: 3}
    assert await bench.counts() == {"note": 997, "audit": 997, "outbox": 997, "request": 2, "fund_entry": 0}


def outcomes(verdicts: Any) -> dict[int, int]:
    """Count verdicts by outcome."""
    kinds = [v.outcome for v in verdicts]
    return {kind: kinds.count(kind) for kind in set(kinds)}


async def test_rows_are_found_again_by_their_number(bench: Bench) -> None:
    """A row changes the record of its number; the same number twice in a sheet is the same record."""
    first = (await load(bench, [row(1)]))[0]
    verdicts = await load(bench, [row(1, mood=notes.TENSE), row(2), row(2, summary="补充"), row(2)])
    assert [v.outcome for v in verdicts] == [UPDATED, CREATED, UPDATED, UNCHANGED]
    assert first.name == verdicts[0].name
    revisions = await bench.rows("SELECT revision FROM note ORDER BY id")
    assert [r[0] for r in revisions] == [2, 2]


async def test_a_row_needs_its_number(bench: Bench) -> None:
    """A row without a number could not be found again and is rejected."""
    assert [(v.errors[0].field, v.errors[0].label) for v in await load(bench, [row(1, key="")])] == [("key", "编号")]


async def test_a_row_of_another_office_is_rejected(bench: Bench) -> None:
    """A caller cannot import into an office outside the scope."""
    assert [v.errors[0].reason for v in await load(bench, [row(1, office="south")])] == ["NOT_FOUND"]


async def test_trying_an_import_writes_nothing(bench: Bench) -> None:
    """With validate_only every row has its verdict and nothing is written."""
    assert outcomes(await load(bench, [row(1), row(2), row(3, mood=9)], validate_only=True)) == {
        CREATED: 2,
        REJECTED: 1,
    }
    assert await bench.counts() == {"note": 0, "audit": 0, "outbox": 0, "request": 0, "fund_entry": 0}


async def test_the_same_sheet_from_two_callers_makes_each_record_once(bench: Bench) -> None:
    """Imports of the same rows at the same time make each record once."""
    rows = [row(i) for i in range(1, 51)]
    answers = await asyncio.gather(*(load(bench, rows) for _ in range(3)))
    assert (await bench.counts())["note"] == 50
    assert len({tuple(v.name for v in verdicts) for verdicts in answers}) == 1
