"""Bad input to the service is answered with a typed error about the right field, and nothing of it is written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from geju.common.v1 import import_pb2
from geju.correction.v1 import supervised_person_pb2 as pb
from google.protobuf.message import Message

from services.correction.supervision import kinds
from tests.integration.correction.supervision.conftest import CLERK, ELSEWHERE, HEAD, PERSONS, Bench
from tests.support.correction import OFFICE, OTHER_OFFICE, RECORDS, on, supervised

KINDS = {kind.name: kind for kind in kinds.KINDS}
EVERY = ("supervised_person", *RECORDS)
NUL, RIGHT_TO_LEFT = "\x00", "\u202e"
#: The day after tomorrow, at the bench's day.
FUTURE = on("2012-06-03")
#: A day of each kind that lies in the past, and an enum.
DAYS = {
    "supervised_person": "notified_date",
    "leave": "asked_date",
    "absconding": "from_date",
    "new_offence": "committed_date",
    "measure": "proposed_date",
    "positioning": "approved_date",
    "help_act": "given_date",
}
ENUMS = {"supervised_person": "sentence", "new_offence": "offence_class", "absconding": ""}


def record(kind: str, person: str, /, **fields: Any) -> Any:
    """Return a lawful record of a kind, with some values changed."""
    made = supervised() if kind == "supervised_person" else RECORDS[kind](person)
    for name, value in fields.items():
        made.ClearField(name)
        made.MergeFrom(type(made)(**{name: value}))
    return made


def rpc(kind: str, verb: str) -> str:
    """Return "Service/Verb" of a kind's own service."""
    name = KINDS[kind].message.DESCRIPTOR.name
    return f"{name}Service/{verb}{name}"


@asynccontextmanager
async def nothing_written(bench: Bench) -> AsyncIterator[None]:
    """Hold that a block leaves no row, revision, audit entry of a change, remembered request or event behind."""
    before = await _traces(bench)
    yield
    assert before == await _traces(bench)


async def _traces(bench: Bench) -> dict[str, int]:
    tables = [(str(kind.row.__tablename__), "count(*) + coalesce(sum(revision), 0)") for kind in bench.store.kinds]
    tables += [(table, "count(*)") for table in ("request", "outbox", "search_hash")]
    sql = " UNION ALL ".join(f"SELECT '{table}' AS name, {count} AS n FROM {table}" for table, count in tables)  # noqa: S608
    return {row["name"]: int(row["n"]) for row in await bench.rows(sql)}


async def refused(bench: Bench, kind: str, /, **fields: Any) -> tuple[str, str]:
    """Create a record with wrong values; return reason and field."""
    person = await bench.under_correction()
    async with nothing_written(bench):
        return await bench.refused(rpc(kind, "Create"), CLERK, **{kind: record(kind, person.name, **fields)})


@pytest.mark.parametrize("kind", EVERY)
async def test_an_unknown_office_is_named(bench: Bench, kind: str) -> None:
    """An office that the district does not have is refused."""
    assert ("UNKNOWN_OFFICE", "office") == await refused(bench, kind, office="nowhere")


@pytest.mark.parametrize("kind", EVERY)
async def test_a_place_of_another_office_is_refused(bench: Bench, kind: str) -> None:
    """A village belongs to its office."""
    assert ("UNKNOWN_PLACE", "place") == await refused(bench, kind, place="nanmen-c01")


@pytest.mark.parametrize("kind", DAYS)
async def test_what_has_not_happened_yet_is_refused(bench: Bench, kind: str) -> None:
    """The future is refused beyond one day, in every kind's own day."""
    reason, field = await refused(bench, kind, **{DAYS[kind]: FUTURE})
    assert ("FUTURE_DATE", DAYS[kind]) == (reason, field.rpartition(".")[2])


@pytest.mark.parametrize("kind", [kind for kind in EVERY if kind not in {"absconding", "positioning"}])
async def test_an_enum_value_of_a_newer_client_is_refused(bench: Bench, kind: str) -> None:
    """A value that the service does not know is no value."""
    field = ENUMS.get(kind, "kind")
    reason, named = await refused(bench, kind, **{field: 99})
    assert field == named.rpartition(".")[2]
    assert reason in {"UNKNOWN_ENUM_VALUE", "INVALID_FIELD"}


@pytest.mark.parametrize("text", [NUL, RIGHT_TO_LEFT])
async def test_text_that_turns_around_or_ends_is_refused(bench: Bench, text: str) -> None:
    """Control characters have no place in a name."""
    reason, field = await refused(bench, "supervised_person", full_name=f"测试{text}甲")
    assert ("BAD_TEXT", "full_name") == (reason, field.rpartition(".")[2])


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("given", ["", "not-a-uuid"])
async def test_a_mutation_without_request_id_is_refused(bench: Bench, kind: str, given: str) -> None:
    """No request id, no effect."""
    person = await bench.under_correction()
    fields = {kind: record(kind, person.name), "request_id": given}
    async with nothing_written(bench):
        assert ("MISSING_REQUEST_ID", "request_id") == await bench.refused(rpc(kind, "Create"), CLERK, **fields)


@pytest.mark.parametrize("kind", EVERY)
async def test_a_request_id_stands_for_one_request(bench: Bench, kind: str) -> None:
    """The same request is answered again, another one under its id is refused."""
    person, request_id = await bench.under_correction(), str(uuid4())
    call = rpc(kind, "Create")
    first = await bench.call(call, CLERK, **{kind: record(kind, person.name), "request_id": request_id})
    other = {kind: record(kind, person.name, key="另-1"), "request_id": request_id}
    async with nothing_written(bench):
        assert first == await bench.call(call, CLERK, **{kind: record(kind, person.name), "request_id": request_id})
        assert ("REQUEST_ID_REUSED", "request_id") == await bench.refused(call, CLERK, **other)


@pytest.mark.parametrize("kind", EVERY)
async def test_a_stale_etag_is_refused(bench: Bench, kind: str) -> None:
    """Whoever saw an older revision must read again."""
    person = await bench.under_correction()
    made: Any = await bench.make(record(kind, person.name))
    changed: Message = KINDS[kind].message(name=made.name, etag="7", key="新-1")
    async with nothing_written(bench):
        assert ("STALE_ETAG", "etag") == await bench.refused(rpc(kind, "Update"), CLERK, **{kind: changed})
        deletion = {"name": made.name, "etag": "7", "reason": "登记有误"}
        assert ("STALE_ETAG", "etag") == await bench.refused(rpc(kind, "Delete"), HEAD, **deletion)


@pytest.mark.parametrize("kind", EVERY)
async def test_another_office_s_record_is_not_there(bench: Bench, kind: str) -> None:
    """Another office's record is not found: not read, not changed, not deleted, and nobody makes one for it."""
    person = await bench.under_correction()
    made: Any = await bench.make(record(kind, person.name))
    changed: Message = KINDS[kind].message(name=made.name, key="新-1")
    async with nothing_written(bench):
        assert ("NOT_FOUND", "name") == await bench.refused(rpc(kind, "Get"), ELSEWHERE, name=made.name)
        assert ("NOT_FOUND", "name") == await bench.refused(rpc(kind, "Update"), ELSEWHERE, **{kind: changed})
        deletion = {"name": made.name, "reason": "登记有误"}
        assert ("NOT_FOUND", "name") == await bench.refused(rpc(kind, "Delete"), ELSEWHERE, **deletion)
        foreign = {kind: record(kind, person.name)}
        assert ("NOT_FOUND", "office") == await bench.refused(rpc(kind, "Create"), ELSEWHERE, **foreign)


@pytest.mark.parametrize("kind", RECORDS)
async def test_a_record_for_another_office_s_person_is_refused(bench: Bench, kind: str) -> None:
    """Nobody records anything about a person who is another office's."""
    person = await bench.under_correction()
    made = {kind: record(kind, person.name, office=OTHER_OFFICE)}
    async with nothing_written(bench):
        assert ("UNKNOWN_REFERENCE", "person") == await bench.refused(rpc(kind, "Create"), ELSEWHERE, **made)


@pytest.mark.parametrize(
    ("step", "given"),
    [
        ("TakeOverPerson", {}),
        ("RecordNeverReported", {}),
        ("DeclareCorrection", {}),
        ("ChangeLevel", {"level": pb.SUPERVISION_LEVEL_STRICT}),
        ("ChangeKeyStatus", {"key_ground": pb.KEY_GROUND_DRUGS}),
        ("ChangeTerm", {"term_to_date": on("2014-01-31")}),
        ("AskTransfer", {"to_office": OTHER_OFFICE}),
        ("EndCorrection", {"end_ground": pb.END_GROUND_DIED}),
    ],
)
async def test_an_impossible_transition_moves_nothing(bench: Bench, step: str, given: dict[str, Any]) -> None:
    """Nobody goes on once correction is over."""
    person = await bench.under_correction(ended_date=on("2012-05-31"), end_ground=pb.END_GROUND_REVOKED)
    async with nothing_written(bench):
        assert ("IMPOSSIBLE_TRANSITION", "state") == await bench.refused(
            PERSONS + step, HEAD, name=person.name, **given
        )


async def test_a_page_token_of_another_query_is_refused(bench: Bench) -> None:
    """A token turns the pages of its own query only."""
    for number in range(3):
        await bench.person(CLERK, key=f"J-{number}")
    page = await bench.call(PERSONS + "ListSupervisedPersons", CLERK, page_size=1)
    wrong = {"page_size": 1, "page_token": page.next_page_token, "filter": {"office": OFFICE}}
    reason, _ = await bench.refused(PERSONS + "ListSupervisedPersons", CLERK, **wrong)
    assert "BAD_PAGE_TOKEN" == reason


async def test_bad_rows_are_named_and_the_good_ones_written(bench: Bench) -> None:
    """Of many lines three are wrong: each gets its verdict, the rest is taken over in one transaction."""
    rows = [{"row": line, "supervised_person": supervised(key=f"J-{line}")} for line in range(2, 102)]
    rows[10]["supervised_person"] = supervised(key="J-12", office="nowhere")
    rows[20]["supervised_person"] = supervised(key="J-22", term_to_date=on("2011-01-01"))
    rows[30]["supervised_person"] = supervised()
    answer = await bench.call(PERSONS + "ImportSupervisedPersons", CLERK, rows=rows)
    wrong = [v for v in answer.verdicts if v.outcome == import_pb2.ROW_OUTCOME_REJECTED]
    reasons = [(12, "UNKNOWN_OFFICE"), (22, "DATE_ORDER"), (32, "KEY_REQUIRED")]
    assert reasons == [(verdict.row, verdict.errors[0].reason) for verdict in wrong]
    assert 97 == await bench.count("supervised_person")


async def test_a_clerk_s_line_leaves_a_closed_file_alone(bench: Bench) -> None:
    """What is over is corrected with a reason, by somebody who may; a spreadsheet does not change it."""
    await bench.under_correction(ended_date=on("2012-05-31"), end_ground=pb.END_GROUND_REVOKED)
    row = {"row": 2, "supervised_person": supervised(key="J-1", address="测试新址")}
    async with nothing_written(bench):
        answer = await bench.call(PERSONS + "ImportSupervisedPersons", CLERK, rows=[row], validate_only=True)
    assert ["IMPOSSIBLE_TRANSITION"] == [error.reason for verdict in answer.verdicts for error in verdict.errors]
