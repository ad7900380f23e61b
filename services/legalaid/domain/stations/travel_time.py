"""Travel times (路程时间): how long it takes from a village or community to a station, one at a time."""

from __future__ import annotations

from collections.abc import Iterable

from geju.legalaid.v1 import travel_time_pb2 as pb

from services.chassis.domain.dates import to_date
from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span, overlap
from services.legalaid.domain.stations.errors import PlaceRequired, TravelTimeTaken


def check(new: pb.TravelTime, _old: pb.TravelTime | None, rules: Rules) -> None:
    """Guard a travel time on every change.

    Raises PlaceRequired, UnknownPlace (not the office's, or not in force on the first day), BadReference, DateOrder.
    """
    if not new.place:
        raise PlaceRequired("place")
    check_reference("station", new.station, "stations")
    check_span(new)
    rules.profile.place(new.place, on=to_date(new.from_date))


def check_alone(new: pb.TravelTime, others: Iterable[pb.TravelTime]) -> None:
    """Refuse a second travel time of a place and a station on a day. Raises TravelTimeTaken."""
    first, last = to_date(new.from_date), to_date(new.to_date)
    assert first is not None, "the contract requires the first day"
    for other in others:
        since = to_date(other.from_date)
        if (other.place, other.station) != (new.place, new.station) or since is None:
            continue
        if overlap(first, last, since, to_date(other.to_date)):
            raise TravelTimeTaken("from_date", since=since)
