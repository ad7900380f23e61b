"""Invented applications for legal aid and cases ordered by notice: who comes, with what, on what ground."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from geju.legalaid.v1 import aid_case_pb2 as pb
from geju.legalaid.v1 import aid_case_service_pb2 as rpc

from services.chassis.domain.dates import set_date
from services.demo.district import OfficeLife
from services.demo.people import choose

M, G, H = pb.AidMatter, pb.AidGroup, pb.HardshipBasis
PATHS = {
    pb.AID_PATH_APPLICATION: 84, pb.AID_PATH_NOTIFIED_DEFENCE: 10, pb.AID_PATH_NOTIFIED_REPRESENTATION: 2,
    pb.AID_PATH_DUTY_LAWYER: 2, pb.AID_PATH_CUSTODY: 2,
}  # fmt: skip
NOTIFIED = {pb.AID_PATH_NOTIFIED_DEFENCE, pb.AID_PATH_NOTIFIED_REPRESENTATION}
CRIMINAL_PATHS = {*NOTIFIED, pb.AID_PATH_DUTY_LAWYER, pb.AID_PATH_CUSTODY}
ORGANS = ("示例人民法院", "示例人民检察院", "示例公安分局")
MATTERS = {
    M.AID_MATTER_UNPAID_WAGES: 26, M.AID_MATTER_WORK_INJURY: 18, M.AID_MATTER_SUPPORT: 10, M.AID_MATTER_TRAFFIC: 14,
    M.AID_MATTER_MEDICAL: 4, M.AID_MATTER_FAMILY: 14, M.AID_MATTER_SOCIAL_INSURANCE: 4,
    M.AID_MATTER_RELIEF_AND_PENSION: 2, M.AID_MATTER_STATE_COMPENSATION: 1, M.AID_MATTER_OTHER: 7,
}  # fmt: skip
KINDS = {pb.AID_KIND_CIVIL: 90, pb.AID_KIND_NON_LITIGATION: 10}
ADMINISTRATIVE = {M.AID_MATTER_SOCIAL_INSURANCE, M.AID_MATTER_RELIEF_AND_PENSION, M.AID_MATTER_STATE_COMPENSATION}
WORKERS = {M.AID_MATTER_UNPAID_WAGES, M.AID_MATTER_WORK_INJURY}
#: To whom a matter happens; the rest of the groups come by chance.
TYPICAL: Mapping[int, Mapping[pb.AidGroup.ValueType, int]] = {
    M.AID_MATTER_UNPAID_WAGES: {G.AID_GROUP_MIGRANT_WORKER: 86, G.AID_GROUP_MIGRANT_RESIDENT: 14},
    M.AID_MATTER_WORK_INJURY: {
        G.AID_GROUP_MIGRANT_WORKER: 74, G.AID_GROUP_MIGRANT_RESIDENT: 16, G.AID_GROUP_FARMER: 10,
    },
    M.AID_MATTER_SUPPORT: {G.AID_GROUP_ELDERLY: 60, G.AID_GROUP_MINOR: 28, G.AID_GROUP_DISABLED: 12},
    M.AID_MATTER_FAMILY: {G.AID_GROUP_WOMAN: 100},
    M.AID_MATTER_CRIMINAL_DEFENCE: {G.AID_GROUP_MINOR: 52, G.AID_GROUP_DISABLED: 8, G.AID_GROUP_OTHER: 40},
}  # fmt: skip
ANYBODY = {
    G.AID_GROUP_ELDERLY: 18, G.AID_GROUP_DISABLED: 14, G.AID_GROUP_WOMAN: 16, G.AID_GROUP_FARMER: 24,
    G.AID_GROUP_MIGRANT_RESIDENT: 14, G.AID_GROUP_MILITARY_FAMILY: 3, G.AID_GROUP_OTHER: 11,
}  # fmt: skip
CHANNELS = {
    G.AID_GROUP_DISABLED: pb.GREEN_CHANNEL_GROUND_DISABLED, G.AID_GROUP_ELDERLY: pb.GREEN_CHANNEL_GROUND_ELDERLY,
    G.AID_GROUP_MINOR: pb.GREEN_CHANNEL_GROUND_MINOR, G.AID_GROUP_MILITARY_FAMILY: pb.GREEN_CHANNEL_GROUND_MILITARY,
}  # fmt: skip
BASES = {
    H.HARDSHIP_BASIS_EVIDENCE: 52, H.HARDSHIP_BASIS_DECLARATION: 8, H.HARDSHIP_BASIS_EXEMPT_MINIMUM_ALLOWANCE: 26,
    H.HARDSHIP_BASIS_EXEMPT_FIVE_GUARANTEES: 5, H.HARDSHIP_BASIS_EXEMPT_WELFARE_INSTITUTION: 3,
    H.HARDSHIP_BASIS_EXEMPT_GOOD_SAMARITAN: 2, H.HARDSHIP_BASIS_EXEMPT_RELIEF_DISASTER: 4,
}  # fmt: skip
BY_INCOME = {H.HARDSHIP_BASIS_EVIDENCE, H.HARDSHIP_BASIS_DECLARATION}
EXEMPT_WORKERS, VIOLENCE, DISABLED_RELIEF = 0.85, 0.3, 0.4
WORKERS_GREEN, GROUP_GREEN, URGENT = 0.6, 0.25, 0.01
GRAVEST = {
    pb.GRAVEST_PENALTY_NONE: 86, pb.GRAVEST_PENALTY_LIFE: 9, pb.GRAVEST_PENALTY_DEATH: 5,
}  # fmt: skip
SUMMARY = "演示数据:申请法律援助。"


@dataclass
class Aid:
    """A case on its way: the unit that took it, its row, the day it came in, today and the standard of that day."""

    life: OfficeLife
    row: rpc.AidCaseImportRow
    received: dt.date
    today: dt.date
    standard_fen: int

    @property
    def record(self) -> pb.AidCase:
        """The record in the row."""
        return self.row.aid_case

    @property
    def notified(self) -> bool:
        """Ordered by notice."""
        return self.record.path in NOTIFIED

    def put(self, field: str, day: dt.date) -> bool:
        """Write the day of a step that has come already; says whether it has."""
        if day <= self.today:
            set_date(getattr(self.record, field), day)
        return day <= self.today


def received(aid: Aid, number: int) -> None:
    """Fill in what an application or a notice says."""
    life, record = aid.life, aid.record
    record.office, record.key = life.code, f"{life.mark}FY{aid.received.year}-{number:04d}"
    record.path, record.summary = choose(life, PATHS), SUMMARY
    if life.places:
        record.place = life.place(aid.received)
    set_date(record.received_date, aid.received)
    _about(aid)
    _who(aid, number)
    _means(aid)
    if record.path == pb.AID_PATH_CUSTODY:
        _custody(aid)


def _about(aid: Aid) -> None:
    life, record = aid.life, aid.record
    if record.path in CRIMINAL_PATHS:
        record.kind, record.matter = pb.AID_KIND_CRIMINAL, M.AID_MATTER_CRIMINAL_DEFENCE
        record.gravest_penalty = choose(life, GRAVEST)
        if aid.notified:
            record.notifying_organ = life.rng.choice(ORGANS)
        return
    record.matter = choose(life, MATTERS)
    record.kind = pb.AID_KIND_ADMINISTRATIVE if record.matter in ADMINISTRATIVE else choose(life, KINDS)


def _who(aid: Aid, number: int) -> None:
    life, record = aid.life, aid.record
    groups = {choose(life, TYPICAL.get(record.matter, ANYBODY))}
    if life.chance(0.3):
        groups.add(choose(life, ANYBODY))
    if len(groups) > 1:
        groups.discard(G.AID_GROUP_OTHER)
    if G.AID_GROUP_MINOR in groups:
        groups.discard(G.AID_GROUP_ELDERLY)
    record.groups.extend(sorted(groups))
    record.person_name, record.phone = f"示例{life.person()}", f"000-{life.rng.randrange(10**7):07d}"
    record.address = f"演示路{life.rng.randint(1, 300)}号"
    age = _age(life, groups)
    # No authority numbers like this: there is no such region, nor a 32nd of December.
    record.id_number = f"{life.region}{aid.received.year - age}1232{number:04d}"


def _age(life: OfficeLife, groups: set[pb.AidGroup.ValueType]) -> int:
    if G.AID_GROUP_MINOR in groups:
        return life.rng.randint(10, 17)
    return life.rng.randint(60, 85) if G.AID_GROUP_ELDERLY in groups else life.rng.randint(18, 59)


def _means(aid: Aid) -> None:
    """Say on what hardship is judged, and whether the case goes through the green channel."""
    life, record = aid.life, aid.record
    if aid.notified:
        return
    groups = set(record.groups)
    workers = record.matter in WORKERS and G.AID_GROUP_MIGRANT_WORKER in groups
    if workers and life.chance(EXEMPT_WORKERS):
        record.hardship = H.HARDSHIP_BASIS_EXEMPT_MIGRANT_WAGES
    elif record.matter == M.AID_MATTER_FAMILY and life.chance(VIOLENCE):
        record.hardship = H.HARDSHIP_BASIS_EXEMPT_DOMESTIC_VIOLENCE
    elif G.AID_GROUP_DISABLED in groups and life.chance(DISABLED_RELIEF):
        record.hardship = H.HARDSHIP_BASIS_EXEMPT_DISABLED_RELIEF
    else:
        record.hardship = choose(life, BASES)
    if record.hardship in BY_INCOME:
        record.monthly_income_fen = round(aid.standard_fen * life.rng.uniform(0.3, 1.0)) // 1000 * 1000
    record.green_channel = _channel(life, record, workers=workers)


def _channel(life: OfficeLife, record: pb.AidCase, *, workers: bool) -> pb.GreenChannelGround.ValueType:
    if workers and life.chance(WORKERS_GREEN):
        wages = record.matter == M.AID_MATTER_UNPAID_WAGES
        return pb.GREEN_CHANNEL_GROUND_MIGRANT_WAGES if wages else pb.GREEN_CHANNEL_GROUND_WORK_INJURY
    grounds = [CHANNELS[group] for group in record.groups if group in CHANNELS]
    if grounds and life.chance(GROUP_GREEN):
        return life.rng.choice(grounds)
    return pb.GREEN_CHANNEL_GROUND_URGENT if life.chance(URGENT) else pb.GREEN_CHANNEL_GROUND_UNSPECIFIED


def _custody(aid: Aid) -> None:
    """Say when custody got the application and when it was handed on: mostly within a day."""
    late = aid.life.chance(aid.life.better(0.3, 0.05))
    came = dt.datetime.combine(aid.received, dt.time(9), dt.UTC)
    took = dt.timedelta(hours=aid.life.rng.randint(26, 70) if late else aid.life.rng.randint(2, 22))
    aid.record.forwarded_time.FromDatetime(came)
    aid.record.custody_received_time.FromDatetime(came - took)
