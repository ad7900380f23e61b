"""What is in force at the end of a period, or now."""

from __future__ import annotations

from geju.mediation.v1 import centre_pb2, committee_pb2, mediator_pb2
from geju.mediation.v1.facts_pb2 import BuildingFacts, CentreFacts, CommitteeFacts, MediatorFacts, PremisesFacts

from tests.support import histories
from tests.support.counting import Counting, on

BEGIN = on(2011, 6, 1)


async def test_a_stock_is_what_is_in_force_on_the_last_day(counting: Counting) -> None:
    """mediation.centres: from the first day in force to the last, each included; the running period counts now."""
    await counting.put(
        CentreFacts(from_date=BEGIN, to_date=on(2011, 12, 31), level=centre_pb2.CENTRE_LEVEL_STREET),
        CentreFacts(from_date=on(2012, 3, 20), level=centre_pb2.CENTRE_LEVEL_DISTRICT),
        CentreFacts(from_date=on(2012, 3, 21)),
        CentreFacts(),
    )
    stock = [
        await counting.figure("mediation.centres", p) for p in ("2011-05", "2011-06", "2011", "2012-01", "2012-03")
    ]
    assert [(0, 0), (1, 0), (1, 0), (0, 0), (1, 0)] == stock
    assert (1, 0) == await counting.figure("mediation.centres", "2012", "01", "level", "district")
    assert ["counted", "ended"] == await counting.reasons("mediation.centres", "2012-03")


async def test_windows_are_committees_of_their_own_kind(counting: Counting) -> None:
    """mediation.committees and mediation.windows: by kind and by host."""
    window = committee_pb2.COMMITTEE_KIND_WINDOW
    await counting.put(
        CommitteeFacts(from_date=BEGIN, kind=window, host=committee_pb2.WINDOW_HOST_COURT),
        CommitteeFacts(from_date=BEGIN, kind=committee_pb2.COMMITTEE_KIND_ENTERPRISE),
    )
    assert (2, 0) == await counting.figure("mediation.committees", "2012-03")
    assert (1, 0) == await counting.figure("mediation.committees", "2012-03", "", "kind", "enterprise")
    assert (1, 0) == await counting.figure("mediation.windows", "2012-03", "", "host", "court")
    assert ["counted", "no_window"] == await counting.reasons("mediation.windows", "2012-03")


async def test_a_village_is_covered_by_a_committee_in_force(counting: Counting) -> None:
    """mediation.village_committee_coverage: places of the profile, whichever office the committee is of."""
    await counting.put(
        CommitteeFacts(from_date=BEGIN, places=["011", "012"]),
        CommitteeFacts(from_date=BEGIN, to_date=on(2012, 1, 31), places=["013"]),
        CommitteeFacts(from_date=BEGIN, places=["031"], deleted=True),
    )
    # Three places in each of three offices; places outlive their office.
    assert (3, 9) == await counting.figure("mediation.village_committee_coverage", "2012-01")
    assert (2, 9) == await counting.figure("mediation.village_committee_coverage", "2012-03")
    assert ["counted", "counted", "no_committee"] == await counting.reasons(
        "mediation.village_committee_coverage", "2012-03", "01"
    )


async def test_a_building_is_looked_after_by_a_group_or_an_officer(counting: Counting) -> None:
    """mediation.building_coverage: a group or an officer on the day itself."""
    await counting.put(
        BuildingFacts(from_date=BEGIN, group_from_date=BEGIN, group_to_date=on(2012, 2, 29)),
        BuildingFacts(from_date=BEGIN, officer_from_date=on(2012, 3, 1)),
        BuildingFacts(from_date=BEGIN),
    )
    assert (1, 3) == await counting.figure("mediation.building_coverage", "2012-02")
    assert (1, 3) == await counting.figure("mediation.building_coverage", "2012-03")


async def test_a_street_is_covered_by_a_full_time_mediator_of_its_committee(counting: Counting) -> None:
    """mediation.full_time_coverage: the committee must be the street's, both in force on the same day."""
    full, part = mediator_pb2.MEDIATOR_EMPLOYMENT_FULL_TIME, mediator_pb2.MEDIATOR_EMPLOYMENT_PART_TIME
    street, village = committee_pb2.COMMITTEE_KIND_STREET, committee_pb2.COMMITTEE_KIND_VILLAGE
    committees = [str(histories.record_id("committee", number)) for number in (1, 2, 3)]
    await counting.put(
        CommitteeFacts(from_date=BEGIN, kind=street),
        CommitteeFacts(from_date=BEGIN, kind=village),
        CommitteeFacts(office="03", from_date=BEGIN, kind=street),
    )
    await counting.put(
        MediatorFacts(from_date=on(2012, 3, 2), employment=full, committee=committees[0]),
        MediatorFacts(from_date=BEGIN, employment=full, committee=committees[1]),
        MediatorFacts(office="03", from_date=BEGIN, employment=part, committee=committees[2]),
    )
    assert (0, 2) == await counting.figure("mediation.full_time_coverage", "2012-02")
    assert (1, 2) == await counting.figure("mediation.full_time_coverage", "2012-03")
    assert ["counted", "ended", "no_full_time_mediator"] == await counting.reasons(
        "mediation.full_time_coverage", "2012-03"
    )


async def test_mediators_count_by_employment_and_background(counting: Counting) -> None:
    """mediation.mediators: in office, by employment and background."""
    await counting.put(
        MediatorFacts(
            from_date=BEGIN,
            employment=mediator_pb2.MEDIATOR_EMPLOYMENT_FULL_TIME,
            background=mediator_pb2.MEDIATOR_BACKGROUND_LAWYER,
        )
    )
    assert (1, 0) == await counting.figure("mediation.mediators", "2012-03", "", "employment", "full_time")
    assert (1, 0) == await counting.figure("mediation.mediators", "2012-03", "", "background", "lawyer")


async def test_an_office_is_up_to_standard_once(counting: Counting) -> None:
    """mediation.offices_up_to_standard: offices, not records, while the standard holds."""
    await counting.put(
        PremisesFacts(reached_date=BEGIN),
        PremisesFacts(reached_date=on(2012, 1, 1)),
        PremisesFacts(office="03", reached_date=BEGIN, to_date=on(2012, 2, 1)),
    )
    assert (2, 0) == await counting.figure("mediation.offices_up_to_standard", "2012-01")
    assert (1, 0) == await counting.figure("mediation.offices_up_to_standard", "2012-03")
    assert ["below_standard", "counted", "ended"] == await counting.reasons(
        "mediation.offices_up_to_standard", "2012-03"
    )
