"""Invented complaints: how they came in, and every step with its day as far as it has come by today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from geju.legalservices.v1 import complaint_pb2 as pb
from geju.legalservices.v1 import complaint_service_pb2 as rpc

from services.chassis.domain.calendar import add_working_days
from services.chassis.domain.dates import set_date
from services.demo.district import OfficeLife, day_in, months
from services.demo.firms import GRASSROOTS, LAWYER, NOTARY, Firm, someone
from services.demo.people import choose, day_after
from services.demo.supervised import DAY

CHANNELS = {
    pb.COMPLAINT_CHANNEL_WINDOW: 30, pb.COMPLAINT_CHANNEL_TELEPHONE: 20, pb.COMPLAINT_CHANNEL_LETTER: 16,
    pb.COMPLAINT_CHANNEL_WEB: 14, pb.COMPLAINT_CHANNEL_PETITION_OFFICE: 12, pb.COMPLAINT_CHANNEL_TRANSFERRED: 8,
}  # fmt: skip
UNITS = {
    pb.COMPLAINT_CHANNEL_PETITION_OFFICE: "示例信访局", pb.COMPLAINT_CHANNEL_TRANSFERRED: "示例机关",
}  # fmt: skip
RESPONDENTS = {
    pb.RESPONDENT_KIND_LAWYER: 52, pb.RESPONDENT_KIND_FIRM: 22, pb.RESPONDENT_KIND_GRASSROOTS_WORKER: 12,
    pb.RESPONDENT_KIND_GRASSROOTS_OFFICE: 6, pb.RESPONDENT_KIND_NOTARY: 8,
}  # fmt: skip
PERSONS = {
    pb.RESPONDENT_KIND_LAWYER: LAWYER, pb.RESPONDENT_KIND_GRASSROOTS_WORKER: GRASSROOTS,
    pb.RESPONDENT_KIND_NOTARY: NOTARY,
}  # fmt: skip
GROUNDS = {
    pb.COMPLAINT_GROUND_NEGLIGENCE: 34, pb.COMPLAINT_GROUND_CHARGING: 22, pb.COMPLAINT_GROUND_CONFLICT_OF_INTEREST: 8,
    pb.COMPLAINT_GROUND_FALSE_STATEMENT: 8, pb.COMPLAINT_GROUND_OBSTRUCTION: 4,
    pb.COMPLAINT_GROUND_REFUSED_LEGAL_AID: 4, pb.COMPLAINT_GROUND_PRIVATE_ENGAGEMENT: 10,
    pb.COMPLAINT_GROUND_DISCIPLINE: 4, pb.COMPLAINT_GROUND_OTHER: 6,
}  # fmt: skip
REFUSALS = {
    pb.COMPLAINT_REFUSAL_GROUND_NOT_COMPETENT: 34, pb.COMPLAINT_REFUSAL_GROUND_NO_RESPONDENT: 16,
    pb.COMPLAINT_REFUSAL_GROUND_NO_FACTS: 24, pb.COMPLAINT_REFUSAL_GROUND_HANDLED: 12,
    pb.COMPLAINT_REFUSAL_GROUND_IN_COURT: 14,
    pb.COMPLAINT_REFUSAL_GROUND_OTHER: 6,
}  # fmt: skip
FOUND = {
    pb.COMPLAINT_OUTCOME_SUBSTANTIATED: 20, pb.COMPLAINT_OUTCOME_PARTLY: 22, pb.COMPLAINT_OUTCOME_UNSUBSTANTIATED: 58,
}  # fmt: skip
SATISFIED = {
    pb.COMPLAINT_SATISFACTION_VERY_SATISFIED: 30, pb.COMPLAINT_SATISFACTION_SATISFIED: 46,
    pb.COMPLAINT_SATISFACTION_FAIR: 14, pb.COMPLAINT_SATISFACTION_DISSATISFIED: 10,
}  # fmt: skip
AT_THE_BUREAU, GROWTH, MONTHS = 0.5, 1.05, 12
ANONYMOUS, REFUSED, TRANSFERRED, GIVEN_UP = 0.12, 0.08, 0.05, 0.1
#: About the bureau itself.
OWN, OWN_A_YEAR = (pb.RESPONDENT_KIND_BUREAU_STAFF, pb.RESPONDENT_KIND_JUDICIAL_OFFICE), 3
ACCEPT_DAYS, ANSWER_DAYS, REPLY_DAYS, CONCLUDE_DAYS = 5, 5, 15, 60
FINDINGS, DECISION, ANSWER = (
    "演示数据:已调查核实有关情况。",
    "演示数据:依照规定作出处理。",
    "演示数据:已将处理结果答复。",
)
NARRATIVE, ASKED = "演示数据:反映被投诉人执业中的有关问题。", "演示数据:补充委托合同和收费票据。"

Row = rpc.ComplaintImportRow


@dataclass
class _Case:
    """A complaint on its way: its unit, its record, and today."""

    unit: OfficeLife
    record: pb.Complaint
    today: dt.date

    def put(self, field: str, day: dt.date) -> bool:
        """Write the day of a step that has come already; says whether it has."""
        if day <= self.today:
            set_date(getattr(self.record, field), day)
        return day <= self.today


def complaints(
    bureau: OfficeLife, firms: Sequence[Firm], per_year: float, first_year: int, today: dt.date
) -> Iterator[Row]:
    """Walk the complaints by the month in which they came in; half are handled by the office of the respondent."""
    numbers: dict[str, int] = {}
    for month in months(first_year, today):
        level = per_year / MONTHS * GROWTH ** (month.year - first_year - 2)
        for day in sorted(day_in(bureau.rng, month) for _ in range(int(level + bureau.rng.random()))):
            if day > today:
                continue
            row = Row()
            unit = _respondent(bureau, row.complaint, firms, day)
            number = numbers[unit.code] = numbers.get(unit.code, 0) + 1
            row.complaint.office, row.complaint.key = unit.code, f"{unit.mark}T{day.year}-{number:03d}"
            grounds = {choose(unit, GROUNDS) for _ in range(unit.rng.choice([1, 1, 1, 2]))}
            row.complaint.grounds.extend(sorted(grounds))
            _come_in(_Case(unit, row.complaint, today), day, number)
            yield row


def of_the_bureau(bureau: OfficeLife, lives: Sequence[OfficeLife], first_year: int, today: dt.date) -> Iterator[Row]:
    """Give the few complaints about the bureau's own staff and offices: only the discipline role sees them."""
    for year in range(first_year, today.year + 1):
        days = sorted(dt.date(year, 1, 10) + bureau.rng.randrange(340) * DAY for _ in range(OWN_A_YEAR))
        for number, day in enumerate((day for day in days if day <= today), 1):
            row = Row()
            row.complaint.office, row.complaint.key = bureau.code, f"J{year}-{number:02d}"
            row.complaint.respondent_kind = bureau.rng.choice(OWN)
            row.complaint.respondent_office = bureau.rng.choice(lives).code
            if row.complaint.respondent_kind == pb.RESPONDENT_KIND_BUREAU_STAFF:
                row.complaint.respondent_name = f"示例{bureau.person()}"
            row.complaint.grounds.append(pb.COMPLAINT_GROUND_DISCIPLINE)
            _come_in(_Case(bureau, row.complaint, today), day, number)
            yield row


def _respondent(bureau: OfficeLife, record: pb.Complaint, firms: Sequence[Firm], day: dt.date) -> OfficeLife:
    """Choose whom it is about; returns the unit that handles it."""
    record.respondent_kind = choose(bureau, RESPONDENTS)
    wanted = PERSONS.get(record.respondent_kind)
    unit = bureau
    if wanted is not None:
        people = [p for firm in firms for p in firm.people if p.record.kind == wanted and not p.moving]
        person = someone(bureau.rng, people, day)
        if person is not None and not bureau.chance(0.03):
            record.practitioner, unit = person.licence, person.life
        else:
            record.respondent_name = f"示例{bureau.person()}"
    else:
        of_lawyers = record.respondent_kind == pb.RESPONDENT_KIND_FIRM
        firm = bureau.rng.choice([f for f in firms if f.of_lawyers == of_lawyers and f.licensed(day) and _serves(f)])
        record.firm, unit = firm.number, firm.life
    return bureau if bureau.chance(AT_THE_BUREAU) else unit


def _serves(firm: Firm) -> bool:
    return any(person.record.kind != NOTARY for person in firm.people)


def _come_in(case: _Case, day: dt.date, number: int) -> None:
    record, unit = case.record, case.unit
    set_date(record.received_date, day)
    record.channel = choose(unit, CHANNELS)
    record.transferring_unit = UNITS.get(record.channel, "")
    record.anonymous = unit.chance(ANONYMOUS)
    if not record.anonymous or unit.chance(0.3):
        record.complainant_name = f"示例{unit.person()}"
        record.complainant_phone = f"000-{unit.rng.randrange(10**7):07d}"
        record.complainant_address = f"演示路{unit.rng.randint(1, 300)}号"
        if unit.chance(0.5):
            record.complainant_id_number = f"{unit.region}{day.year - unit.rng.randint(20, 70)}0230{number:04d}"
    record.narrative = NARRATIVE
    _decide(case, day)
    if record.transferring_unit and not unit.chance(unit.better(0.12, 0.02)):
        case.put("replied_date", day_after(unit, day, 5, REPLY_DAYS if unit.chance(0.93) else 2 * REPLY_DAYS))


def _decide(case: _Case, day: dt.date) -> None:
    """Decide on acceptance in time or late; some have to be completed before, some are taken back."""
    unit = case.unit
    if unit.chance(0.015):
        _withdraw(case, day_after(unit, day, 1, 3), day)
        return
    if unit.chance(0.09):
        asked, due = add_working_days(day, unit.rng.randint(1, 3)), unit.rng.randint(8, 15)
        supplied = _pause(case, asked, asked + due * DAY)
        if supplied is None:
            return
        if supplied > asked + due * DAY:
            _refuse(case, supplied, pb.COMPLAINT_REFUSAL_GROUND_NOT_SUPPLIED)
            return
        day = supplied
    late = unit.chance(unit.better(0.12, 0.005))
    decided = add_working_days(day, unit.rng.randint(7, 12) if late else unit.rng.randint(0, ACCEPT_DAYS - 2))
    if decided > case.today:
        return
    chance = unit.rng.random()
    if chance < REFUSED:
        _refuse(case, decided, choose(unit, REFUSALS))
    elif chance < REFUSED + TRANSFERRED:
        case.put("transferred_date", decided)
        case.put("refusal_told_date", decided)
        case.record.transferred_unit = "示例主管机关"
        _archive(case, decided)
    else:
        case.put("accepted_date", decided)
        _investigate(case, decided)


def _pause(case: _Case, asked: dt.date, due: dt.date) -> dt.date | None:
    """Ask for a supplement; returns the day it came, or was given up after the last day; None when neither is yet."""
    if asked > case.today:
        return None
    pause = case.record.pauses.add(requested=ASKED)
    set_date(pause.from_date, asked)
    set_date(pause.supplement_due_date, due)
    given_up = case.unit.chance(0.15)
    over = due + DAY if given_up else asked + case.unit.rng.randint(2, (due - asked).days) * DAY
    if over > case.today:
        return None
    set_date(pause.to_date, over)
    return over


def _refuse(case: _Case, day: dt.date, ground: pb.ComplaintRefusalGround.ValueType) -> None:
    case.put("refused_date", day)
    case.record.refusal_ground = ground
    case.put("refusal_told_date", day)
    _archive(case, day)


def _withdraw(case: _Case, day: dt.date, not_before: dt.date) -> None:
    """End a complaint that is taken back or settled."""
    if case.put("concluded_date", max(day, not_before)):
        settled = case.record.HasField("accepted_date") and case.unit.chance(0.6)
        case.record.outcome = pb.COMPLAINT_OUTCOME_SETTLED if settled else pb.COMPLAINT_OUTCOME_WITHDRAWN
        case.record.decision = DECISION
        _answer(case, max(day, not_before))


def _investigate(case: _Case, accepted: dt.date) -> None:
    unit, record = case.unit, case.record
    if unit.chance(GIVEN_UP):
        _withdraw(case, day_after(unit, accepted, 2, 20), accepted)
        return
    began = day_after(unit, accepted, 1, 8)
    if not case.put("investigating_date", began):
        return
    stopped = 0
    if unit.chance(0.05):
        asked = began + 3 * DAY
        supplied = _pause(case, asked, asked + 10 * DAY)
        if supplied is None:
            return
        stopped = (supplied - asked).days
    late, long = unit.chance(unit.better(0.1, 0.004)), unit.chance(0.08)
    length = unit.rng.randint(62, 85) if late or long else unit.rng.randint(18, 52)
    if long:
        case.put("extended_date", accepted + (CONCLUDE_DAYS - 6) * DAY)
    concluded = accepted + (length + stopped) * DAY
    if case.put("investigated_date", concluded - unit.rng.randint(1, 4) * DAY):
        record.findings = FINDINGS
    if case.put("concluded_date", concluded):
        record.outcome, record.decision = choose(unit, FOUND), DECISION
        _answer(case, concluded)


def _answer(case: _Case, concluded: dt.date) -> None:
    unit, record = case.unit, case.record
    late = unit.chance(unit.better(0.1, 0.004))
    answered = add_working_days(concluded, unit.rng.randint(7, 15) if late else unit.rng.randint(0, ANSWER_DAYS - 1))
    if not case.put("answered_date", answered):
        return
    record.answer = ANSWER
    asked = day_after(unit, answered, 3, 20)
    if not record.anonymous and unit.chance(0.7) and case.put("satisfaction_date", asked):
        sorry = record.outcome == pb.COMPLAINT_OUTCOME_UNSUBSTANTIATED and unit.chance(0.25)
        record.satisfaction = pb.COMPLAINT_SATISFACTION_DISSATISFIED if sorry else choose(unit, SATISFIED)
    over = max(asked, answered + 30 * DAY)
    if record.HasField("investigated_date") and unit.chance(0.06):
        reviewed = _review(case, day_after(unit, answered, 5, 25))
        if reviewed is None:
            return
        over = max(over, reviewed)
    _archive(case, over)


def _review(case: _Case, asked: dt.date) -> dt.date | None:
    """Review what was concluded; returns the day of the decision, or the day before any when none was asked for."""
    unit, record = case.unit, case.record
    if not case.put("review_asked_date", asked):
        return None
    record.review_reason = "演示数据:不服处理结论。"
    decided = day_after(unit, asked, 12, 29 if unit.chance(unit.better(0.85, 1.0)) else 45)
    if not case.put("review_decided_date", decided):
        return None
    changed = unit.chance(0.15)
    record.review_outcome = pb.REVIEW_OUTCOME_CHANGED if changed else pb.REVIEW_OUTCOME_UPHELD
    record.review_decision = DECISION
    if changed:
        record.outcome = pb.COMPLAINT_OUTCOME_PARTLY
    return decided


def _archive(case: _Case, day: dt.date) -> None:
    if case.unit.chance(case.unit.better(0.8, 1.0)):
        case.put("archived_date", day_after(case.unit, day, 1, 20))
