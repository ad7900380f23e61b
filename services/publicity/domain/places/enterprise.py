"""Enterprises (企业): registered, of size and in the programme from day to day; sessions for their staff."""

from __future__ import annotations

from geju.publicity.v1 import education_session_pb2, enterprise_pb2

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import DateOrder, InvalidField
from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span
from services.publicity.domain.numbers import check_part
from services.publicity.domain.places.uses import span_of

Enterprise = enterprise_pb2.Enterprise
Session = education_session_pb2.EducationSession


def check(new: Enterprise, _old: Enterprise | None, _rules: Rules) -> None:
    """Guard an enterprise: its other spans lie in the days it is registered. Raises DateOrder, InvalidField."""
    check_span(new)
    for span in ("sized", "programme"):
        _check_within(new, f"{span}_from_date", f"{span}_to_date")
    if new.HasField("programme_from_date") != bool(new.programme_grade):
        raise InvalidField("programme_grade", expected="填写创建起始日期的须选创建等级,未参与创建的两项都不填")


def _check_within(enterprise: Enterprise, first: str, last: str) -> None:
    check_span(enterprise, first, last)
    registered, ended = span_of(enterprise)
    for field in (first, last):
        on = to_date(getattr(enterprise, field))
        if on is not None and on < registered:
            raise DateOrder(field, date=on, earliest=registered)
        if on is not None and ended is not None and on > ended:
            raise InvalidField(field, expected=f"不晚于企业的终止日期({ended})")


def check_session(new: Session, _old: Session | None, _rules: Rules) -> None:
    """Guard a session for staff. Raises BadReference, NumbersMismatch."""
    check_reference("enterprise", new.enterprise, "enterprises")
    check_part(new, "migrant_workers", "staff")
