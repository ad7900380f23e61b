"""Records are read by what the contract says of their kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from geju.funds.v1.fund_entry_pb2 import FundEntry
from geju.legalaid.v1.station_pb2 import Station
from geju.mediation.v1.centre_pb2 import Centre

from services.aggregation.kinds import KINDS
from services.cli.kinds import all_kinds
from services.recount.comparing import Difference, Wanted, differences
from services.recount.reading import read


class Services:
    """Answers List requests with what it is given, and remembers them."""

    def __init__(self, **records: list[Any]) -> None:
        self.given, self.asked = records, dict[str, Any]()

    def call(self, method: Any, request: Any, service: str) -> Any:
        """Answer with the records of a service's method."""
        self.asked[f"{service}.{method.name}"] = request
        return self.given.get(f"{service}_{method.name}", [])

    def records(self, method: Callable[[Any], Any], request: Any) -> Iterator[Any]:
        """Give the records of the one page."""
        yield from method(request)


def test_every_kind_that_figures_are_made_of_can_be_read() -> None:
    """None is left out of the recount for want of a List method."""
    assert set() == {kind.name for kind in KINDS} - {name for name, kind in all_kinds().items() if kind.lister}


def test_records_are_kept_by_kind_and_id() -> None:
    """What several services keep is found together and by its service."""
    services = Services(
        mediation_ListCentres=[Centre(name="centres/a"), Centre(name="centres/b")],
        mediation_ListFundEntries=[FundEntry(name="fundEntries/c")],
        legalaid_ListFundEntries=[FundEntry(name="fundEntries/d")],
        legalaid_ListStations=[Station(name="stations/e")],
    )
    kinds = [all_kinds()[name] for name in ("centre", "fund_entry", "legalaid.fund_entry", "station")]
    heard: list[tuple[str, int]] = []
    found = read(services, kinds, lambda kind, count: heard.append((kind.name, count)))
    assert {"a", "b"} == set(found["centre"])
    assert {"c", "d"} == set(found["fund_entry"])
    assert {"d"} == set(found["fund_entry of geju/legalaid"])
    assert [("centre", 2), ("fund_entry", 1), ("fund_entry", 1), ("station", 1)] == sorted(heard)


def test_a_purpose_is_given_where_one_is_asked_for() -> None:
    """The trail of what was read says why."""
    services = Services()
    read(services, [all_kinds()["supervised_person"], all_kinds()["centre"]])
    said = {name: getattr(request, "purpose", None) for name, request in services.asked.items()}
    assert {"correction.ListSupervisedPersons": "核对数字", "mediation.ListCentres": None} == said
    assert {1000} == {request.page_size for request in services.asked.values()}


def test_the_first_failure_ends_the_reading() -> None:
    """Half of the records would give wrong figures."""
    services = Services(mediation_ListCentres=[Centre(name="centres/a")], legalaid_ListStations=[None])
    with pytest.raises(AttributeError):
        read(services, [all_kinds()["centre"], all_kinds()["station"]])


def test_differences_are_figures_of_either_side() -> None:
    """What one side does not have, what both have differently; of what was asked for only."""
    same, other, gone, new = ((name, "", "", "", "2012") for name in ("a", "b", "c", "d"))
    expected = {same: (1, 2), other: (1, 2), gone: (1, 0)}
    found = {same: (1, 2), other: (2, 2), new: (0, 5)}
    differing = [Difference(other, (1, 2), (2, 2)), Difference(gone, (1, 0), None), Difference(new, None, (0, 5))]
    assert differing == differences(expected, found)
    wanted = Wanted(indicators=["b", "d"], periods=["2012"])
    assert {other, new} == {*wanted.of(expected), *wanted.of(found)}
    assert {} == Wanted(units=["wuma"]).of(found)
