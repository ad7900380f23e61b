"""Released persons on the books of one office or two, and how many of them are helped, placed, paired."""

from __future__ import annotations

from datetime import date

from geju.correction.v1 import released_person_pb2 as pb
from geju.correction.v1.facts_pb2 import HelpingAgreementFacts, LostContactFacts, PlacementFacts, ReleasedPersonFacts

from services.aggregation.measure import advance_date
from tests.support import histories
from tests.support.counting import Counting, on

BEGIN, FIVE_YEARS = on(2011, 6, 1), on(2016, 5, 20)
P = [str(histories.record_id("released_person", number)) for number in range(7)]
LOCAL, ELSEWHERE = pb.HOUSEHOLD_KIND_LOCAL, pb.HOUSEHOLD_KIND_ELSEWHERE


def person(**fields: object) -> ReleasedPersonFacts:
    """Return a person on the books since June 2011, for five years from the release."""
    found = ReleasedPersonFacts(registered_date=BEGIN, five_years_due=FIVE_YEARS)
    found.MergeFrom(ReleasedPersonFacts(**fields))  # type: ignore[arg-type]
    return found


async def test_a_person_is_on_the_books_until_closed_or_five_years_are_over(counting: Counting) -> None:
    """resettlement.registered: the five years end with no event; by household; as of a past day."""
    await counting.put(
        person(household=LOCAL),
        person(household=LOCAL, closed_date=on(2012, 2, 10)),
        ReleasedPersonFacts(registered_date=BEGIN, five_years_due=on(2012, 3, 20), household=ELSEWHERE),
        ReleasedPersonFacts(released_date=on(2012, 3, 1)),
        person(deleted=True),
    )
    assert (3, 0) == await counting.figure("resettlement.registered", "2012-01")
    assert (2, 0) == await counting.figure("resettlement.registered", "2012-03")
    assert (1, 0) == await counting.figure("resettlement.registered", "2012-03", "01", "household", "elsewhere")
    assert (3, 0) == await counting.as_of(date(2012, 2, 10), "resettlement.registered", "2012-02")
    assert ["counted", "counted", "deleted", "ended"] == await counting.reasons("resettlement.registered", "2012-03")
    await advance_date(counting.conn, counting.projection, date(2012, 3, 21))
    assert (1, 0) == await counting.figure("resettlement.registered", "2012-03")


async def test_a_person_of_two_offices_counts_at_both_and_once_in_the_district(counting: Counting) -> None:
    """resettlement.registered and its shares: listed at both ends, one person in the district."""
    await counting.put(
        person(office="01", second_office="03", household=LOCAL, placeable=True),
        person(office="03", household=LOCAL, placeable=True),
    )
    await counting.put(PlacementFacts(person=P[1], from_date=on(2012, 3, 1)))
    for code, expected in (
        ("resettlement.registered", [(2, 0), (1, 0), (2, 0)]),
        ("resettlement.placement_rate", [(1, 2), (1, 1), (1, 2)]),
    ):
        assert expected == [await counting.figure(code, "2012-03", unit) for unit in ("", "01", "03")]
    assert (2, 0) == await counting.figure("resettlement.registered", "2012-03", "03", "household", "local")
    assert (2, 0) == await counting.figure("resettlement.registered", "2012-03", "", "household", "local")
    assert ["counted", "counted"] == await counting.reasons("resettlement.registered", "2012-03")
    assert ["counted", "counted"] == await counting.reasons("resettlement.registered", "2012-03", "03")
    assert ["counted"] == await counting.reasons("resettlement.registered", "2012-03", "01")


async def test_a_person_is_helped_while_an_agreement_is_in_force(counting: Counting) -> None:
    """resettlement.help_rate: of all on the books; an agreement that has run out helps no more."""
    await counting.put(person(), person(), person(office="03"))
    await counting.put(
        HelpingAgreementFacts(person=P[1], from_date=BEGIN, to_date=on(2012, 2, 29)),
        HelpingAgreementFacts(person=P[2], from_date=on(2012, 3, 1)),
        HelpingAgreementFacts(person=P[3], from_date=BEGIN, deleted=True),
    )
    assert (1, 3) == await counting.figure("resettlement.help_rate", "2012-02")
    assert (1, 3) == await counting.figure("resettlement.help_rate", "2012-03")
    assert (0, 1) == await counting.figure("resettlement.help_rate", "2012-03", "03")
    assert ["counted", "no_agreement", "no_agreement"] == await counting.reasons("resettlement.help_rate", "2012-03")


async def test_only_who_can_be_placed_is_asked_for_a_placement(counting: Counting) -> None:
    """resettlement.placement_rate: placed on the day, of those able to be placed."""
    await counting.put(person(placeable=True), person(placeable=True), person())
    await counting.put(
        PlacementFacts(person=P[1], from_date=BEGIN),
        PlacementFacts(person=P[2], from_date=BEGIN, to_date=on(2012, 3, 19)),
        PlacementFacts(person=P[3], from_date=BEGIN),
    )
    assert (2, 2) == await counting.figure("resettlement.placement_rate", "2012-02")
    assert (1, 2) == await counting.figure("resettlement.placement_rate", "2012-03")
    assert (2, 2) == await counting.as_of(date(2012, 3, 19), "resettlement.placement_rate", "2012-03")
    assert ["counted", "not_placeable", "not_placed"] == await counting.reasons(
        "resettlement.placement_rate", "2012-03"
    )


async def test_a_person_is_lost_from_day_to_day(counting: Counting) -> None:
    """resettlement.lost_rate: out of touch on the day itself."""
    await counting.put(person(), person(office="03"))
    await counting.put(
        LostContactFacts(person=P[1], from_date=on(2012, 1, 5), to_date=on(2012, 2, 29)),
        LostContactFacts(office="03", person=P[2], from_date=on(2012, 3, 20)),
    )
    lost = [await counting.figure("resettlement.lost_rate", f"2012-0{month}", "01") for month in (1, 2, 3)]
    assert [(1, 1), (1, 1), (0, 1)] == lost
    assert (1, 2) == await counting.figure("resettlement.lost_rate", "2012-03")
    assert (0, 2) == await counting.as_of(date(2012, 3, 19), "resettlement.lost_rate", "2012-03")
    assert ["counted", "in_touch"] == await counting.reasons("resettlement.lost_rate", "2012-03")


async def test_a_person_living_elsewhere_is_listed_once_the_other_end_confirms(counting: Counting) -> None:
    """resettlement.dual_listing_rate: of those away from their household; at both offices of the district."""
    await counting.put(
        person(second_office="03", separated=True, listed_date=on(2012, 3, 5)),
        person(separated=True),
        person(),
    )
    assert (0, 2) == await counting.figure("resettlement.dual_listing_rate", "2012-02")
    assert (1, 2) == await counting.figure("resettlement.dual_listing_rate", "2012-03")
    assert (1, 1) == await counting.figure("resettlement.dual_listing_rate", "2012-03", "03")
    assert (0, 2) == await counting.as_of(date(2012, 3, 4), "resettlement.dual_listing_rate", "2012-03")
    assert ["counted", "listed_once", "not_separated"] == await counting.reasons(
        "resettlement.dual_listing_rate", "2012-03"
    )


async def test_the_young_are_asked_for_a_helper_until_the_day_due(counting: Counting) -> None:
    """resettlement.youth_pairing_rate: an agreement without helpers pairs nobody; at 25 the question ends."""
    await counting.put(
        person(youth_due=on(2014, 12, 31)),
        person(youth_due=on(2014, 12, 31)),
        person(youth_due=on(2012, 3, 20)),
        person(youth_due=on(2011, 12, 31)),
        person(),
    )
    await counting.put(
        HelpingAgreementFacts(person=P[1], from_date=BEGIN, helpers=1),
        HelpingAgreementFacts(person=P[2], from_date=BEGIN),
    )
    assert (1, 4) == await counting.figure("resettlement.youth_pairing_rate", "2011-12")
    assert (1, 3) == await counting.figure("resettlement.youth_pairing_rate", "2012-03")
    assert ["counted", "not_paired", "not_paired", "not_young", "not_young"] == await counting.reasons(
        "resettlement.youth_pairing_rate", "2012-03"
    )
    await advance_date(counting.conn, counting.projection, date(2012, 3, 21))
    assert (1, 2) == await counting.figure("resettlement.youth_pairing_rate", "2012-03")


async def test_the_three_none_are_asked_for_a_placement_whatever_they_can_do(counting: Counting) -> None:
    """resettlement.three_none_placement_rate: no home, no income, no family; placed on the day."""
    await counting.put(person(three_none=True), person(three_none=True, placeable=True), person(placeable=True))
    await counting.put(PlacementFacts(person=P[1], from_date=BEGIN), PlacementFacts(person=P[3], from_date=BEGIN))
    assert (1, 2) == await counting.figure("resettlement.three_none_placement_rate", "2012-03")
    assert ["counted", "not_placed", "not_three_none"] == await counting.reasons(
        "resettlement.three_none_placement_rate", "2012-03"
    )
