"""Released persons (归正人员): announced, linked up with, registered, closed; listed by one office or by two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from geju.correction.v1 import released_person_pb2 as pb
from google.type.date_pb2 import Date

from services.chassis.domain import limits
from services.chassis.domain.dates import add_months, to_date
from services.chassis.domain.errors import AlreadyRecorded, DateOrder, InvalidField
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_span
from services.chassis.domain.steps import day, move, permit, put
from services.correction.domain.resettlement import tracking
from services.correction.domain.resettlement.errors import FiveYearsNotOver, LinkStillDue, NotSeparated
from services.correction.domain.resettlement.lifecycle import REGISTERED, STEP_FIELDS, TRANSITIONS, state_of

Person = pb.ReleasedPerson
#: Time limit for linking up.
LINK = "resettlement.link"
#: The file is to be closed.
FIVE_YEARS = "resettlement.five_years"
DUE_LABELS = {FIVE_YEARS: "列管期满"}
#: A release is announced at most so many months ahead.
_AHEAD = 12


def check(new: Person, old: Person | None, rules: Rules) -> None:
    """Guard a person on every change; what follows from the days is set by them.

    Raises InvalidField, DateOrder, NotSeparated, FiveYearsNotOver.
    """
    if _released(new) > add_months(rules.today, _AHEAD):
        raise InvalidField("released_date", expected="不晚于一年以后的日期")
    _forget_listing(new, old)
    _check_listing(new)
    _check_key(new)
    _follow(new, rules)
    _check_order(new)
    _check_closing(new)
    if new.birth_year > _released(new).year:
        raise InvalidField("birth_year", expected="出生年份不能晚于释放年份")


def link(person: Person, on: Date, rules: Rules) -> date:
    """Record that the office linked up with the person. Raises ImpossibleTransition, DateOrder, FutureDate."""
    permit(person, TRANSITIONS, "link")
    linked = day(rules, "linked_date", on, person.released_date)
    put(person, "linked_date", linked)
    return _moved(person, "link", linked, rules)


def record_not_linked(person: Person, on: Date, rules: Rules) -> date:
    """Establish that the person could not be linked up with in time. Raises ImpossibleTransition, LinkStillDue, …."""
    permit(person, TRANSITIONS, "not_linked")
    found = day(rules, "not_linked_date", on, person.released_date)
    due = link_due(person)
    if due is not None and found <= due:
        raise LinkStillDue("not_linked_date", due=due)
    put(person, "not_linked_date", found)
    return _moved(person, "not_linked", found, rules)


def register(person: Person, on: Date, rules: Rules) -> date:
    """Open the file of a linked person. Raises ImpossibleTransition, DateOrder, FutureDate."""
    permit(person, TRANSITIONS, "register")
    registered = day(rules, "registered_date", on, person.linked_date)
    put(person, "registered_date", registered)
    return _moved(person, "register", registered, rules)


def accept_listing(person: Person, on: Date, rules: Rules) -> date:
    """Record that the other end lists the person too. Raises ImpossibleTransition, NotSeparated, AlreadyRecorded, …."""
    permit(person, TRANSITIONS, "list")
    if not person.separated:
        raise NotSeparated("separated")
    if person.HasField("listed_date"):
        raise AlreadyRecorded("listed_date")
    listed = day(rules, "listed_date", on, person.announced_date)
    put(person, "listed_date", listed)
    return listed


def close(person: Person, on: Date, ground: pb.CloseGround.ValueType, rules: Rules) -> date:
    """Close the file. Raises ImpossibleTransition, FiveYearsNotOver, DateOrder, FutureDate."""
    step = "close_after_five_years" if ground == pb.CLOSE_GROUND_FIVE_YEARS else "close"
    permit(person, TRANSITIONS, step)
    closed = day(rules, "closed_date", on, person.announced_date, person.linked_date, person.registered_date)
    person.close_ground = ground
    put(person, "closed_date", closed)
    _check_closing(person)
    return _moved(person, step, closed, rules)


def happened(person: Person) -> date | None:
    """Return the day a new file speaks of: of its last step, or of the notice; a changed one speaks of today."""
    if person.revision:
        return None
    steps = ("announced_date", "linked_date", "not_linked_date", "registered_date", "closed_date")
    return max((day for name in steps if (day := to_date(getattr(person, name))) is not None), default=None)


def link_due(person: Person) -> date | None:
    """Return the last day to link up; None when no rule sets one."""
    limit = limits.find(person.limits, LINK)
    return None if limit is None else to_date(limit.due)


def dues(person: Person) -> list[tuple[date, str]]:
    """Return the last day on which somebody on the books is looked after: the file is to be closed then."""
    due = to_date(person.five_years_due_date)
    return [(due, FIVE_YEARS)] if due is not None and person.state == REGISTERED else []


def changed_steps(new: Person, old: Person) -> Iterator[str]:
    """Give the fields of steps that a change touches; a confirmation that lapses with the residence is none."""
    lapsed = not new.HasField("listed_date") and _residence(new) != _residence(old)
    return (
        name
        for name in STEP_FIELDS
        if getattr(new, name) != getattr(old, name) and not (lapsed and name == "listed_date")
    )


def _residence(person: Person) -> tuple[bool, str]:
    return person.separated, person.residence_office


def _moved(person: Person, step: str, on: date, rules: Rules) -> date:
    move(person, TRANSITIONS, step)
    _follow(person, rules)
    return on


def _follow(person: Person, rules: Rules) -> None:
    """Set what follows from the days: state, limit, dues, seal."""
    released, registered = _released(person), to_date(person.registered_date)
    put(person, "five_years_due_date", tracking.five_years_due(released, rules))
    put(person, "first_visit_due_date", registered and tracking.visit_due(person, registered, rules))
    person.state = state_of(person)
    person.sealed = person.minor
    del person.limits[:]
    limit = limits.start(rules.profile.limits, LINK, released)
    if limit is not None:
        linked = to_date(person.linked_date)
        if linked is not None:
            limits.meet(limit, linked)
        elif person.HasField("closed_date"):
            limits.void(limit)
        person.limits.append(limit)


def _forget_listing(new: Person, old: Person | None) -> None:
    """Take back the other end's confirmation when there is another end, or none any more."""
    if old is None or new.listed_date != old.listed_date:
        return
    if _residence(new) != _residence(old):
        new.ClearField("listed_date")


def _check_listing(person: Person) -> None:
    if person.residence_office:
        if person.residence_office == person.office:
            raise InvalidField("residence_office", expected="居住地与户籍地为同一司法所时不填")
        if not person.separated:
            raise InvalidField("separated", expected="填写居住地司法所的,应为人户分离")
    if person.HasField("listed_date") and not person.separated:
        raise NotSeparated("listed_date")


def _check_key(person: Person) -> None:
    check_span(person, "key_from_date", "key_to_date")
    if bool(person.key_ground) != person.HasField("key_from_date"):
        raise InvalidField("key_from_date", expected="重点对象须同时填写事由和起始日期")


def _check_order(person: Person) -> None:
    """Refuse days out of order, and a step without the one before it. Raises DateOrder, InvalidField."""
    if person.HasField("registered_date") and not person.HasField("linked_date"):
        raise InvalidField("linked_date", expected="填写列管日期时须填衔接日期")
    for field, *before in _ORDER:
        found = to_date(getattr(person, field))
        earliest = max(
            (known for name in before if (known := to_date(getattr(person, name))) is not None), default=None
        )
        if found is not None and earliest is not None and found < earliest:
            raise DateOrder(field, date=found, earliest=earliest)


_ORDER: tuple[tuple[str, ...], ...] = (
    ("linked_date", "released_date"),
    ("not_linked_date", "released_date"),
    ("registered_date", "linked_date"),
    ("closed_date", "announced_date", "linked_date", "registered_date"),
)


def _check_closing(person: Person) -> None:
    """Refuse a closing without its ground or the other way round, and five years that are not over."""
    closed = to_date(person.closed_date)
    if (closed is not None) != bool(person.close_ground):
        raise InvalidField("close_ground", expected="撤管日期和撤管事由须同时填写")
    if person.close_ground != pb.CLOSE_GROUND_FIVE_YEARS or closed is None:
        return
    if not person.HasField("registered_date"):
        raise InvalidField("registered_date", expected="期满五年撤管的,须填列管日期")
    due = to_date(person.five_years_due_date)
    if due is not None and closed < due:
        raise FiveYearsNotOver("closed_date", due=due)


def _released(person: Person) -> date:
    released = to_date(person.released_date)
    assert released is not None, "the contract requires the day of release"
    return released
