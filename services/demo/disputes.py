"""Invented disputes: one row of a street's spreadsheet each, with the dates of every step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TypeVar

from geju.mediation.v1 import dispute_pb2 as pb
from geju.mediation.v1 import dispute_service_pb2 as rpc
from geju.mediation.v1 import session_pb2

from services.chassis.domain.dates import add_months, set_date
from services.demo.district import OfficeLife, day_in, months
from services.demo.registers import STREET_MEDIATORS

K = TypeVar("K")
T = pb.DisputeType
C = pb.DisputeChannel
TYPES = {
    T.DISPUTE_TYPE_MARRIAGE: 10, T.DISPUTE_TYPE_FAMILY: 12, T.DISPUTE_TYPE_INHERITANCE: 3,
    T.DISPUTE_TYPE_NEIGHBOUR: 22, T.DISPUTE_TYPE_DAMAGES: 12, T.DISPUTE_TYPE_HOUSE: 5, T.DISPUTE_TYPE_CONTRACT: 6,
    T.DISPUTE_TYPE_LABOUR: 7, T.DISPUTE_TYPE_UNPAID_WAGES: 5, T.DISPUTE_TYPE_LAND_CONTRACT: 2,
    T.DISPUTE_TYPE_DEMOLITION: 3, T.DISPUTE_TYPE_CONSTRUCTION: 2, T.DISPUTE_TYPE_ENVIRONMENT: 2,
    T.DISPUTE_TYPE_MEDICAL: 2, T.DISPUTE_TYPE_TRAFFIC: 8, T.DISPUTE_TYPE_PROPERTY: 4, T.DISPUTE_TYPE_CONSUMER: 4,
    T.DISPUTE_TYPE_RURAL: 1, T.DISPUTE_TYPE_OTHER: 2,
}  # fmt: skip
CHANNELS = {
    C.DISPUTE_CHANNEL_APPLICATION: 50, C.DISPUTE_CHANNEL_OWN_INITIATIVE: 14, C.DISPUTE_CHANNEL_SCREENING: 12,
    C.DISPUTE_CHANNEL_RECEPTION_DAY: 4, C.DISPUTE_CHANNEL_POLICE: 9, C.DISPUTE_CHANNEL_COURT_BEFORE_FILING: 5,
    C.DISPUTE_CHANNEL_COURT_TRIAL: 2, C.DISPUTE_CHANNEL_PETITION: 3, C.DISPUTE_CHANNEL_OTHER_UNIT: 1,
}  # fmt: skip
LINKED = {
    C.DISPUTE_CHANNEL_POLICE: "示例派出所", C.DISPUTE_CHANNEL_COURT_BEFORE_FILING: "示例法庭",
    C.DISPUTE_CHANNEL_COURT_TRIAL: "示例法庭", C.DISPUTE_CHANNEL_PETITION: "示例信访室",
    C.DISPUTE_CHANNEL_LABOUR_WINDOW: "示例仲裁院", C.DISPUTE_CHANNEL_OTHER_UNIT: "示例单位",
}  # fmt: skip
PERSONAL_STATUS = {T.DISPUTE_TYPE_MARRIAGE: pb.AGREEMENT_SUBJECT_MARRIAGE}
# Wages are claimed before the Spring Festival; neighbours quarrel in summer.
SEASON = {1: 1.3, 2: 0.7, 5: 1.1, 6: 1.15, 7: 1.2, 8: 1.15, 11: 1.05, 12: 1.2}
GROWTH = 1.06
PAPERS_FROM_COURT = {C.DISPUTE_CHANNEL_COURT_BEFORE_FILING, C.DISPUTE_CHANNEL_COURT_TRIAL}
CONFIRMATION_BEGINS = dt.date(2011, 1, 1)
VENUES = session_pb2.SessionVenue.values()[1:9]


def disputes(life: OfficeLife, per_month: float, first_year: int, today: dt.date) -> Iterator[rpc.DisputeImportRow]:
    """Walk the office's disputes by the month they came in; the numbering is the office's own."""
    for month in months(first_year, today):
        level = per_month * life.share * SEASON.get(month.month, 1.0) * GROWTH ** (month.year - first_year)
        days = sorted(day_in(life.rng, month) for _ in range(int(level + life.rng.random())))
        for number, day in enumerate(days, 1):
            if day <= today:
                yield _dispute(life, f"{life.mark}{month:%Y%m}-{number:03d}", day, today)


def _choose(life: OfficeLife, weights: dict[K, int]) -> K:
    return life.rng.choices(list(weights), list(weights.values()))[0]


def _dispute(life: OfficeLife, key: str, day: dt.date, today: dt.date) -> rpc.DisputeImportRow:
    """Make one dispute taken in on a day, as far as it has come by today."""
    people = life.rng.choice([2, 2, 2, 3, 4, 6])
    row = rpc.DisputeImportRow(office=life.code, place=life.place(day), key=key, people=people)
    row.type, row.channel = _choose(life, TYPES), _choose(life, CHANNELS)
    if row.type in {T.DISPUTE_TYPE_LABOUR, T.DISPUTE_TYPE_UNPAID_WAGES} and life.chance(0.4):
        row.channel = C.DISPUTE_CHANNEL_LABOUR_WINDOW
    row.applicants, row.respondents = life.person(), life.person()
    row.summary = "演示数据:双方就有关事项发生争议,申请调解。"
    row.amount_fen = life.rng.choice([0, 0, 1, 2, 5, 10, 30]) * life.rng.randrange(50, 200) * 1000
    row.referrer_unit = LINKED.get(row.channel, "")
    row.committee, row.mediator = "st", life.rng.choice(STREET_MEDIATORS)
    if life.chance(0.08):
        row.committee, row.centre = "", "c1"
    if life.chance(0.035):
        row.major, row.major_ground = True, life.rng.choice(pb.MajorGround.values()[1:6])
        row.people += 10 if row.major_ground == pb.MAJOR_GROUND_PEOPLE else 0
    row.difficult = not row.major and life.chance(0.15)
    set_date(row.registered_date, day)
    if row.channel in PAPERS_FROM_COURT:
        set_date(row.materials_date, day)
    if life.chance(0.015):
        set_date(row.refused_date, day)
        row.refusal_ground = life.rng.choice(pb.RefusalGround.values()[1:4])
        return row
    _handle(life, row, day + dt.timedelta(days=life.rng.choice([0, 0, 0, 1, 2])), today)
    return row


def _handle(life: OfficeLife, row: rpc.DisputeImportRow, accepted: dt.date, today: dt.date) -> None:
    """Accept, hold sessions and close; steps that would lie after today have not happened yet."""
    if accepted > today:
        return
    set_date(row.accepted_date, accepted)
    session = accepted + dt.timedelta(days=life.rng.choice([0, 1, 2, 3, 5, 8]))
    if life.chance(0.02):
        withdrawn = accepted + dt.timedelta(days=life.rng.randrange(1, 6))
        if withdrawn <= today:
            set_date(row.withdrawn_date, withdrawn)
        return
    # A few are forgotten: nobody ever held a session, and the limit passes.
    if session > today or life.chance(life.better(0.02, 0.0)):
        return
    set_date(row.first_session_date, session)
    row.venue = life.rng.choices(VENUES, [60, 5, 5, 6, 2, 8, 6, 8])[0]
    if row.major and life.chance(life.better(0.5, 0.98)):
        row.invited = "示例专家"
    if row.major and life.chance(life.better(0.6, 1.0)):
        set_date(row.discussed_date, session)
    _close(life, row, accepted, session, today)


def _close(life: OfficeLife, row: rpc.DisputeImportRow, accepted: dt.date, session: dt.date, today: dt.date) -> None:
    late = life.chance(life.better(0.12, 0.005))
    closed = max(
        session, accepted + dt.timedelta(days=life.rng.randrange(32, 60) if late else life.rng.randrange(1, 14))
    )
    if closed > today:
        return
    set_date(row.closed_date, closed)
    row.outcome = life.rng.choices(
        [pb.DISPUTE_OUTCOME_AGREED, pb.DISPUTE_OUTCOME_FAILED, pb.DISPUTE_OUTCOME_REFUSED_BY_PARTY,
         pb.DISPUTE_OUTCOME_WITHDRAWN, pb.DISPUTE_OUTCOME_REFERRED],
        [life.better(92, 98.5), life.better(5, 0.9), life.better(2, 0.4), 1, 0.8],
    )[0]  # fmt: skip
    if row.referrer_unit and life.chance(life.better(0.75, 1.0)):
        reported = closed + dt.timedelta(days=life.rng.choice([0, 1, 2, 3]) if life.chance(0.93) else 15)
        if reported <= today:
            set_date(row.feedback_date, reported)
    if row.outcome == pb.DISPUTE_OUTCOME_AGREED:
        _agree(life, row, closed, today)
    elif row.outcome == pb.DISPUTE_OUTCOME_FAILED:
        row.failure_ground = life.rng.choice(pb.FailureGround.values()[1:5])
        if life.chance(0.02):
            set_date(row.escalated_date, closed)
            row.escalation_kind = life.rng.choice([pb.ESCALATION_KIND_CRIME, pb.ESCALATION_KIND_MASS_INCIDENT])
    elif row.outcome == pb.DISPUTE_OUTCOME_REFERRED:
        row.referred_unit = "示例单位"


def _agree(life: OfficeLife, row: rpc.DisputeImportRow, closed: dt.date, today: dt.date) -> None:
    """Settle: form, performance, confirmation, return visits."""
    row.performed_on_spot = not row.major and life.chance(0.55)
    oral = row.performed_on_spot and life.chance(0.5)
    row.agreement_form = pb.AGREEMENT_FORM_ORAL if oral else pb.AGREEMENT_FORM_WRITTEN
    row.agreement_subject = PERSONAL_STATUS.get(row.type, pb.AGREEMENT_SUBJECT_PROPERTY)
    row.agreement_content = "演示数据:双方自愿达成协议。"
    if row.performed_on_spot:
        set_date(row.fulfilled_date, closed)
    else:
        _perform(life, row, closed, today)
    if closed >= CONFIRMATION_BEGINS and row.agreement_subject == pb.AGREEMENT_SUBJECT_PROPERTY and not oral:
        _confirm(life, row, closed, today)
    for name, wait in (("first_visit_date", 30), ("second_visit_date", 90)):
        visited = closed + dt.timedelta(
            days=wait - life.rng.randrange(15) if life.chance(life.better(0.8, 1)) else wait + 9
        )
        if visited <= today and (name == "first_visit_date" or row.major) and life.chance(life.better(0.85, 1.0)):
            set_date(getattr(row, name), visited)
    if life.chance(0.012):
        set_date(row.prevented_date, closed)
        row.prevention_kind = life.rng.choice(pb.PreventionKind.values()[1:5])
        row.prevention_evidence = "现场劝阻记录(演示)"


def _perform(life: OfficeLife, row: rpc.DisputeImportRow, closed: dt.date, today: dt.date) -> None:
    due = add_months(closed, life.rng.choice([1, 1, 2, 3]))
    set_date(row.fulfilment_due_date, due)
    done = due - dt.timedelta(days=life.rng.randrange(20))
    if due <= today and life.chance(life.better(0.06, 0.005)):
        set_date(row.defaulted_date, due)
    elif done <= today and life.chance(life.better(0.93, 0.995)):
        set_date(row.fulfilled_date, done)


def _confirm(life: OfficeLife, row: rpc.DisputeImportRow, closed: dt.date, today: dt.date) -> None:
    applied = closed + dt.timedelta(days=life.rng.randrange(1, 20))
    answered = applied + dt.timedelta(days=life.rng.randrange(3, 15))
    if answered > today or not life.chance(0.12):
        return
    set_date(row.confirmation_applied_date, applied)
    set_date(row.confirmation_date, answered)
    row.confirmation_result = pb.CONFIRMATION_RESULT_CONFIRMED if life.chance(0.95) else pb.CONFIRMATION_RESULT_REJECTED
    row.court = "示例人民法院"
