"""Indicators and members as messages."""

from __future__ import annotations

from collections.abc import Mapping

from geju.aggregation.v1 import indicator_pb2 as pb
from geju.aggregation.v1.member_pb2 import Member as MemberMessage

from services.aggregation import catalogue, sql
from services.aggregation.board import department_label, pattern_label, pattern_of
from services.aggregation.figures import BETTER, FORMS, Figures, target_message
from services.aggregation.indicator import Indicator
from services.aggregation.members import GENERAL, Member, side
from services.aggregation.periods import Level
from services.aggregation.provenance import Origin, kind_name, record_name
from services.chassis.contract import value_label
from services.chassis.domain.dates import from_date
from services.chassis.domain.profile import Profile

PARTS = {"n": pb.PART_COUNTED, "total": pb.PART_AGAINST, "out": pb.PART_LEFT_OUT}
SIDES = {part: name for name, part in PARTS.items()}


def indicator_message(indicator: Indicator, profile: Profile) -> pb.Indicator:
    """Return an indicator as declared, with the district's targets."""
    base = catalogue.BY_CODE.get(indicator.base, indicator)
    weights = next((p.weights for p in profile.patterns if indicator.code in p.weights), {})
    targets = sorted((t for t in profile.targets if t.indicator == indicator.code), key=lambda t: t.from_year)
    return pb.Indicator(
        indicator=indicator.code,
        label=indicator.zh,
        pattern=pattern_of(profile, indicator),
        form=FORMS[indicator.form],
        better=BETTER[indicator.better],
        measure=indicator.unit,
        department=indicator.department,
        clauses=indicator.clauses,
        breakdowns=[_breakdown(indicator, name, profile) for name in indicator.by],
        reasons=[pb.Reason(reason=r, label=zh) for r, zh in {**catalogue.reasons(base), **GENERAL}.items()],
        targets=[target_message(target) for target in targets],
        weight=profile.weights.get(indicator.code, 0),
        levels=[level.value for level in Level if level in indicator.levels],
        note=indicator.note,
        office_sensitive=indicator.office_sensitive,
        department_label=department_label(profile, indicator),
        clause_details=[pb.Clause(clause=clause, label=catalogue.clauses()[clause]) for clause in indicator.clauses],
        pattern_label=pattern_label(profile, indicator),
        pattern_weights=sum(weights.values()),
    )


def keys(indicator: Indicator, breakdown: str, profile: Profile) -> Mapping[str, str]:
    """Return the keys of a breakdown with their labels: of the contract, the profile's earmarks, or yes and no."""
    if breakdown == "earmark":
        return {earmark.code: earmark.zh for earmark in profile.earmarks}
    enum = catalogue.key_enum(indicator, breakdown)
    if enum is None:
        return {"true": "是", "false": "否"}
    return {sql.value_code(enum, value.number): value_label(value) for value in enum.values if value.number}


def _breakdown(indicator: Indicator, name: str, profile: Profile) -> pb.Breakdown:
    found = keys(indicator, name, profile)
    return pb.Breakdown(
        breakdown=name,
        keys=[pb.BreakdownKey(key=key, label=zh) for key, zh in found.items()],
        sensitive=name in catalogue.sensitive(indicator),
    )


def member_message(
    member: Member, figures: Figures, origins: Mapping[str, Origin], indicator: Indicator
) -> MemberMessage:
    """Return a member with where its facts come from; of a hidden one only what it counts and why."""
    record = record_name(member.collection, member.id)
    origin = origins.get(record)
    message = MemberMessage(
        record=record,
        kind=kind_name(record),
        office=member.office,
        office_label=figures.unit_label(member.office) if member.office else "",
        part=PARTS[side(member)],
        reason=member.reason,
        reason_label=member.zh,
        detail=member.detail,
        when_date=from_date(member.when),
        n=member.n,
        denominator=member.total,
        revision=member.revision,
        source=origin.source if origin else "",
        second_office=member.second,
        second_office_label=figures.unit_label(member.second) if member.second else "",
        scale=indicator.scale,
        denominator_scale=indicator.total_scale,
    )
    if origin is not None:
        message.recorded_time.FromDatetime(origin.recorded)
    if member.hidden:
        message.sealed = True
        for name in ("record", "when_date", "revision", "recorded_time", "detail"):
            message.ClearField(name)
    return message
