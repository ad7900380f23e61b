"""Officers for a hundred persons, volunteers, meetings, drills."""

from __future__ import annotations

from fractions import Fraction

from geju.correction.v1 import correction_officer_pb2 as pb
from geju.correction.v1.facts_pb2 import (
    CorrectionOfficerFacts,
    CorrectionVolunteerFacts,
    EmergencyDrillFacts,
    MemberUnitMeetingFacts,
    SupervisedPersonFacts,
)

from services.aggregation import catalogue
from services.aggregation.attainment import value_of
from services.aggregation.wording import full_text
from tests.support.counting import Counting, on

BEGIN = on(2011, 6, 1)


async def test_officers_are_held_against_a_hundred_persons(counting: Counting) -> None:
    """correction.officers_ratio: full-time officers and social workers in post over hundreds of persons that day."""
    await counting.put(
        CorrectionOfficerFacts(from_date=BEGIN, kind=pb.OFFICER_KIND_FULL_TIME),
        CorrectionOfficerFacts(office="03", from_date=BEGIN, kind=pb.OFFICER_KIND_SOCIAL_WORKER),
        CorrectionOfficerFacts(from_date=BEGIN, kind=pb.OFFICER_KIND_PART_TIME),
        CorrectionOfficerFacts(from_date=BEGIN, to_date=on(2012, 1, 31), kind=pb.OFFICER_KIND_FULL_TIME),
        *(SupervisedPersonFacts(taken_over_date=BEGIN) for _ in range(3)),
        SupervisedPersonFacts(office="03", taken_over_date=BEGIN, ended_date=on(2012, 2, 1)),
        SupervisedPersonFacts(office="03", taken_over_date=BEGIN),
    )
    assert (300, 5) == await counting.figure("correction.officers_ratio", "2012-01")
    assert (200, 4) == await counting.figure("correction.officers_ratio", "2012-03")
    assert (100, 1) == await counting.figure("correction.officers_ratio", "2012-03", "03")
    assert 2 == (await counting.reasons("correction.officers_ratio", "2012-03")).count("ended")
    assert 1 == (await counting.reasons("correction.officers_ratio", "2012-03")).count("part_time")
    found = await counting.sides("correction.officers_ratio", "2012-03")
    assert {"correctionOfficers n": 2, "correctionOfficers out": 2, "supervisedPersons total": 4} == {
        side: count for side, count in found.items() if side != "supervisedPersons out"
    }


def test_the_ratio_of_officers_reads_as_officers_for_a_hundred_persons() -> None:
    """correction.officers_ratio: 12 officers for 150 persons are 8 for a hundred, no percentage."""
    ratio = catalogue.BY_CODE["correction.officers_ratio"]
    value = value_of(ratio, 1200, 150)
    assert Fraction(8) == value
    assert "8.00 人/百人(12/150)" == full_text(ratio, value, 1200, 150)


async def test_volunteers_count_while_they_serve(counting: Counting) -> None:
    """correction.volunteers: in service on the last day of the period, or now."""
    await counting.put(
        CorrectionVolunteerFacts(from_date=BEGIN),
        CorrectionVolunteerFacts(office="03", from_date=BEGIN, to_date=on(2012, 3, 19)),
        CorrectionVolunteerFacts(from_date=on(2012, 3, 21)),
    )
    assert (2, 0) == await counting.figure("correction.volunteers", "2012-02")
    assert (1, 0) == await counting.figure("correction.volunteers", "2012-03")
    assert ["counted", "ended"] == await counting.reasons("correction.volunteers", "2012-03")


async def test_meetings_and_drills_count_by_the_day_held(counting: Counting) -> None:
    """correction.member_unit_meetings and correction.emergency_drills: as held, those to come left out."""
    await counting.put(
        MemberUnitMeetingFacts(held_date=on(2012, 1, 10), units=5),
        MemberUnitMeetingFacts(held_date=on(2012, 3, 10)),
        MemberUnitMeetingFacts(held_date=on(2012, 3, 21)),
        EmergencyDrillFacts(office="03", held_date=on(2012, 3, 2)),
        EmergencyDrillFacts(held_date=on(2012, 3, 2), deleted=True),
    )
    assert (2, 0) == await counting.figure("correction.member_unit_meetings", "2012")
    assert (1, 0) == await counting.figure("correction.member_unit_meetings", "2012-03")
    assert (1, 0) == await counting.figure("correction.emergency_drills", "2012-03")
    assert (1, 0) == await counting.figure("correction.emergency_drills", "2012-Q1", "03")
