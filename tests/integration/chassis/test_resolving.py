"""Rows refer to records by the numbers that people write: the office's own, any office's, the district's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from services.chassis.context import Call, Caller
from services.chassis.domain.errors import RuleError
from services.chassis.importing import Anywhere
from services.chassis.resolving import Target, resolve
from services.chassis.work import Work
from tests.integration.chassis.clients import CLIENT, Visit
from tests.integration.chassis.conftest import CLERK, DEPARTMENT, Bench, rid
from tests.integration.chassis.notes import NOTE, Note, Person, request

NUMBER = "99999919900101000X"
BY_OWN, BY_ANY, BY_ID = CLIENT, Anywhere(CLIENT), Anywhere(CLIENT, "id_number")
KEEPER = Caller("keeper", CLERK.roles | {"sealed_files"}, CLERK.offices)


async def resolved(
    bench: Bench, rows: Sequence[Any], *wanted: tuple[str, Target], caller: Caller = CLERK
) -> dict[int, RuleError]:
    """Resolve rows as a caller."""
    async with Work(bench.store, Call(caller, "/geju.testing.v1.VisitService/ImportVisits")) as work:
        return await resolve(work, rows, wanted)


def visit(*clients: str, office: str = "north") -> Any:
    """Return a row with references."""
    return Visit(office=office, clients=clients)


async def test_an_own_number_is_of_the_row_s_office(bench: Bench) -> None:
    """A kind by itself is looked in by the numbers of the office; another office's is not found."""
    north, south = await bench.client(key="K-1"), await bench.client(office="south", key="K-2")
    rows = [visit("K-1"), visit("K-2"), visit(south.name)]
    errors = await resolved(bench, rows, ("clients", BY_OWN))
    assert [[north.name], ["K-2"], [south.name]] == [list(row.clients) for row in rows]
    assert {1: ("clients[0]", "UNKNOWN_REFERENCE", "本所没有这个编号的对象。")} == {
        at: (error.field, error.reason, error.message) for at, error in errors.items()
    }


async def test_a_number_of_any_office_is_found(bench: Bench) -> None:
    """Looked for anywhere, another office's number is found; one that two offices have is ambiguous."""
    south = await bench.client(office="south", key="K-2")
    for office in ("north", "south"):
        await bench.client(office=office, key="K-3")
    rows = [visit("K-2"), visit("K-3"), visit("K-4")]
    errors = await resolved(bench, rows, ("clients", BY_ANY))
    assert [[south.name], ["K-3"], ["K-4"]] == [list(row.clients) for row in rows]
    assert {1: "AMBIGUOUS_REFERENCE", 2: "UNKNOWN_REFERENCE"} == {at: e.reason for at, e in errors.items()}
    assert "全区" in errors[1].message
    assert "全区" in errors[2].message


async def test_the_own_number_comes_first(bench: Bench) -> None:
    """With the office's own numbers looked in first, the same number of another office does not matter."""
    north, south = await bench.client(key="K-3"), await bench.client(office="south", key="K-3")
    rows = [visit("K-3"), visit("K-3", office="south"), visit("K-3", office="east")]
    errors = await resolved(bench, rows, ("clients", BY_OWN), ("clients", BY_ANY), caller=DEPARTMENT)
    assert [north.name, south.name] == [row.clients[0] for row in rows[:2]]
    assert {2: "AMBIGUOUS_REFERENCE"} == {at: e.reason for at, e in errors.items()}


async def test_a_number_that_the_district_knows_is_found(bench: Bench) -> None:
    """A searchable field finds a record of any office, however it is written, and nothing that is only called so."""
    south = await bench.client(office="south", id_number=NUMBER)
    await bench.client(full_name="K-9")
    rows = [visit(NUMBER.lower(), f" {NUMBER}"), visit("K-9")]
    errors = await resolved(bench, rows, ("clients", BY_OWN), ("clients", BY_ID))
    assert [south.name] * 2 == list(rows[0].clients)
    assert [1] == list(errors)
    await bench.client(id_number=NUMBER)
    assert "AMBIGUOUS_REFERENCE" == (await resolved(bench, [visit(NUMBER)], ("clients", BY_ID)))[0].reason


async def test_what_is_gone_or_sealed_is_not_found(bench: Bench) -> None:
    """A deleted record is nobody's; a sealed one is found by those who may see it."""
    sealed = await bench.client(KEEPER, sealed=True, key="K-1", id_number=NUMBER)
    gone = await bench.client(key="K-2", id_number="K-22")
    await bench.call(
        "clients/DeleteClient", request("DeleteClient", name=gone.name, reason="重复登记", request_id=rid())
    )
    for target in (BY_ANY, BY_ID):
        rows = [visit("K-1" if target is BY_ANY else NUMBER), visit("K-2" if target is BY_ANY else "K-22")]
        assert {0, 1} == set(await resolved(bench, rows, ("clients", target)))
        assert {1} == set(await resolved(bench, rows, ("clients", target), caller=KEEPER))
        assert [sealed.name] == list(rows[0].clients)


async def test_references_below_a_row_are_found(bench: Bench) -> None:
    """A path leads into the parts of a row, and the error names the part."""
    client = await bench.client(key="K-1")
    row = Note(office="north", persons=[Person(person_name=name) for name in ("K-1", "", "K-2")])
    errors = await resolved(bench, [row], ("persons.person_name", BY_OWN))
    assert [client.name, "", "K-2"] == [person.person_name for person in row.persons]
    assert "persons[2].person_name" == errors[0].field


def test_nothing_is_found_by_a_plain_field() -> None:
    """A field without a keyed hash is refused when the service starts."""
    for kind, field in ((CLIENT, "taken_date"), (NOTE, "summary"), (NOTE, "nothing")):
        with pytest.raises(TypeError, match=field):
            Anywhere(kind, field)
