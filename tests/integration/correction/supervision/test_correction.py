"""Persons through correction in a real store: their duties, transfers, leave, measures and ends."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from xml.sax.saxutils import escape

import pytest
from geju.common.v1 import import_pb2
from geju.correction.v1 import (
    absconding_pb2,
    duty_pb2,
    facts_pb2,
    leave_pb2,
    measure_pb2,
    new_offence_pb2,
    positioning_pb2,
)
from geju.correction.v1 import supervised_person_pb2 as pb

from services.chassis import context
from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import DateOrder
from services.chassis.work import Work
from services.correction.domain.supervision import lifecycle
from services.correction.supervision import reaction
from services.correction.supervision.kinds import ABSCONDING, POSITIONING
from tests.integration.correction.supervision.conftest import CLERK, ELSEWHERE, HEAD, PERSONS, Bench, caller
from tests.integration.servicers import DEPARTMENT
from tests.support.correction import OFFICE, OTHER_OFFICE, RECORDS, on, supervised

REPORT, EDUCATION = duty_pb2.DUTY_KIND_REPORT, duty_pb2.DUTY_KIND_EDUCATION
STRICT = pb.SUPERVISION_LEVEL_STRICT
OWED = duty_pb2.DUTY_EXCUSE_UNSPECIFIED
SEALED = context.Caller("head-sealed", frozenset({"office_head", "sealed_files"}), frozenset({OFFICE}))
SERVICE = context.Caller("geju/correction", frozenset({"service", "sealed_files"}), frozenset({"*"}))


async def follow(bench: Bench, name: str) -> None:
    """Let the records about a person follow the person's, as the service does after the fact."""
    context.enter(context.Call(SERVICE, "/geju.correction.reactions/correction.supervised_person.corrected"))
    async with Work(bench.store, context.current()) as work:
        await reaction.follow_person(work, name)
        await work.commit()


async def test_taking_over_plans_the_whole_term(bench: Bench) -> None:
    """Every duty of the term is there from the day of taking over, and none before."""
    name = (await bench.person(CLERK)).name
    assert [] == await bench.duties(name)
    taken = await bench.step("TakeOverPerson", name, CLERK, taken_over_date=on("2012-03-05"))
    assert lifecycle.TAKEN_OVER == taken.state
    education = await bench.duties(name, kind=EDUCATION)
    assert (23, on("2012-04-01"), on("2014-02-28")) == (len(education), education[0].month_date, education[-1].met_due)
    assert on("2012-03-19") == (await bench.duties(name, kind=REPORT))[0].met_due


async def test_a_step_repeated_under_its_id_plans_once(bench: Bench) -> None:
    """The same request has one effect; a trial run has none."""
    name = (await bench.person(CLERK)).name
    given: dict[str, Any] = {"name": name, "taken_over_date": on("2012-03-05")}
    await bench.call(PERSONS + "TakeOverPerson", CLERK, **given, validate_only=True)
    assert 0 == await bench.count("duty")
    given["request_id"] = "0198c0de-0000-7000-8000-000000000009"
    first = await bench.call(PERSONS + "TakeOverPerson", CLERK, **given)
    planned = await bench.count("duty")
    assert first == await bench.call(PERSONS + "TakeOverPerson", CLERK, **given)
    assert planned == await bench.count("duty")


async def test_another_level_plans_what_is_to_come_anew(bench: Bench) -> None:
    """Duties due before the day stay; from then on reports are weekly."""
    person = await bench.under_correction()
    before = len(await bench.duties(person.name, kind=REPORT))
    await bench.step("ChangeLevel", person.name, level=STRICT, level_date=on("2012-06-01"))
    reports = await bench.duties(person.name, kind=REPORT)
    due = [one.met_due for one in reports if (one.met_due.year, one.met_due.month) == (2012, 6)]
    assert [on("2012-06-04"), on("2012-06-11"), on("2012-06-18"), on("2012-06-25")] == due
    assert len(reports) > before
    assert {OWED} == {one.excuse for one in reports}


async def test_reports_owed_at_an_earlier_level_stay_owed(bench: Bench) -> None:
    """Neither a correction nor a leave of days gone by excuses what was missed before the level changed."""
    person = await bench.under_correction()
    missed = await bench.duties(person.name, kind=REPORT, excuse=OWED)
    await bench.step("ChangeLevel", person.name, level=STRICT, level_date=on("2012-06-01"))
    given = pb.SupervisedPerson(name=person.name, unable_to_work=True)
    fields = {"update_mask": {"paths": ["unable_to_work"]}, "reason": "登记有误"}
    await bench.call(PERSONS + "CorrectSupervisedPerson", HEAD, supervised_person=given, **fields)
    span = {"asked_date": on("2012-03-06"), "from_date": on("2012-03-07"), "to_date": on("2012-03-08")}
    leave = leave_pb2.Leave(office=OFFICE, person=person.name, kind=1, destination="测试地", ground="探亲", **span)
    await bench.call("LeaveService/ApproveLeave", HEAD, name=(await bench.make(leave)).name)
    owed = await bench.duties(person.name, kind=REPORT, excuse=OWED)
    due = [[one.met_due for one in some if one.met_due.month < 6 and one.met_due.year == 2012]
           for some in (missed, owed)]  # fmt: skip
    assert due[0] == due[1] != []


async def test_what_somebody_added_is_left_alone_by_what_does_not_touch_it(bench: Bench) -> None:
    """A leave moves reports, the ability to work concerns work: a visit and a report of past days stay owed."""
    person = await bench.under_correction()
    for kind, day in ((duty_pb2.DUTY_KIND_HOME_VISIT, "2012-05-31"), (REPORT, "2012-03-09")):
        await bench.make(duty_pb2.Duty(office=OFFICE, person=person.name, kind=kind, due_date=on(day)))
    given = pb.SupervisedPerson(name=person.name, unable_to_work=True)
    fields = {"update_mask": {"paths": ["unable_to_work"]}, "reason": "登记有误"}
    await bench.call(PERSONS + "CorrectSupervisedPerson", HEAD, supervised_person=given, **fields)
    leave = await bench.make(RECORDS["leave"](person.name))
    await bench.call("LeaveService/ApproveLeave", HEAD, name=leave.name)
    off = [one for one in await bench.duties(person.name) if one.excuse != OWED]
    assert {duty_pb2.DUTY_KIND_COMMUNITY_WORK} == {one.kind for one in off}


async def test_an_import_plans_once_for_each_person(bench: Bench) -> None:
    """A line with more changes the plan, the same line again changes nothing, two lines of one person plan once."""
    person = await bench.under_correction()
    planned = await bench.count("duty")
    row = {"row": 2, "supervised_person": supervised(key="J-1", taken_over_date=on("2012-03-05"))}
    answer = await bench.call(PERSONS + "ImportSupervisedPersons", rows=[row])
    assert [import_pb2.ROW_OUTCOME_UNCHANGED] == [verdict.outcome for verdict in answer.verdicts]
    shorter = supervised(key="J-1", term_to_date=on("2013-02-28"))
    later = supervised(key="J-1", term_to_date=on("2013-01-31"))
    await bench.call(PERSONS + "ImportSupervisedPersons", rows=[{"supervised_person": one} for one in (shorter, later)])
    assert planned == await bench.count("duty")
    owed = [one.met_due for one in await bench.duties(person.name, kind=EDUCATION, excuse=OWED)]
    assert on("2013-01-31") == owed[-1]


async def test_a_correction_of_the_day_of_taking_over_corrects_the_duties(bench: Bench) -> None:
    """What was never owed is off, what was owed all along is there."""
    person = await bench.under_correction()
    given = pb.SupervisedPerson(name=person.name, taken_over_date=on("2012-04-02"))
    fields = {"update_mask": {"paths": ["taken_over_date"]}, "reason": "登记有误"}
    await bench.call(PERSONS + "CorrectSupervisedPerson", HEAD, supervised_person=given, **fields)
    owed = await bench.duties(person.name, excuse=OWED)
    assert on("2012-04-16") == owed[0].met_due
    assert [on("2012-05-01")] == [one.month_date for one in owed if one.kind == EDUCATION][:1]


async def test_an_end_takes_away_what_is_not_due_and_closes_what_is_open(bench: Bench) -> None:
    """After the last day nothing is owed, nobody is missing and nobody is located."""
    person = await bench.under_correction()
    await bench.make(absconding_pb2.Absconding(office=OFFICE, person=person.name, from_date=on("2012-05-20")))
    span = {"approved_date": on("2012-05-01"), "from_date": on("2012-05-01"), "to_date": on("2012-07-01")}
    await bench.make(positioning_pb2.Positioning(office=OFFICE, person=person.name, ground="测试", **span))
    ended = await bench.step(
        "EndCorrection", person.name, ended_date=on("2012-05-31"), end_ground=pb.END_GROUND_REVOKED
    )
    assert (lifecycle.TERMINATED, on("2012-05-31")) == (ended.state, ended.ended_date)
    later = [one for one in await bench.duties(person.name) if to_date(one.met_due) > to_date(ended.ended_date)]  # type: ignore[operator]
    assert {duty_pb2.DUTY_EXCUSE_ENDED} == {one.excuse for one in later}
    [episode] = await bench.facts("absconding", facts_pb2.AbscondingFacts)
    [period] = await bench.facts("positioning", facts_pb2.PositioningFacts)
    assert [on("2012-05-31")] * 2 == [episode.to_date, period.positioning_due]


@pytest.mark.parametrize("verb", ["Correct", "Import"])
async def test_an_end_told_afterwards_closes_what_is_open_too(bench: Bench, verb: str) -> None:
    """However the end is recorded, nobody is missing after it; an episode that began later is not overlooked."""
    person = await bench.under_correction()
    await bench.make(absconding_pb2.Absconding(office=OFFICE, person=person.name, from_date=on("2012-05-20")))

    async def end(day: str) -> Any:
        given = pb.SupervisedPerson(name=person.name, ended_date=on(day), end_ground=pb.END_GROUND_REVOKED)
        if verb == "Correct":
            fields = {"update_mask": {"paths": ["ended_date", "end_ground"]}, "reason": "登记有误"}
            return await bench.call(PERSONS + "CorrectSupervisedPerson", HEAD, supervised_person=given, **fields)
        row = supervised(key="J-1", ended_date=on(day), end_ground=pb.END_GROUND_REVOKED)
        [verdict] = (await bench.call(PERSONS + "ImportSupervisedPersons", rows=[{"supervised_person": row}])).verdicts
        if verdict.errors:
            raise DateOrder(verdict.errors[0].field)
        return verdict

    with pytest.raises(DateOrder, match=r"解除|日期"):
        await end("2012-05-15")
    await end("2012-05-31")
    [episode] = await bench.facts("absconding", facts_pb2.AbscondingFacts)
    assert on("2012-05-31") == episode.to_date


@pytest.mark.parametrize(
    ("ground", "change"), [(pb.END_GROUND_PARDONED, "ended"), (pb.END_GROUND_MOVED_AWAY, "terminated")]
)
async def test_only_who_goes_free_is_published_as_ended(bench: Bench, ground: Any, change: str) -> None:
    """The change of the fact says whether a released person's file is to be opened."""
    person = await bench.under_correction()
    await bench.step("EndCorrection", person.name, end_ground=ground)
    [row] = await bench.rows(
        "SELECT change FROM outbox WHERE kind = 'supervised_person' ORDER BY revision DESC LIMIT 1"
    )
    assert change == row["change"]


async def test_the_asked_office_takes_the_person_with_what_is_to_come(bench: Bench) -> None:
    """Record, duties not due yet and open matters change office; what was due stays with the old one."""
    person = await bench.under_correction(place="wuma-c01")
    missing = absconding_pb2.Absconding(office=OFFICE, person=person.name, from_date=on("2012-05-20"))
    episode = await bench.make(missing)
    await bench.step("AskTransfer", person.name, to_office=OTHER_OFFICE, asked_date=on("2012-05-25"))
    moved = await bench.step("AcceptTransfer", person.name, ELSEWHERE, accepted_date=on("2012-05-28"))
    assert (OTHER_OFFICE, "J-1", on("2012-05-28")) == (moved.office, moved.key, moved.transferred_date)
    duties = await bench.duties(person.name)
    accepted = to_date(on("2012-05-28"))
    assert [OTHER_OFFICE if to_date(one.met_due) >= accepted else OFFICE for one in duties] == [  # type: ignore[operator]
        one.office for one in duties
    ]
    assert ("NOT_FOUND", "name") == await bench.refused(PERSONS + "GetSupervisedPerson", CLERK, name=person.name)
    found = await bench.call("AbscondingService/RecordFound", ELSEWHERE, name=episode.name, to_date=on("2012-05-30"))
    assert OTHER_OFFICE == found.absconding.office


async def test_neighbours_of_every_office_count(bench: Bench) -> None:
    """What the office before has recorded leaves no room for another of the same days with the new one."""
    person = await bench.under_correction()
    made = {name: await bench.make(RECORDS[name](person.name)) for name in ("absconding", "leave", "positioning")}
    await bench.call("AbscondingService/RecordFound", CLERK, name=made["absconding"].name, to_date=on("2012-05-25"))
    await bench.call("LeaveService/ApproveLeave", HEAD, name=made["leave"].name)
    await bench.call("LeaveService/RecordReturn", CLERK, name=made["leave"].name, back_date=on("2012-06-01"))
    early = RECORDS["positioning"](person.name)
    early.to_date.CopyFrom(on("2012-04-30"))
    for field in (early.approved_date, early.from_date):
        field.CopyFrom(on("2012-04-01"))
    await bench.make(early)
    await bench.step("AskTransfer", person.name, to_office=OTHER_OFFICE, asked_date=on("2012-06-01"))
    await bench.step("AcceptTransfer", person.name, ELSEWHERE, accepted_date=on("2012-06-01"))
    for again, expected in (
        (RECORDS["absconding"](person.name), ("ALREADY_RECORDED", "from_date")),
        (RECORDS["leave"](person.name), ("AWAY_ALREADY", "from_date")),
        (early, ("ALREADY_RECORDED", "from_date")),
    ):
        again.office = OTHER_OFFICE
        name = again.DESCRIPTOR.name
        given = {name.lower(): again}
        assert expected == await bench.refused(f"{name}Service/Create{name}", ELSEWHERE, **given)


async def test_a_running_period_of_positioning_moves_with_the_person(bench: Bench) -> None:
    """The new office can end what the old one has approved; what was over stays where it was."""
    person = await bench.under_correction()
    running = await bench.make(RECORDS["positioning"](person.name))
    await bench.step("AskTransfer", person.name, to_office=OTHER_OFFICE)
    await bench.step("AcceptTransfer", person.name, ELSEWHERE)
    found = await bench.call("PositioningService/GetPositioning", ELSEWHERE, name=running.name)
    assert OTHER_OFFICE == found.positioning.office


async def test_an_end_closes_what_other_offices_left_open(bench: Bench) -> None:
    """The service itself ends it after the fact; an episode that began after the end is seen wherever it lies."""
    person = await bench.under_correction()
    await bench.step("AskTransfer", person.name, to_office=OTHER_OFFICE, asked_date=on("2012-05-10"))
    await bench.step("AcceptTransfer", person.name, ELSEWHERE, accepted_date=on("2012-05-10"))
    period = RECORDS["positioning"](person.name)
    period.to_date.CopyFrom(on("2012-07-01"))
    context.enter(context.Call(SERVICE, "/geju.correction.reactions/test"))
    async with Work(bench.store, context.current()) as work:
        work.create(ABSCONDING, RECORDS["absconding"](person.name))
        work.create(POSITIONING, period)
        await work.commit()
    given: dict[str, Any] = {"name": person.name, "end_ground": pb.END_GROUND_REVOKED}
    early = await bench.refused(PERSONS + "EndCorrection", ELSEWHERE, **given, ended_date=on("2012-05-15"))
    assert ("DATE_ORDER", "ended_date") == early
    await bench.call(PERSONS + "EndCorrection", ELSEWHERE, **given, ended_date=on("2012-05-31"))
    await follow(bench, person.name)
    [episode] = await bench.facts("absconding", facts_pb2.AbscondingFacts)
    [located] = await bench.facts("positioning", facts_pb2.PositioningFacts)
    assert [on("2012-05-31")] * 2 == [episode.to_date, located.positioning_due]


async def test_a_transfer_is_answered_by_the_asked_office_only(bench: Bench) -> None:
    """Nobody else sees the request; without one the person's own office is told so."""
    person = await bench.under_correction()
    accept, third = PERSONS + "AcceptTransfer", caller("head-jiangbin", "office_head", office="jiangbin")
    assert ("NO_TRANSFER", "transfer_to_office") == await bench.refused(accept, HEAD, name=person.name)
    assert ("NOT_FOUND", "name") == await bench.refused(accept, ELSEWHERE, name=person.name)
    asked = await bench.step("AskTransfer", person.name, to_office=OTHER_OFFICE)
    for somebody in (HEAD, third):
        assert ("NOT_FOUND", "name") == await bench.refused(accept, somebody, name=person.name)
    stale = str(asked.revision - 1)
    assert ("STALE_ETAG", "etag") == await bench.refused(accept, ELSEWHERE, name=person.name, etag=stale)
    back = await bench.step("RefuseTransfer", person.name, ELSEWHERE)
    assert (OFFICE, "") == (back.office, back.transfer_to_office)


async def test_a_number_that_the_new_office_has_used_is_given_up(bench: Bench) -> None:
    """A transfer never fails for the number: the new office gives the record one of its own."""
    person = await bench.under_correction()
    await bench.person(ELSEWHERE, office=OTHER_OFFICE, key="J-1")
    await bench.step("AskTransfer", person.name, to_office=OTHER_OFFICE)
    moved = await bench.step("AcceptTransfer", person.name, ELSEWHERE)
    assert ("", OTHER_OFFICE) == (moved.key, moved.office)


async def test_a_plan_after_a_transfer_makes_no_second_duty(bench: Bench) -> None:
    """What the old office keeps is not owed to the new one again."""
    person = await bench.under_correction()
    await bench.step("AskTransfer", person.name, to_office=OTHER_OFFICE)
    await bench.step("AcceptTransfer", person.name, ELSEWHERE)
    planned = await bench.count("duty")
    given = pb.SupervisedPerson(name=person.name, taken_over_date=on("2012-03-06"))
    fields = {"update_mask": {"paths": ["taken_over_date"]}, "reason": "登记有误"}
    await bench.call(PERSONS + "CorrectSupervisedPerson", ELSEWHERE, supervised_person=given, **fields)
    educations = await bench.duties(person.name, kind=EDUCATION)
    assert len(educations) == len({str(one.month_date) for one in educations})
    assert planned < await bench.count("duty")  # reports are counted from another day now


def away(name: str, last: str = "2012-06-06") -> leave_pb2.Leave:
    """Return a leave from 1 June, a Friday, over the report due on the 11th when it is long."""
    span = {"asked_date": on("2012-05-30"), "from_date": on("2012-06-01"), "to_date": on(last)}
    return leave_pb2.Leave(office=OFFICE, person=name, kind=1, destination="测试地", ground="探亲", **span)


async def june(bench: Bench, name: str) -> list[int]:
    """Return the days of June 2012 on which reports are due."""
    owed = await bench.duties(name, kind=REPORT, excuse=OWED)
    return [one.met_due.day for one in owed if (one.met_due.year, one.met_due.month) == (2012, 6)]


async def test_an_approved_leave_moves_the_report_and_its_deletion_moves_it_back(bench: Bench) -> None:
    """A report due while away is due on the first working day after, as long as there is the leave."""
    person = await bench.under_correction()
    leave = await bench.make(away(person.name, "2012-06-15"))
    assert [11, 25] == await june(bench, person.name)
    planned = await bench.count("duty")
    await bench.call("LeaveService/ApproveLeave", DEPARTMENT, name=leave.name)
    assert ([18, 25], planned) == (await june(bench, person.name), await bench.count("duty"))
    await bench.call("LeaveService/DeleteLeave", HEAD, name=leave.name, reason="登记有误")
    assert [11, 25] == await june(bench, person.name)


async def test_a_long_leave_is_the_department_s_to_approve(bench: Bench) -> None:
    """The head of an office may approve seven days, and no second leave for the same days is asked for."""
    person = await bench.under_correction()
    long = await bench.make(away(person.name, "2012-06-15"))
    assert ("APPROVER_LEVEL", "approver") == await bench.refused("LeaveService/ApproveLeave", HEAD, name=long.name)
    again = {"leave": away(person.name)}
    assert ("AWAY_ALREADY", "from_date") == await bench.refused("LeaveService/CreateLeave", CLERK, **again)
    await bench.call("LeaveService/RefuseLeave", DEPARTMENT, name=long.name)
    short = await bench.make(away(person.name))
    approved = (await bench.call("LeaveService/ApproveLeave", HEAD, name=short.name)).leave
    back = (await bench.call("LeaveService/RecordReturn", CLERK, name=short.name)).leave
    assert [leave_pb2.Leave.STATE_APPROVED, leave_pb2.Leave.STATE_BACK] == [approved.state, back.state]


async def test_the_ladder_proposes_and_somebody_else_decides(bench: Bench) -> None:
    """A proposal shows its rule and what it counted; recorded with both it is decided by another account, once."""
    person = await bench.under_correction()
    span = {"from_date": on("2012-05-01"), "to_date": on("2012-05-15")}
    episode = await bench.make(absconding_pb2.Absconding(office=OFFICE, person=person.name, **span))
    [found] = (await bench.call(PERSONS + "ProposeMeasures", CLERK, name=person.name)).proposals
    expected = (measure_pb2.MEASURE_KIND_WARNING, "lost_over_10_days", [episode.name])
    assert expected == (found.kind, found.rule, list(found.counted))
    given = {"kind": found.kind, "rule": found.rule, "counted": found.counted, "ground": 3, "facts_found": "测试事实"}
    measure = await bench.make(measure_pb2.Measure(office=OFFICE, person=person.name, **given), HEAD)
    assert "head-wuma" == measure.proposer
    same = await bench.refused("MeasureService/DecideMeasure", HEAD, name=measure.name)
    assert ("SAME_PERSON_DECIDES", "decider") == same
    other = caller("head-two", "office_head")
    decided = (await bench.call("MeasureService/DecideMeasure", other, name=measure.name)).measure
    assert (measure_pb2.Measure.STATE_DECIDED, "head-two") == (decided.state, decided.decider)
    assert [] == list((await bench.call(PERSONS + "ProposeMeasures", CLERK, name=person.name)).proposals)


async def test_no_correction_or_import_decides(bench: Bench) -> None:
    """Measures are decided by a second person, leaves at their level, by the steps; the department takes over."""
    person = await bench.under_correction()
    measure = await bench.make(RECORDS["measure"](person.name), HEAD)
    leave = await bench.make(RECORDS["leave"](person.name))
    fields = {"update_mask": {"paths": ["decided_date"]}, "reason": "登记有误"}
    for method, one in (("MeasureService/CorrectMeasure", measure), ("LeaveService/CorrectLeave", leave)):
        given = {one.DESCRIPTOR.name.lower(): type(one)(name=one.name, decided_date=on("2012-06-01"))}
        for caller_ in (HEAD, DEPARTMENT):
            assert ("DECIDED_BY_STEP", "decided_date") == await bench.refused(method, caller_, **given, **fields)
    row = RECORDS["measure"](person.name)
    row.key = "C-1"
    row.proposed_date.CopyFrom(on("2012-05-30"))
    row.decided_date.CopyFrom(on("2012-05-31"))
    outcomes = []
    for caller_ in (HEAD, DEPARTMENT):
        answer = await bench.call("MeasureService/ImportMeasures", caller_, rows=[{"measure": row}])
        outcomes += [verdict.outcome for verdict in answer.verdicts]
    assert [import_pb2.ROW_OUTCOME_REJECTED, import_pb2.ROW_OUTCOME_CREATED] == outcomes


async def test_what_an_earlier_office_recorded_counts_on_the_ladder(bench: Bench) -> None:
    """A transfer wipes no slate, and a measure may count what lies with the office before."""
    person = await bench.under_correction()
    span = {"from_date": on("2012-05-01"), "to_date": on("2012-05-05")}
    await bench.make(absconding_pb2.Absconding(office=OFFICE, person=person.name, **span))
    await bench.step("AskTransfer", person.name, to_office=OTHER_OFFICE)
    await bench.step("AcceptTransfer", person.name, ELSEWHERE)
    [found] = (await bench.call(PERSONS + "ProposeMeasures", ELSEWHERE, name=person.name)).proposals
    given = {"kind": found.kind, "rule": found.rule, "ground": 3, "facts_found": "测试事实"}
    made = measure_pb2.Measure(office=OTHER_OFFICE, person=person.name, counted=found.counted, **given)
    await bench.make(made, ELSEWHERE)
    nowhere = measure_pb2.Measure(
        office=OTHER_OFFICE, person=person.name, counted=["abscondings/0198c0de-0000-7000-8000-000000000001"], **given
    )
    refused = await bench.refused("MeasureService/CreateMeasure", ELSEWHERE, measure=nowhere)
    assert ("UNKNOWN_REFERENCE", "counted") == refused


async def test_a_minor_s_file_and_what_belongs_to_it_are_sealed(bench: Bench) -> None:
    """Who was a minor is seen with the right to it only, with all that is recorded, from the day that is known."""
    person = await bench.under_correction()
    offence = new_offence_pb2.NewOffence(
        office=OFFICE, person=person.name, offence_class=4, committed_date=on("2012-05-20")
    )
    made = await bench.make(offence)
    fields = {"update_mask": {"paths": ["minor"]}, "reason": "登记有误"}
    minor = pb.SupervisedPerson(name=person.name, minor=True)
    await bench.call(PERSONS + "CorrectSupervisedPerson", SEALED, supervised_person=minor, **fields)
    await follow(bench, person.name)
    for method, name in (
        (PERSONS + "GetSupervisedPerson", person.name),
        ("NewOffenceService/GetNewOffence", made.name),
    ):
        assert ("NOT_FOUND", "name") == await bench.refused(method, HEAD, name=name)
        await bench.call(method, SEALED, name=name)
    assert {True} == {one.sealed for one in await bench.duties(person.name)}


async def test_a_deleted_person_s_records_go_too(bench: Bench) -> None:
    """Nothing is left that counts, wherever it lies."""
    person = await bench.under_correction()
    await bench.step("AskTransfer", person.name, to_office=OTHER_OFFICE)
    await bench.step("AcceptTransfer", person.name, ELSEWHERE)
    await bench.call(PERSONS + "DeleteSupervisedPerson", ELSEWHERE, name=person.name, reason="重复登记")
    await follow(bench, person.name)
    assert 0 == await bench.count("duty")


async def test_the_monthly_register_meets_duties(bench: Bench) -> None:
    """A row tells of a person and month, by the office's number; it is taken over once."""
    person = await bench.under_correction()
    row = {
        "row": 2,
        "office": OFFICE,
        "person": "J-1",
        "month_date": on("2012-04-01"),
        "report_dates": [on("2012-04-02"), on("2012-04-15")],
        "education_hours": 9,
        "work_hours": 4,
        "thought_report_date": on("2012-04-27"),
        "assessment_date": on("2012-04-08"),
        "grade": duty_pb2.ASSESSMENT_GRADE_GOOD,
    }
    wrong = {**row, "row": 3, "person": "J-9"}
    no_assessment = {key: value for key, value in row.items() if key not in {"assessment_date", "grade"}}
    answer = await bench.call("DutyService/ImportDuties", CLERK, rows=[no_assessment, wrong, row])
    outcomes = [import_pb2.ROW_OUTCOME_UPDATED, import_pb2.ROW_OUTCOME_REJECTED]
    assert outcomes == [verdict.outcome for verdict in answer.verdicts][:2]
    done = [(one.kind, one.met_date) for one in await bench.duties(person.name) if one.HasField("met_date")]
    thought = duty_pb2.DUTY_KIND_THOUGHT_REPORT
    assert {(REPORT, str(on("2012-04-02"))), (REPORT, str(on("2012-04-15"))), (EDUCATION, str(on("2012-04-30"))),
            (thought, str(on("2012-04-27")))} <= {(kind, str(day)) for kind, day in done}  # fmt: skip
    again = await bench.call("DutyService/ImportDuties", CLERK, rows=[no_assessment])
    assert [import_pb2.ROW_OUTCOME_UNCHANGED] == [verdict.outcome for verdict in again.verdicts]


async def test_a_row_of_another_office_is_refused(bench: Bench) -> None:
    """The register of one office says nothing of another one's persons."""
    person = await bench.under_correction()
    row = {"office": OTHER_OFFICE, "person": person.name, "month_date": on("2012-04-01"), "education_hours": 8}
    answer = await bench.call("DutyService/ImportDuties", ELSEWHERE, rows=[row])
    assert ["UNKNOWN_REFERENCE"] == [error.reason for verdict in answer.verdicts for error in verdict.errors]


async def test_what_is_no_number_is_not_repeated(bench: Bench) -> None:
    """A name in the place of the number is refused without being quoted."""
    row = {"office": OFFICE, "person": "张某某", "month_date": on("2012-04-01"), "education_hours": 8}
    [verdict] = (await bench.call("DutyService/ImportDuties", CLERK, rows=[row])).verdicts
    assert (["UNKNOWN_REFERENCE"], False) == ([one.reason for one in verdict.errors], "张某某" in str(verdict.errors))


async def test_hours_are_recorded_one_by_one(bench: Bench) -> None:
    """A duty of hours is met once they are reached; done, it is not excused."""
    person = await bench.under_correction()
    last = on("2012-05-31")
    wanted = {"person": person.name.partition("/")[2], "kind": EDUCATION, "met_due_from": last, "met_due_to": last}
    page = await bench.call("DutyService/ListDuties", CLERK, filter=wanted)
    [may] = page.duties
    first = await bench.call("DutyService/RecordDuty", CLERK, name=may.name, hours=5, done_date=on("2012-05-05"))
    second = await bench.call("DutyService/RecordDuty", CLERK, name=may.name, hours=3, done_date=on("2012-05-19"))
    assert (False, on("2012-05-19")) == (first.duty.HasField("met_date"), second.duty.met_date)
    refused = await bench.refused("DutyService/ExcuseDuty", CLERK, name=may.name, excuse=duty_pb2.DUTY_EXCUSE_ILLNESS)
    assert ("DUTY_DONE", "met_date") == refused


async def test_documents_are_rendered_from_the_record(bench: Bench) -> None:
    """Notice, plan, warning and certificate are there when the record is that far, and not before."""
    name = (await bench.person(CLERK)).name
    await _rendered(bench, name, 1, "张某某:")
    await bench.step("TakeOverPerson", name, taken_over_date=on("2012-03-05"))
    refused = await bench.refused(PERSONS + "RenderSupervisionDocument", CLERK, name=name, document=2)
    assert ("DOCUMENT_NOT_APPLICABLE", "document") == refused
    await bench.step("DeclareCorrection", name, declared_date=on("2012-03-06"), plan="测试方案:<教育> & 帮扶")
    await _rendered(bench, name, 2, "测试方案:<教育> & 帮扶")
    given = {"kind": measure_pb2.MEASURE_KIND_WARNING, "ground": 3, "facts_found": "测试事实"}
    measure = await bench.make(measure_pb2.Measure(office=OFFICE, person=name, **given))
    await bench.call("MeasureService/DecideMeasure", HEAD, name=measure.name)
    await _rendered(bench, name, 4, "经查明:测试事实")
    await bench.step("EndCorrection", name, end_ground=pb.END_GROUND_PARDONED)
    await _rendered(bench, name, 6, "特此证明。")


async def _rendered(bench: Bench, name: str, document: int, text: str) -> None:
    """Render a document and look for a text in it."""
    answer = await bench.call(PERSONS + "RenderSupervisionDocument", CLERK, name=name, document=document)
    with zipfile.ZipFile(io.BytesIO(answer.document.content)) as archive:
        content = archive.read("word/document.xml").decode()
    assert escape(text) in content
    assert ("{{" in content, "{%" in content) == (False, False)
