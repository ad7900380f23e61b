"""Committees (调解委员会), valid from a day to a day; ending one keeps it for the past."""

from __future__ import annotations

from geju.mediation.v1 import committee_pb2

from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_places, check_span
from services.mediation.domain.register_errors import HostRequired, PlacesRequired

Committee = committee_pb2.Committee
_OF_A_PLACE = {committee_pb2.COMMITTEE_KIND_VILLAGE, committee_pb2.COMMITTEE_KIND_COMMUNITY}


def check(new: Committee, _old: Committee | None, rules: Rules) -> None:
    """Guard a committee on every change. Raises DateOrder, HostRequired, PlacesRequired, UnknownPlace.

    The committee of a village or community that names no place served serves the place it belongs to.
    """
    check_span(new)
    if (new.kind == committee_pb2.COMMITTEE_KIND_WINDOW) != bool(new.host):
        raise HostRequired("host")
    if new.kind in _OF_A_PLACE and not new.places:
        if not new.place:
            raise PlacesRequired("places")
        new.places.append(new.place)
    check_places(rules, new.office, new.places)
