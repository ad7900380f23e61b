"""Episodes in which a person was out of supervision (脱管), from a day to a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from geju.correction.v1 import absconding_pb2, supervised_person_pb2

from services.chassis.domain.dates import to_date
from services.chassis.domain.errors import AlreadyRecorded, DateOrder
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span, overlap
from services.chassis.domain.steps import put
from services.correction.domain.errors import NotUnderCorrection
from services.correction.domain.subjects import SUPERVISED, check_person
from services.correction.domain.supervision import clocks, lifecycle
from services.correction.domain.supervision.errors import DaysTaken

Absconding = absconding_pb2.Absconding
SEARCH, UNKNOWN = "correction.search", "correction.unknown"


def check(new: Absconding, old: Absconding | None, rules: Rules) -> None:
    """Guard an episode on every change; its limit follows. Raises NotAPerson, DateOrder."""
    check_person(new, old, SUPERVISED)
    check_span(new)
    first, searched = to_date(new.from_date), to_date(new.searched_date)
    if searched is not None and first is not None and searched < first:
        raise DateOrder("searched_date", date=searched, earliest=first)
    sync(new, rules)


def sync(episode: Absconding, rules: Rules) -> None:
    """Keep the limits for the search, met by it or by finding the person, and for finding the person."""
    began, found = to_date(episode.from_date), to_date(episode.to_date)
    clocks.keep(episode, clocks.Clock(SEARCH, began, to_date(episode.searched_date) or found), rules)
    clocks.keep(episode, clocks.Clock(UNKNOWN, began, found), rules)


def check_person_and_others(
    episode: Absconding, person: supervised_person_pb2.SupervisedPerson, others: Iterable[Absconding]
) -> None:
    """Refuse an episode outside supervision or beside another. Raises NotUnderCorrection, DaysTaken."""
    first, last = to_date(episode.from_date), to_date(episode.to_date)
    assert first is not None, "the contract requires the first day"
    for field, day in (("from_date", first), ("to_date", last)):
        if day is not None and not lifecycle.supervised_on(person, day):
            raise NotUnderCorrection(field, date=day)
    for other in others:
        since = to_date(other.from_date)
        if since is not None and overlap(first, last, since, to_date(other.to_date)):
            raise DaysTaken("from_date", since=since)


def search(episode: Absconding, on: date, rules: Rules) -> None:
    """Record that the search began. Raises AlreadyRecorded."""
    if episode.HasField("searched_date"):
        raise AlreadyRecorded("searched_date")
    put(episode, "searched_date", on)
    sync(episode, rules)


def find(episode: Absconding, on: date, rules: Rules) -> None:
    """End an episode: the person was found; `on` is the last day out of supervision. Raises AlreadyRecorded."""
    if episode.HasField("to_date"):
        raise AlreadyRecorded("to_date")
    put(episode, "to_date", on)
    sync(episode, rules)
