"""Screening rounds, warnings, reception days, schemes and premises over the store."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest
from geju.common.v1 import import_pb2
from geju.mediation.v1 import (
    dispute_pb2,
    facts_pb2,
    premises_pb2,
    reception_day_pb2,
    screening_pb2,
    screening_service_pb2,
    warning_pb2,
)
from prometheus_client import CollectorRegistry, Gauge

from services.chassis.domain.errors import (
    DateOrder,
    ImpossibleTransition,
    RuleError,
    SpanTaken,
    UnknownOffice,
    UnknownReference,
)
from services.chassis.limit_service import limit_counts
from services.mediation.domain.register_errors import RoundExists
from services.mediation.warning_gauge import measure
from tests.integration.mediation.registers.conftest import NORTH, SOUTH, Bench, agreed
from tests.unit.mediation.district import changed, on, ref

ROUND = screening_pb2.Screening(
    office="north", key="P-5", month_date=on(2012, 5, 1), reported_date=on(2012, 5, 31), disputes_found=3
)


async def test_a_round_is_linked_to_disputes_that_are_there(bench: Bench) -> None:
    """A round's facts count what was found and say when it was due; links lead somewhere."""
    (dispute,) = await bench.disputes(agreed(""))
    made = await bench.call("ScreeningService/CreateScreening", screening=changed(ROUND, disputes=[dispute.name]))
    facts = (await bench.facts("screening", facts_pb2.ScreeningFacts))[0]
    assert (facts.disputes_found, facts.report_due, facts.occurred) == (3, on(2012, 6, 5), on(2012, 5, 31))
    assert made.screening.disputes == [dispute.name]
    with pytest.raises(UnknownReference):
        await bench.call(
            "ScreeningService/UpdateScreening",
            screening={"name": made.screening.name, "disputes": [dispute.name, ref("disputes")]},
        )


async def test_an_office_has_one_monthly_round(bench: Bench) -> None:
    """Of two rounds of a month sent at once one is kept; key periods and other offices are free."""
    other = changed(ROUND, key="P-6")
    answers = await asyncio.gather(
        *(bench.call("ScreeningService/CreateScreening", screening=record) for record in (ROUND, other)),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers if isinstance(answer, Exception)] == [RoundExists]
    await bench.call("ScreeningService/CreateScreening", screening=changed(ROUND, key="P-7", key_period=True))
    await bench.call("ScreeningService/CreateScreening", screening=changed(ROUND, office="south"))
    assert await bench.count("screening") == 3


async def test_a_sheet_cannot_hold_a_month_twice(bench: Bench) -> None:
    """The second row of a month is rejected with its reason, the first is kept."""
    sheet = [
        screening_service_pb2.ScreeningImportRow(row=2, screening=ROUND),
        screening_service_pb2.ScreeningImportRow(row=3, screening=changed(ROUND, key="P-6")),
        screening_service_pb2.ScreeningImportRow(row=4, screening=changed(ROUND, key="P-4", month_date=on(2012, 4, 1))),
    ]
    verdicts = (await bench.call("ScreeningService/ImportScreenings", NORTH, rows=sheet)).verdicts
    created, rejected = import_pb2.ROW_OUTCOME_CREATED, import_pb2.ROW_OUTCOME_REJECTED
    assert [verdict.outcome for verdict in verdicts] == [created, rejected, created]
    assert verdicts[1].errors[0].reason == "ROUND_EXISTS"


async def test_a_round_may_be_changed_and_made_again_after_deletion(bench: Bench) -> None:
    """A round does not stand in its own way, nor in that of its successor once deleted."""
    made = (await bench.call("ScreeningService/CreateScreening", screening=ROUND)).screening
    more = {"name": made.name, "disputes_found": 4}
    changed_round = await bench.call("ScreeningService/UpdateScreening", screening=more)
    assert changed_round.screening.disputes_found == 4
    await bench.call("ScreeningService/DeleteScreening", name=made.name, reason="登记错误")
    await bench.call("ScreeningService/CreateScreening", screening=ROUND)
    assert await bench.count("screening") == 1


WARNING = warning_pb2.Warning(
    office="north",
    level=warning_pb2.WARNING_LEVEL_ORANGE,
    type=dispute_pb2.DISPUTE_TYPE_UNPAID_WAGES,
    raised_date=on(2012, 5, 10),
    raised_by="张某某",
)


async def test_a_warning_is_answered_and_settled(bench: Bench) -> None:
    """Answering and settling leave their days in the facts and the words in the record."""
    name = (await bench.call("WarningService/CreateWarning", NORTH, warning=WARNING)).warning.name
    await bench.call("WarningService/ReportWarningFeedback", NORTH, name=name, feedback="已告知")
    settled = await bench.call(
        "WarningService/SettleWarning", NORTH, name=name, settled_date=on(2012, 5, 20), settlement="已付清"
    )
    facts = (await bench.facts("warning", facts_pb2.WarningFacts))[0]
    assert (facts.state, facts.feedback_date, facts.settled_date) == (
        warning_pb2.Warning.STATE_SETTLED,
        on(2012, 6, 1),
        on(2012, 5, 20),
    )
    assert (settled.warning.feedback, settled.warning.settlement) == ("已告知", "已付清")


@pytest.mark.parametrize(
    ("method", "fields", "error"),
    [
        ("SettleWarning", {"settled_date": on(2012, 5, 9)}, DateOrder),
        ("CloseWarning", {"closed_date": on(2012, 5, 9)}, DateOrder),
        ("ReportWarningFeedback", {"feedback_date": on(2012, 5, 9)}, DateOrder),
    ],
)
async def test_nothing_happens_to_a_warning_before_it(
    bench: Bench, method: str, fields: Any, error: type[RuleError]
) -> None:
    """A step dated before the warning is refused."""
    name = (await bench.call("WarningService/CreateWarning", warning=WARNING)).warning.name
    with pytest.raises(error):
        await bench.call(f"WarningService/{method}", name=name, **fields)


async def test_a_closed_warning_is_corrected_not_updated(bench: Bench) -> None:
    """After closing, Update is refused and Correct with a reason is not; taking back the day opens it again."""
    name = (await bench.call("WarningService/CreateWarning", warning=WARNING)).warning.name
    await bench.call("WarningService/CloseWarning", name=name)
    with pytest.raises(ImpossibleTransition):
        await bench.call("WarningService/UpdateWarning", warning={"name": name, "people": 3})
    corrected = await bench.call(
        "WarningService/CorrectWarning",
        warning={"name": name},
        update_mask={"paths": ["closed_date"]},
        reason="误关闭",
    )
    assert corrected.warning.state == warning_pb2.Warning.STATE_OPEN


async def test_what_offices_owe_is_listed(bench: Bench) -> None:
    """Rounds that nobody reported and warnings near their day are listed by office, and counted for metrics."""
    for month in range(1, 6):  # of this year; the south has reported none
        round_ = changed(ROUND, key=f"P-{month}", month_date=on(2012, month, 1), disputes_found=0)
        await bench.call("ScreeningService/CreateScreening", screening=round_)
    raised = changed(WARNING, raised_date=on(2012, 5, 8))
    made = (await bench.call("WarningService/CreateWarning", warning=raised)).warning
    await bench.call("WarningService/CreateWarning", warning=WARNING)
    settled = (await bench.call("WarningService/CreateWarning", warning=raised)).warning
    await bench.call("WarningService/SettleWarning", name=settled.name)
    listed = (await bench.call("LimitService/ListLimits", due_within_days=7, page_size=1000)).limits
    owed = [(item.office, item.key) for item in listed if not item.record]
    assert [("north", f"2011-{month:02}") for month in range(6, 13)] == [key for key in owed if key[0] == "north"]
    assert (12, ("south", "2012-05")) == (len([key for key in owed if key[0] == "south"]), owed[-1])
    assert [made.name] == [item.record for item in listed if item.record]
    own = (await bench.call("LimitService/ListLimits", SOUTH, due_within_days=7)).limits
    assert {"south"} == {item.office for item in own}
    counts = {count[:4]: count.records for count in await limit_counts(bench.store)}
    assert 11 == counts["screening", "south", "mediation.screening", "overdue"]
    assert 1 == counts["screening", "south", "mediation.screening", "due_soon"]
    assert 1 == counts["warning", "north", "mediation.warning", "due_soon"]


async def test_what_is_owed_comes_in_pages(bench: Bench) -> None:
    """Pages hold every month that is owed once, though none has a record."""
    seen, token = [], ""
    while True:
        page = await bench.call("LimitService/ListLimits", due_within_days=7, page_size=5, page_token=token)
        seen += [(item.office, item.key) for item in page.limits]
        token = page.next_page_token
        if not token:
            break
    assert (24, 24) == (len(seen), len(set(seen)))


def wave(office: str, counts: dict[int, int], kind: int = dispute_pb2.DISPUTE_TYPE_UNPAID_WAGES) -> list[Any]:
    """Return disputes taken in late in May, so many in each year."""
    return [
        agreed("", date(year, 5, 29), office=office, type=kind) for year, count in counts.items() for _ in range(count)
    ]


async def test_a_wave_is_proposed_as_a_warning(bench: Bench) -> None:
    """A rise over the same weeks of earlier years is proposed with its numbers; growth and other types are not."""
    await bench.disputes(*wave("north", {2008: 2, 2009: 3, 2010: 4, 2011: 3, 2012: 20}))
    await bench.disputes(*wave("north", {2008: 20, 2009: 22, 2010: 21, 2011: 24, 2012: 25}, 1))
    await bench.disputes(agreed("", date(2008, 1, 20)))  # the records reach back beyond the first window
    await bench.disputes(*wave("south", {2011: 2, 2012: 20}))
    found = (await bench.call("WarningService/ProposeWarnings")).proposals
    assert [(p.office, p.type, p.observed, p.expected_milli) for p in found] == [
        ("north", dispute_pb2.DISPUTE_TYPE_UNPAID_WAGES, 20, 3000)
    ]
    assert (found[0].level, found[0].from_date, found[0].to_date) == (
        warning_pb2.WARNING_LEVEL_RED,
        on(2012, 5, 5),
        on(2012, 6, 1),
    )
    assert found[0].probability_ppm <= 10
    assert await bench.count("warning") == 0


async def test_proposals_are_a_metric(bench: Bench) -> None:
    """Offices show how many warnings are proposed for them today by level; what has passed counts no more."""
    gauge = Gauge("geju_warning_proposals", "test", ("office", "level"), registry=CollectorRegistry())
    await bench.disputes(*wave("north", {2008: 2, 2009: 3, 2010: 4, 2011: 3, 2012: 20}))
    shown = {}
    for day in (datetime(2012, 6, 1, tzinfo=UTC), datetime(2012, 8, 1, tzinfo=UTC)):
        bench.clock.set(day)
        await measure(gauge, bench.store)
        shown[day.month] = [sample for m in gauge.collect() for sample in m.samples if sample.value]
        assert 8 == sum(len(m.samples) for m in gauge.collect())
    assert [{"office": "north", "level": "red"}] == [sample.labels for sample in shown[6]]
    assert [] == shown[8]


async def test_proposals_stay_within_office_and_day(bench: Bench) -> None:
    """Another office sees no wave that is not its own; a day before the wave had none."""
    await bench.disputes(*wave("north", {2008: 2, 2009: 3, 2010: 4, 2011: 3, 2012: 20}))
    elsewhere = await bench.call("WarningService/ProposeWarnings", SOUTH)
    asked_for = await bench.call("WarningService/ProposeWarnings", office="south")
    before = await bench.call("WarningService/ProposeWarnings", as_of_date=on(2012, 5, 10))
    own = await bench.call("WarningService/ProposeWarnings", NORTH)
    assert [len(answer.proposals) for answer in (elsewhere, asked_for, before, own)] == [0, 0, 0, 1]
    with pytest.raises(UnknownOffice):
        await bench.call("WarningService/ProposeWarnings", office="west")


async def test_a_reception_day_counts_lawyers_and_disputes(bench: Bench) -> None:
    """The facts say how many lawyers came, not who."""
    (dispute,) = await bench.disputes(agreed(""))
    record = reception_day_pb2.ReceptionDay(
        office="north",
        kind=reception_day_pb2.RECEPTION_KIND_DISPUTE,
        held_date=on(2012, 5, 8),
        lawyers=[ref("practitioners")],
        visitors=5,
        disputes_taken_in=2,
        disputes=[dispute.name],
    )
    await bench.call("ReceptionDayService/CreateReceptionDay", reception_day=record)
    facts = (await bench.facts("reception_day", facts_pb2.ReceptionDayFacts))[0]
    assert (facts.lawyers_present, facts.visitors, facts.disputes_taken_in) == (1, 5, 2)
    with pytest.raises(UnknownReference):
        await bench.call(
            "ReceptionDayService/CreateReceptionDay", reception_day=changed(record, disputes=[ref("disputes")])
        )


async def test_an_office_has_one_scheme_and_one_standard_at_a_time(bench: Bench) -> None:
    """A second scheme or standard for the same days is refused until the first has ended."""
    first = await bench.scheme()
    with pytest.raises(SpanTaken):
        await bench.scheme(from_date=on(2012, 3, 1))
    ended = {"name": first.name, "to_date": on(2012, 2, 29)}
    await bench.call("RateSchemeService/UpdateRateScheme", rate_scheme=ended)
    await bench.scheme(from_date=on(2012, 3, 1))
    reached = premises_pb2.Premises(office="north", reached_date=on(2011, 1, 1), area=300)
    await bench.call("PremisesService/CreatePremises", premises=reached)
    with pytest.raises(SpanTaken):
        await bench.call("PremisesService/CreatePremises", premises=changed(reached, reached_date=on(2012, 1, 1)))
    await bench.call("PremisesService/CreatePremises", premises=changed(reached, office="south"))
    assert (await bench.count("rate_scheme"), await bench.count("premises")) == (2, 2)
