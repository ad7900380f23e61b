"""What happens in correction and resettlement beside the demonstration's spreadsheets: steps that persons take."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any

from geju.correction.v1 import (
    measure_pb2,
    measure_service_pb2,
    measure_service_pb2_grpc,
    supervised_person_pb2,
    supervised_person_service_pb2,
    supervised_person_service_pb2_grpc,
    transition_grant_pb2,
    transition_grant_service_pb2,
    transition_grant_service_pb2_grpc,
)

from services.chassis.domain.dates import from_date, to_date
from services.cli.failure import Exit, Failure
from services.cli.output import console
from services.client import Geju

PURPOSE = "演示数据"
TODAY = dt.date(2012, 12, 28)
PATIENCE_SECONDS = 120.0
POLL_SECONDS = 0.5
EARMARK = "resettlement"
PAID_AFTER, UNPAID = dt.timedelta(days=7), dt.timedelta(days=21)
MEASURES, TRANSFERS, LEVELS = 6, 4, 3
_SERVED = {supervised_person_pb2.END_GROUND_TERM_SERVED, supervised_person_pb2.END_GROUND_PARDONED}
_M = measure_pb2
_Person = supervised_person_pb2.SupervisedPerson


def await_files(geju: Geju, _other: Geju | None) -> None:
    """Wait until every correction that ended has opened its released person's file, which bears the same number.

    However many they are: patience ends when none has been opened for so long.
    """
    before, deadline = -1, 0.0
    while missing := sum(1 for person in _persons(geju, _Person.STATE_ENDED) if not person.released_person):
        if missing != before:
            before, deadline = missing, time.monotonic() + PATIENCE_SECONDS
        if time.monotonic() > deadline:
            raise Failure(f"还有 {missing} 名解除矫正人员没有建立归正人员档案", Exit.UNREACHABLE)
        time.sleep(POLL_SECONDS)
    console.print("  解除矫正的人员已建立归正人员档案", markup=False)


def pay_grants(geju: Geju, _other: Geju | None) -> None:
    """Pay the grants, but those of the last weeks, against the department's funds."""
    stub = geju.stub(transition_grant_service_pb2_grpc.TransitionGrantServiceStub)
    wanted = transition_grant_service_pb2.ListTransitionGrantsRequest(purpose=PURPOSE)
    wanted.filter.state = transition_grant_pb2.TransitionGrant.STATE_GRANTED
    paid = 0
    for grant in list(geju.records(stub.ListTransitionGrants, wanted)):
        granted = to_date(grant.granted_date)
        if granted is not None and granted < TODAY - UNPAID:
            request = transition_grant_service_pb2.PayGrantRequest(name=grant.name, earmark=EARMARK)
            request.paid_date.CopyFrom(from_date(granted + PAID_AFTER))
            stub.PayGrant(request)
            paid += 1
    console.print(f"  已发放过渡性安置补助 {paid} 份", markup=False)


def decide_measures(geju: Geju, other: Geju | None) -> None:
    """Have the ladder propose measures, and another account than the proposer's decide some of them."""
    persons = geju.stub(supervised_person_service_pb2_grpc.SupervisedPersonServiceStub)
    made: list[str] = []
    for person in _persons(geju, _Person.STATE_UNDER_CORRECTION):
        if len(made) == MEASURES:
            break
        ask = supervised_person_service_pb2.ProposeMeasuresRequest(name=person.name, purpose=PURPOSE)
        proposals = persons.ProposeMeasures(ask).proposals
        made += [_propose(geju, person, proposals[0])] if proposals else []
    if other is not None:
        stub = other.stub(measure_service_pb2_grpc.MeasureServiceStub)
        for name in made[: len(made) // 2]:
            stub.DecideMeasure(measure_service_pb2.DecideMeasureRequest(name=name))
    console.print(f"  已按规则提出奖惩措施 {len(made)} 件", markup=False)


def _propose(geju: Geju, person: _Person, proposal: Any) -> str:
    stub = geju.stub(measure_service_pb2_grpc.MeasureServiceStub)
    measure = measure_pb2.Measure(
        office=person.office,
        key=f"{person.key}-C90",
        person=person.name,
        kind=proposal.kind,
        ground=_M.MEASURE_GROUND_ABSCONDED if proposal.rule.startswith("lost") else _M.MEASURE_GROUND_REPEATED,
        rule=proposal.rule,
        counted=proposal.counted,
    )
    return str(stub.CreateMeasure(measure_service_pb2.CreateMeasureRequest(measure=measure)).measure.name)


def transfer_persons(geju: Geju, _other: Geju | None) -> None:
    """Ask other offices to take persons over: most do, one declines, one has not answered."""
    stub = geju.stub(supervised_person_service_pb2_grpc.SupervisedPersonServiceStub)
    free = [person for person in _persons(geju, _Person.STATE_UNDER_CORRECTION) if not person.transfer_to_office]
    offices = sorted({person.office for person in free})
    for number, person in enumerate(free[:: max(1, len(free) // TRANSFERS)][:TRANSFERS]):
        to_office = offices[(offices.index(person.office) + 1) % len(offices)]
        if to_office == person.office:
            continue
        stub.AskTransfer(supervised_person_service_pb2.AskTransferRequest(name=person.name, to_office=to_office))
        if number == 0:
            stub.RefuseTransfer(supervised_person_service_pb2.RefuseTransferRequest(name=person.name))
        elif number > 1:
            stub.AcceptTransfer(supervised_person_service_pb2.AcceptTransferRequest(name=person.name))
    console.print("  已办理司法所之间的迁居", markup=False)


def change_levels(geju: Geju, _other: Geju | None) -> None:
    """Relax the supervision of a few who have held out for long: their duties are planned anew."""
    stub = geju.stub(supervised_person_service_pb2_grpc.SupervisedPersonServiceStub)
    strict = supervised_person_pb2.SUPERVISION_LEVEL_STRICT
    held = (person for person in _persons(geju, _Person.STATE_UNDER_CORRECTION) if person.level == strict)
    for person, _ in zip(list(held), range(LEVELS), strict=False):
        level = supervised_person_pb2.SUPERVISION_LEVEL_ORDINARY
        stub.ChangeLevel(supervised_person_service_pb2.ChangeLevelRequest(name=person.name, level=level))
    console.print("  已调整管理等级", markup=False)


def _persons(geju: Geju, state: _Person.State.ValueType) -> list[_Person]:
    """Return the persons of a state by their numbers."""
    stub = geju.stub(supervised_person_service_pb2_grpc.SupervisedPersonServiceStub)
    wanted = supervised_person_service_pb2.ListSupervisedPersonsRequest(purpose=PURPOSE)
    wanted.filter.state = state
    found: Iterator[_Person] = geju.records(stub.ListSupervisedPersons, wanted)
    return sorted(found, key=lambda person: person.key)
