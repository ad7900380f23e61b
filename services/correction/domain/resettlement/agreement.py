"""Helping agreements (帮教协议), in force from a day to a day."""

from __future__ import annotations

import re

from geju.correction.v1 import helping_agreement_pb2 as pb

from services.chassis.contract import value_label
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span
from services.correction.domain.subjects import RELEASED, check_person

_WRITTEN = re.compile(r"(.*?)\s*[(（]\s*(.*?)\s*[)）]\s*", re.DOTALL)
_KINDS = {
    value_label(value): pb.HelperKind.Value(value.name) for value in pb.HelperKind.DESCRIPTOR.values if value.number
}


def check(new: pb.HelpingAgreement, old: pb.HelpingAgreement | None, _rules: Rules) -> None:
    """Guard an agreement on every change. Raises NotAPerson, BadReference, DateOrder."""
    check_person(new, old, RELEASED)
    check_span(new)


def helper(text: str) -> pb.Helper:
    """Return a helper as people write one, "张某某(志愿者)"; of no kind where the brackets hold none, to be refused."""
    written = _WRITTEN.fullmatch(text)
    name, kind = written.groups() if written else (text, "")
    return pb.Helper(full_name=name.strip(), kind=_KINDS.get(kind, pb.HELPER_KIND_UNSPECIFIED))
