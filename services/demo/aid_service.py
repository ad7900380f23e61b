"""Invented service of legal aid to everybody: consultations, satisfaction, fees reduced, donations."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from geju.funds.v1 import fund_entry_pb2, fund_entry_service_pb2
from geju.legalaid.v1 import aid_case_pb2, aid_survey_answer_pb2, consultation_pb2, fee_relief_pb2
from geju.legalaid.v1 import aid_case_service_pb2 as cases_rpc
from geju.legalaid.v1 import aid_survey_answer_service_pb2 as survey_rpc
from geju.legalaid.v1 import consultation_service_pb2 as consultation_rpc
from geju.legalaid.v1 import fee_relief_service_pb2 as relief_rpc
from google.type.date_pb2 import Date

from services.chassis.domain.dates import from_date, set_date, to_date
from services.demo import rounds
from services.demo.aid_applications import ANYBODY
from services.demo.district import OfficeLife, Scene, day_in, months
from services.demo.firms import Firm
from services.demo.people import choose, day_after
from services.demo.supervised import DAY

C, T = consultation_pb2.ConsultationChannel, consultation_pb2.ConsultationTopic
A, F = aid_survey_answer_pb2.AidSatisfaction, fee_relief_pb2
MONTHS, GROWTH = 12, 1.12
CHANNELS = {
    C.CONSULTATION_CHANNEL_HOTLINE: 52, C.CONSULTATION_CHANNEL_WINDOW: 16, C.CONSULTATION_CHANNEL_STATION: 24,
    C.CONSULTATION_CHANNEL_ONLINE: 5, C.CONSULTATION_CHANNEL_LETTER: 3,
}  # fmt: skip
TOPICS = {
    T.CONSULTATION_TOPIC_LABOUR: 28, T.CONSULTATION_TOPIC_FAMILY: 20, T.CONSULTATION_TOPIC_TRAFFIC: 9,
    T.CONSULTATION_TOPIC_DEBT: 14, T.CONSULTATION_TOPIC_LAND: 4, T.CONSULTATION_TOPIC_PROPERTY: 7,
    T.CONSULTATION_TOPIC_CRIMINAL: 4, T.CONSULTATION_TOPIC_CONSUMER: 5, T.CONSULTATION_TOPIC_ADMINISTRATIVE: 3,
    T.CONSULTATION_TOPIC_OTHER: 6,
}  # fmt: skip
LABOUR = {aid_case_pb2.AID_MATTER_WORK_INJURY, aid_case_pb2.AID_MATTER_UNPAID_WAGES}
#: Of a hundred applications, how many came of a consultation.
LED_TO = 0.25
SATISFIED = {
    A.AID_SATISFACTION_VERY_SATISFIED: 55, A.AID_SATISFACTION_SATISFIED: 41, A.AID_SATISFACTION_FAIR: 3,
    A.AID_SATISFACTION_DISSATISFIED: 1,
}  # fmt: skip
ASKED = 0.4
#: Fees reduced a year, in the middle year.
RELIEFS, RELIEF_GROWTH = 150, 1.1
DONATED, DONATIONS, GIVEN = "legal_aid_donated", 4, 2_000_000
Consultation = consultation_rpc.ConsultationImportRow


class Draw:
    """Draws by weight again and again, fast: there are many consultations."""

    def __init__(self, rng: random.Random, weights: Mapping[Any, int]) -> None:
        """Add the weights up once."""
        self._rng, self._values, self._sums = rng, list(weights), list(accumulate(weights.values()))

    def __call__(self, count: int) -> list[Any]:
        """Return so many values."""
        return self._rng.choices(self._values, cum_weights=self._sums, k=count)


def consultations(scene: Scene, per_year: float) -> Iterator[tuple[int, list[Consultation]]]:
    """Give the consultations year by year, about `per_year` in the middle one; stations hold theirs in the offices."""
    bureau, rng = scene.bureau, scene.bureau.rng
    channels, topics, groups = Draw(rng, CHANNELS), Draw(rng, TOPICS), Draw(rng, ANYBODY)
    codes, shares = [life.code for life in scene.lives], [life.share for life in scene.lives]
    number, year, rows = 0, scene.first_year, list[Consultation]()
    for month in months(scene.first_year, scene.today):
        if month.year != year:
            yield year, rows
            number, year, rows = 0, month.year, []
        level = round(per_year / MONTHS * GROWTH ** (month.year - scene.first_year - 2) * rng.uniform(0.93, 1.07))
        days = sorted(day_in(rng, month) for _ in range(level))
        drawn = zip(
            days, channels(level), topics(level), groups(level), rng.choices(codes, shares, k=level), strict=True
        )
        for day, channel, topic, group, office in drawn:
            if day > scene.today:
                continue
            number += 1
            hotline = channel == C.CONSULTATION_CHANNEL_HOTLINE
            consultation = consultation_pb2.Consultation(
                office=office if channel == C.CONSULTATION_CHANNEL_STATION else bureau.code,
                key=f"{bureau.mark}ZX{year}-{number:05d}",
                channel=channel,
                topic=topic,
                held_date=Date(year=day.year, month=day.month, day=day.day),
                groups=[group] if number % 3 else [],
                waited_seconds=rng.randint(3, 180) if hotline else 0,
                minutes=rng.randint(2, 40),
            )
            rows.append(Consultation(consultation=consultation))
    yield year, rows


def led_to(applications: Sequence[cases_rpc.AidCaseImportRow], bureau: OfficeLife) -> Iterator[Consultation]:
    """Give the consultations that led to an application, on the day itself or some days before."""
    for case in (row.aid_case for row in applications):
        received = to_date(case.received_date)
        if received is None or case.notifying_organ or not bureau.chance(LED_TO):
            continue
        row = Consultation()
        consultation = row.consultation
        consultation.office, consultation.key, consultation.aid_case = case.office, f"ZX-{case.key}", case.key
        at_the_centre = case.office == bureau.code
        consultation.channel = C.CONSULTATION_CHANNEL_WINDOW if at_the_centre else C.CONSULTATION_CHANNEL_STATION
        consultation.topic = T.CONSULTATION_TOPIC_LABOUR if case.matter in LABOUR else choose(bureau, TOPICS)
        consultation.groups.extend(case.groups)
        consultation.minutes = bureau.rng.randint(10, 60)
        set_date(consultation.held_date, received - bureau.rng.choice([0, 0, 1, 2, 7]) * DAY)
        yield row


def answers(
    applications: Sequence[cases_rpc.AidCaseImportRow], scene: Scene
) -> Iterator[survey_rpc.AidSurveyAnswerImportRow]:
    """Give what recipients said some weeks after the closing; nothing in an answer says whose it is."""
    bureau, number = scene.bureau, 0
    for case in (row.aid_case for row in applications):
        closed = to_date(case.closed_date) if case.HasField("closed_date") else None
        if closed is None or not bureau.chance(ASKED):
            continue
        answered = day_after(bureau, closed, 5, 60)
        if answered <= scene.today:
            number += 1
            row = survey_rpc.AidSurveyAnswerImportRow()
            answer = row.aid_survey_answer
            answer.office, answer.key, answer.kind = case.office, f"{bureau.mark}HF{number:05d}", case.kind
            answer.satisfaction = choose(bureau, SATISFIED)
            set_date(answer.answered_date, answered)
            yield row


def reliefs(scene: Scene, found: Sequence[Firm]) -> Iterator[relief_rpc.FeeReliefImportRow]:
    """Give the fees that firms reduced or waived, more from year to year, entered where the firm has its seat."""
    bureau, number = scene.bureau, 0
    for month in months(scene.first_year, scene.today):
        level = RELIEFS / MONTHS * RELIEF_GROWTH ** (month.year - scene.first_year - 2)
        for _ in range(int(level + bureau.rng.random())):
            granted, firm = day_in(bureau.rng, month), bureau.rng.choice(found)
            if granted > scene.today or not firm.licensed(granted):
                continue
            number += 1
            row = relief_rpc.FeeReliefImportRow()
            relief = row.fee_relief
            relief.office, relief.key, relief.firm = firm.life.code, f"{bureau.mark}JM{number:05d}", firm.number
            relief.kind = F.FEE_RELIEF_KIND_REDUCED if bureau.chance(0.7) else F.FEE_RELIEF_KIND_WAIVED
            relief.amount_fen = bureau.rng.randint(5, 60) * 10_000
            relief.groups.append(choose(bureau, ANYBODY))
            set_date(relief.granted_date, granted)
            yield row


def funds(scene: Scene) -> Iterator[fund_entry_service_pb2.FundEntryImportRow]:
    """Give the budgets, and for the earmark of donations what was donated and passed on to recipients."""
    for row in rounds.budgets(scene.profile, "legalaid", scene.first_year, scene.today, scene.bureau.mark):
        if row.fund_entry.earmark != DONATED:
            yield row
    bureau, rng = scene.bureau, scene.bureau.rng
    for year in range(scene.first_year, scene.today.year + 1):
        given = 0
        for number in range(1, DONATIONS + year - scene.first_year + 1):
            day = dt.date(year, 1, 15) + rng.randrange(300) * DAY
            amount = rng.randint(1, 10) * GIVEN // 10
            yield _entry(bureau, fund_entry_pb2.FUND_ENTRY_KIND_DONATION, (year, f"J{number}"), day, amount)
            given += amount
        spent = _entry(bureau, fund_entry_pb2.FUND_ENTRY_KIND_SPENDING, (year, "Z1"), dt.date(year, 12, 10), given // 2)
        spent.fund_entry.purpose = "relief"
        yield spent


def _entry(
    bureau: OfficeLife, kind: fund_entry_pb2.FundEntryKind.ValueType, number: tuple[int, str], day: dt.date, fen: int
) -> fund_entry_service_pb2.FundEntryImportRow:
    row = fund_entry_service_pb2.FundEntryImportRow()
    entry = row.fund_entry
    entry.office, entry.earmark, entry.kind = bureau.code, DONATED, kind
    entry.year, entry.key = number[0], f"{bureau.mark}{DONATED}-{number[0]}-{number[1]}"
    entry.amount_fen = fen // 100 * 100
    entry.entry_date.CopyFrom(from_date(day))
    return row
