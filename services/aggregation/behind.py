"""Who is behind the pace of a quota while the year runs: those whom the board names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from geju.aggregation.v1 import board_pb2

from services.aggregation.errors import NotMeasured
from services.aggregation.figures import Figures
from services.aggregation.indicator import Indicator
from services.aggregation.members import Member, Question, members
from services.aggregation.periods import Period
from services.aggregation.provenance import record_name
from services.aggregation.reader import Reader
from services.chassis.context import Caller
from services.chassis.domain.errors import UnknownPlace

#: Who is behind, by indicator.
Behind = Mapping[str, Sequence[board_pb2.Behind]]


@dataclass(frozen=True, slots=True)
class Whose:
    """Of whom it is asked, for which period, and by whom."""

    unit: str
    period: Period
    caller: Caller


async def behind(reader: Reader, figures: Figures, indicators: Iterable[Indicator], whose: Whose) -> Behind:
    """Return who of a unit is behind on the day of the figures, as far as the caller sees the office.

    Nobody is once the period is over, nor while the figures are those of another version of the catalogue.
    """
    paced = [indicator for indicator in indicators if indicator.behind]
    if not paced or not whose.period.start <= figures.as_of <= whose.period.end:
        return {}
    questions = [Question(i.code, whose.unit, whose.period.code, sides=frozenset({"total"})) for i in paced]
    try:
        async with reader.projection() as (conn, projection):
            found = [await members(conn, projection, question, figures.as_of) for question in questions]
    except NotMeasured:
        return {}
    return {
        i.code: [_message(i, member, figures) for member in missing if _is_behind(i, member, whose.caller)]
        for i, missing in zip(paced, found, strict=True)
    }


def _is_behind(indicator: Indicator, member: Member, caller: Caller) -> bool:
    return member.reason == indicator.behind and caller.sees(member.office) and not member.hidden


def _message(indicator: Indicator, member: Member, figures: Figures) -> board_pb2.Behind:
    return board_pb2.Behind(
        indicator=indicator.code,
        record=record_name(member.collection, member.id),
        label="" if member.collection else _label(member.id, figures),
        office=member.office,
        office_label=figures.unit_label(member.office),
        detail=member.detail,
        reason=member.reason,
    )


def _label(code: str, figures: Figures) -> str:
    """Return what people call an entry of the profile."""
    profile = figures.profile
    try:
        return profile.office(code).street_zh if profile.has_office(code) else profile.place(code).zh
    except UnknownPlace:
        return ""
