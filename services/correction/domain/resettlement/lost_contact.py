"""Episodes in which released persons were out of touch (脱管), from a day to a day; no two at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from geju.correction.v1 import lost_contact_pb2 as pb

from services.chassis.domain.dates import set_date, to_date
from services.chassis.domain.errors import AlreadyRecorded
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span, overlap
from services.correction.domain.resettlement.errors import EpisodeTaken
from services.correction.domain.subjects import RELEASED, check_person


def check(new: pb.LostContact, old: pb.LostContact | None, _rules: Rules) -> None:
    """Guard an episode on every change. Raises NotAPerson, BadReference, DateOrder."""
    check_person(new, old, RELEASED)
    check_span(new)


def check_alone(new: pb.LostContact, others: Iterable[tuple[date, date | None]]) -> None:
    """Refuse an episode that shares a day with the days of another of the person. Raises EpisodeTaken."""
    first, last = _first(new), to_date(new.to_date)
    for since, until in others:
        if overlap(first, last, since, until):
            raise EpisodeTaken("from_date", since=since)


def regain(episode: pb.LostContact, on: date) -> None:
    """End an episode: the person is in touch again. Raises AlreadyRecorded."""
    if episode.HasField("to_date"):
        raise AlreadyRecorded("to_date")
    set_date(episode.to_date, on)


def _first(episode: pb.LostContact) -> date:
    first = to_date(episode.from_date)
    assert first is not None, "the contract requires the first day"
    return first
