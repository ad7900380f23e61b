"""The kinds of supervision, and what ties their records together."""

from __future__ import annotations

from geju.correction.v1 import (
    absconding_pb2,
    duty_pb2,
    facts_pb2,
    help_act_pb2,
    leave_pb2,
    measure_pb2,
    new_offence_pb2,
    positioning_pb2,
    supervised_person_pb2,
)

from services.chassis.domain.dates import to_date
from services.chassis.kinds import Dues, Kind
from services.correction.domain.supervision import (
    absconding,
    duty,
    help_act,
    leave,
    lifecycle,
    measure,
    offence,
    person,
    positioning,
)
from services.correction.supervision import facts, guards, storage

SUPERVISED_PERSON = Kind(
    name="supervised_person",
    collection="supervisedPersons",
    message=supervised_person_pb2.SupervisedPerson,
    facts=facts_pb2.SupervisedPersonFacts,
    row=storage.SupervisedPersonRow,
    to_facts=facts.supervised_person,
    check=person.check,
    create_change="notified",
    closed=lifecycle.is_over,
    guard=guards.guard_person,
    occurred=person.happened,
    transition=lifecycle.transition,
)

DUTY = Kind(
    name="duty",
    collection="duties",
    message=duty_pb2.Duty,
    facts=facts_pb2.DutyFacts,
    row=storage.DutyRow,
    to_facts=facts.duty,
    check=duty.check,
    create_change="planned",
    closed=duty.is_closed,
    guard=guards.guard_duty,
    dues=Dues(duty.dues, duty.DUE_LABELS, lapse=duty.LAPSE_DAYS),
)

LEAVE = Kind(
    name="leave",
    collection="leaves",
    message=leave_pb2.Leave,
    facts=facts_pb2.LeaveFacts,
    row=storage.LeaveRow,
    to_facts=facts.leave,
    check=leave.check,
    create_change="asked",
    closed=leave.is_closed,
    guard=guards.guard_leave,
    dues=Dues(leave.dues, leave.DUE_LABELS),
    occurred=lambda record: to_date(record.asked_date),
)

ABSCONDING = Kind(
    name="absconding",
    collection="abscondings",
    message=absconding_pb2.Absconding,
    facts=facts_pb2.AbscondingFacts,
    row=storage.AbscondingRow,
    to_facts=facts.absconding,
    check=absconding.check,
    create_change="lost",
    guard=guards.guard_absconding,
    occurred=lambda record: to_date(record.to_date) or to_date(record.from_date),
)

NEW_OFFENCE = Kind(
    name="new_offence",
    collection="newOffences",
    message=new_offence_pb2.NewOffence,
    facts=facts_pb2.NewOffenceFacts,
    row=storage.NewOffenceRow,
    to_facts=facts.new_offence,
    check=offence.check,
    guard=guards.guard_new_offence,
    occurred=lambda record: to_date(record.committed_date),
)

MEASURE = Kind(
    name="measure",
    collection="measures",
    message=measure_pb2.Measure,
    facts=facts_pb2.MeasureFacts,
    row=storage.MeasureRow,
    to_facts=facts.measure,
    check=measure.check,
    create_change="proposed",
    closed=measure.is_closed,
    guard=guards.guard_measure,
    occurred=lambda record: to_date(record.decided_date) or to_date(record.proposed_date),
)

POSITIONING = Kind(
    name="positioning",
    collection="positionings",
    message=positioning_pb2.Positioning,
    facts=facts_pb2.PositioningFacts,
    row=storage.PositioningRow,
    to_facts=facts.positioning,
    check=positioning.check,
    create_change="approved",
    guard=guards.guard_positioning,
    dues=Dues(positioning.dues, positioning.DUE_LABELS, lapse=0),
    occurred=lambda record: to_date(record.approved_date),
)

HELP_ACT = Kind(
    name="help_act",
    collection="helpActs",
    message=help_act_pb2.HelpAct,
    facts=facts_pb2.HelpActFacts,
    row=storage.HelpActRow,
    to_facts=facts.help_act,
    check=help_act.check,
    create_change="given",
    guard=guards.guard_help_act,
    occurred=lambda record: to_date(record.given_date),
)

KINDS = (SUPERVISED_PERSON, DUTY, LEAVE, ABSCONDING, NEW_OFFENCE, MEASURE, POSITIONING, HELP_ACT)
