"""Pairings (结对) of law firms with a judicial office, a grassroots legal-service office or a key project."""

from __future__ import annotations

from collections.abc import Iterable

from geju.legalservices.v1 import pairing_pb2 as pb

from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span, overlap
from services.legalservices.domain.outreach.errors import PairingTaken, PartnerMismatch
from services.legalservices.domain.registers.licence import span_of

#: The field that names a partner, and what a pairing of the kind needs.
_PARTNERS = {
    pb.PAIRING_PARTNER_JUDICIAL_OFFICE: ("", "与司法所结对的,不填基层法律服务所和重点工程"),
    pb.PAIRING_PARTNER_GRASSROOTS: ("grassroots_firm", "与基层法律服务所结对的,须填且只填基层法律服务所"),
    pb.PAIRING_PARTNER_KEY_PROJECT: ("project", "与重点工程结对的,须填且只填重点工程"),
}


def check(new: pb.Pairing, _old: pb.Pairing | None, rules: Rules) -> None:
    """Guard a pairing on every change. Raises BadReference, DateOrder, PartnerMismatch."""
    check_reference("firm", new.firm, "firms")
    check_reference("grassroots_firm", new.grassroots_firm, "firms")
    check_reference("project", new.project, "keyProjects")
    check_span(new)
    wanted, expected = _PARTNERS[new.partner]
    for field in ("grassroots_firm", "project"):
        if bool(getattr(new, field)) != (field == wanted):
            raise PartnerMismatch(field, expected=expected)
    if not wanted and new.office == rules.profile.code:
        raise PartnerMismatch("office", expected="与司法所结对的,司法所须填该司法所,不填区局")


def check_alone(pairing: pb.Pairing, others: Iterable[pb.Pairing]) -> None:
    """Refuse two pairings of a firm with the same partner on a day. Raises PairingTaken."""
    span = span_of(pairing, "from_date", "to_date")
    for other in others:
        theirs = span_of(other, "from_date", "to_date")
        if _partner(other) == _partner(pairing) and overlap(*span, *theirs):
            raise PairingTaken("from_date", since=theirs[0])


def _partner(pairing: pb.Pairing) -> tuple[int, str]:
    field, _ = _PARTNERS[pairing.partner]
    return pairing.partner, getattr(pairing, field or "office")
