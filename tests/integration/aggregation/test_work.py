"""Who is on a work list, and until when: those who fail the figure and can still do something about it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from geju.correction.v1 import duty_pb2
from geju.correction.v1.facts_pb2 import DutyFacts, ReleasedPersonFacts, ReleasedVisitFacts
from geju.legalservices.v1 import practitioner_pb2
from geju.legalservices.v1.facts_pb2 import ComplaintFacts, PractitionerFacts
from geju.mediation.v1.facts_pb2 import DisputeFacts, ScreeningFacts
from geju.publicity.v1 import study_session_pb2
from geju.publicity.v1.facts_pb2 import StudySessionFacts
from google.type.date_pb2 import Date

from services.aggregation import catalogue
from services.aggregation.indicator import Form, Indicator
from services.aggregation.kinds import KINDS
from services.aggregation.members import Question, members
from services.aggregation.work import Entry, Page, Whose, counts, entries, steps
from services.aggregation.work_lists import by_office, whole
from services.chassis.domain.dates import from_date
from tests.support import histories
from tests.support.counting import TODAY, Counting, on

VISITS, TO_VISIT = "mediation.return_visit_rate", "resettlement.visit_fresh_rate"
SCREENING, REPORTS = "mediation.screening_rate", "correction.reporting_rate"
STREET = study_session_pb2.STUDY_ORGANISATION_STREET


def days(number: int) -> Date:
    """Return the day so many days from today."""
    return from_date(TODAY + timedelta(days=number))


async def listed(counting: Counting, code: str, offices: set[str] | None = None, **page: Any) -> list[Entry]:
    """Return the entries of a list."""
    whose = Whose(counting.today, offices)
    return await entries(counting.conn, counting.projection, catalogue.WORK[code], whose, Page(**page))


async def dues(counting: Counting, code: str) -> list[int | None]:
    """Return in how many days the entries of a list are due."""
    return [None if e.due is None else (e.due - TODAY).days for e in await listed(counting, code)]


def closed(**more: Any) -> DisputeFacts:
    """Return the facts of a dispute that was closed in the winter."""
    return DisputeFacts(accepted_date=on(2012, 1, 4), closed_date=on(2012, 1, 20), **more)


async def test_a_return_visit_is_on_the_list_until_it_is_made(counting: Counting) -> None:
    """Overdue or due within a month, each of the two for itself; what is made, early or late, is off."""
    await counting.put(
        closed(visit1_due=days(-5), visit2_due=days(20)),
        closed(visit1_due=days(-5), visit1_date=days(-1), visit2_due=days(40)),
        closed(visit1_due=days(2), visit1_date=days(0)),
        closed(visit1_due=days(-400)),
    )
    assert [-5, 20] == await dues(counting, VISITS)
    assert ["visit1_to_make", "visit2_to_make"] == [entry.reason for entry in await listed(counting, VISITS)]


async def test_entries_are_counted_by_how_near_their_day_is(counting: Counting) -> None:
    """Today is soon, yesterday is late, and so is a year ago; four days from now is neither."""
    await counting.put(*(closed(visit1_due=days(n)) for n in (-366, -1, 0, 3, 4)))
    found = await counts(counting.conn, counting.projection, catalogue.WORK[VISITS], Whose(TODAY))
    assert (5, 2, 2) == whole(found) == by_office(found)["01"]


async def test_a_page_goes_on_where_the_one_before_ended(counting: Counting) -> None:
    """By last day, then office and record; nothing twice and nothing left out."""
    await counting.put(*(closed(visit1_due=days(n // 3)) for n in range(8)))
    every, found = await listed(counting, VISITS), list[Entry]()
    while page := await listed(counting, VISITS, after=found[-1].position if found else None, limit=3):
        found += page
    assert every == found == sorted(found, key=lambda entry: entry.position)
    assert 8 == len({entry.id for entry in found})


async def test_every_office_reports_its_round_until_it_has(counting: Counting) -> None:
    """From the first day of the month, by the fifth of the next; an earlier month that was never reported is late."""
    months = (date(2012, 1, 1), date(2012, 2, 1))
    rounds = [
        ScreeningFacts(office=office, month_date=from_date(month), reported_date=from_date(month + timedelta(days=32)))
        for office, month in (("01", months[0]), ("01", months[1]), ("03", months[0]))
    ]
    await counting.put(*rounds)
    recent = [e for e in await listed(counting, SCREENING) if e.due and e.due > date(2012, 2, 1)]
    assert [("03:2012-02", date(2012, 3, 5)), ("01:2012-03", date(2012, 4, 5)), ("03:2012-03", date(2012, 4, 5))] == [
        (entry.id, entry.due) for entry in recent
    ]


async def test_a_duty_is_on_the_list_from_its_month_until_it_is_done(counting: Counting) -> None:
    """Others' kinds, what is excused and the next months' are not."""
    report, hours = duty_pb2.DUTY_KIND_REPORT, duty_pb2.DUTY_KIND_EDUCATION
    march, april = on(2012, 3, 1), on(2012, 4, 1)
    await counting.put(
        DutyFacts(kind=report, month_date=march, met_due=days(11)),
        DutyFacts(kind=report, month_date=march, met_due=days(11), met_date=days(-1)),
        DutyFacts(kind=report, month_date=march, met_due=days(11), excuse=duty_pb2.DUTY_EXCUSE_ILLNESS),
        DutyFacts(kind=report, month_date=april, met_due=days(30)),
        DutyFacts(kind=hours, month_date=march, met_due=days(11)),
        source="geju/correction",
    )
    assert [11] == await dues(counting, REPORTS)


async def test_a_released_person_is_visited_by_the_day_that_the_last_visit_set(counting: Counting) -> None:
    """Before the first by the day that the file set; a class that calls for no visit puts nobody on the list."""
    visits: tuple[tuple[int, int | None] | None, ...] = (None, (-60, 10), (-30, 45), (-90, None))
    for visited in visits:
        person = ReleasedPersonFacts(registered_date=days(-100), five_years_due=days(900), first_visit_due=days(-3))
        await counting.put(person, source="geju/correction")
        if visited is not None:
            visit = ReleasedVisitFacts(
                person=str(histories.record_id("released_person", counting._records)),
                visit_date=days(visited[0]),
                next_visit_due=None if visited[1] is None else days(visited[1]),
            )
            await counting.put(visit, source="geju/correction")
    assert [-3, 10] == await dues(counting, TO_VISIT)


async def test_who_has_left_can_do_nothing_any_more(counting: Counting) -> None:
    """A practitioner whose licence ended counts against the year's quota and is on no list."""
    lawyer, duty = practitioner_pb2.PRACTITIONER_KIND_LAWYER, "legalaid.practitioner_duty_rate"
    licensed = {"kind": lawyer, "licensed_from_date": on(2009, 1, 1)}
    await counting.put(
        PractitionerFacts(**licensed),
        PractitionerFacts(**licensed, licensed_to_date=days(-10)),
        source="geju/legalservices",
    )
    assert (0, 2) == await counting.figure(duty, "2012")
    assert ["no_case_yet"] == [entry.reason for entry in await listed(counting, duty)]


async def test_a_sealed_record_is_on_no_list(counting: Counting) -> None:
    """Whoever asks, whatever it waits for."""
    await counting.put(
        ComplaintFacts(received_date=days(-3), accept_due=days(2)),
        ComplaintFacts(received_date=days(-3), accept_due=days(2), sealed=True),
        source="geju/legalservices",
    )
    assert [2] == await dues(counting, "legalservices.complaint_accept_on_time_rate")


async def test_an_entry_of_two_offices_is_on_the_list_of_both(counting: Counting) -> None:
    """It is one entry of the district, and one of each office."""
    person = ReleasedPersonFacts(
        office="01", second_office="03", registered_date=days(-100), five_years_due=days(900), separated=True
    )
    await counting.put(person, source="geju/correction")
    code = "resettlement.dual_listing_rate"
    for offices, expected in ((None, 1), ({"01"}, 1), ({"03"}, 1), ({"02"}, 0)):
        assert expected == len(await listed(counting, code, offices))
    found = await counts(counting.conn, counting.projection, catalogue.WORK[code], Whose(TODAY))
    assert (1, {"01": (1, 0, 0), "03": (1, 0, 0)}) == (whole(found)[0], by_office(found))


async def test_lists_hold_of_any_facts_what_figures_count(counting: Counting) -> None:
    """Whoever fails a share is on its list, sealed records left out; every list's entries add up, each with a label."""
    for kind in KINDS:
        await counting.put(*(histories.facts(kind.name, n) for n in range(8)))
    for code, indicator in catalogue.WORK.items():
        found = await listed(counting, code)
        counted = await counts(counting.conn, counting.projection, indicator, Whose(TODAY))
        assert (code, len(found)) == (code, whole(counted)[0])
        assert {entry.reason for entry in found} <= catalogue.work_reasons(indicator).keys()
        if indicator.form is Form.SHARE and indicator.work and not indicator.work.tasks:
            told = {(entry.id, entry.reason, entry.detail) for entry in found}
            assert (code, told) == (code, await failing(counting, indicator))


async def failing(counting: Counting, indicator: Indicator) -> set[tuple[str, str, str]]:
    """Return who is in a figure and fails it, without sealed records."""
    closed_to_all = Question(indicator.code, "", "2012", sides=frozenset({"total"}), rights=frozenset())
    found = await members(counting.conn, counting.projection, closed_to_all, TODAY)
    return {(member.id, member.reason, member.detail) for member in found if not member.hidden}


async def test_steps_add_up_by_office(counting: Counting) -> None:
    """Nobody counts for more than is owed: who studied five times has not studied for others."""
    studied = [StudySessionFacts(office="01", organisation=STREET, held_date=on(2012, 1, n + 1)) for n in range(5)]
    await counting.put(*studied, StudySessionFacts(office="03", organisation=STREET, held_date=on(2012, 1, 9)))
    indicator = catalogue.WORK["publicity.cadre_study_rate"]
    found = await steps(counting.conn, counting.projection, indicator, Whose(TODAY))
    # A street and three villages or communities each.
    assert {"01": (4, 16), "03": (1, 16)} == {office: found[office] for office in ("01", "03")}
    assert {"03"} == {*await steps(counting.conn, counting.projection, indicator, Whose(TODAY, {"03"}))}
