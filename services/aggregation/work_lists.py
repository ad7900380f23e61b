"""Work lists as messages: counted by office, and entry by entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from geju.aggregation.v1 import work_pb2 as pb

from services.aggregation import catalogue
from services.aggregation.board import pattern_of
from services.aggregation.figures import Figures
from services.aggregation.indicator import Indicator, Work
from services.aggregation.provenance import kind_name, profile_label, record_name
from services.aggregation.work import Count, Entry
from services.chassis.domain.dates import from_date
from services.chassis.domain.profile import Profile

Sums = tuple[int, int, int]


def lists_of(profile: Profile, patterns: Collection[str]) -> list[Indicator]:
    """Return the indicators with a work list that stand under some patterns (none: all), in order of their codes."""
    return [i for i in catalogue.WORK.values() if not patterns or pattern_of(profile, i) in patterns]


def work_of(indicator: Indicator) -> Work:
    """Return the work list of an indicator that has one."""
    assert indicator.work is not None
    return indicator.work


def has_due(indicator: Indicator) -> bool:
    """Tell whether the entries of an indicator's list have a last day."""
    return any(task.due is not None for task in indicator.tasks)


def whole(counted: Iterable[Count]) -> Sums:
    """Return items, overdue and due soon, those of two offices once."""
    items, overdue, soon = 0, 0, 0
    for count in counted:
        items, overdue, soon = items + count.items, overdue + count.overdue, soon + count.soon
    return items, overdue, soon


def by_office(counted: Iterable[Count], offices: Collection[str] | None = None) -> dict[str, Sums]:
    """Return the same of each office that is asked for (None: of all), those of two offices at both."""
    items, overdue, soon = Counter[str](), Counter[str](), Counter[str]()
    for count in counted:
        for office in {count.office, count.second} - {""}:
            if offices is None or office in offices:
                items[office] += count.items
                overdue[office] += count.overdue
                soon[office] += count.soon
    return {office: (items[office], overdue[office], soon[office]) for office in items}


def list_message(
    indicator: Indicator, counted: Sequence[Count], offices: Collection[str] | None, figures: Figures
) -> pb.WorkList:
    """Return a work list with its entries counted."""
    work, (items, overdue, soon) = work_of(indicator), whole(counted)
    message = pb.WorkList(
        list=indicator.code,
        label=work.zh,
        act=work.act,
        indicator_label=indicator.zh,
        pattern=pattern_of(figures.profile, indicator),
        has_due=has_due(indicator),
        items=items,
        overdue=overdue,
        due_soon=soon,
    )
    found = by_office(counted, offices)
    for unit in sorted(found, key=lambda unit: (-found[unit][0], unit)):
        items, overdue, soon = found[unit]
        label = figures.unit_label(unit)
        message.offices.add(unit=unit, unit_label=label, items=items, overdue=overdue, due_soon=soon)
    return message


def item_message(indicator: Indicator, entry: Entry, figures: Figures) -> pb.WorkItem:
    """Return an entry of a work list."""
    record = record_name(entry.collection, entry.id)
    return pb.WorkItem(
        list=indicator.code,
        record=record,
        kind=kind_name(record),
        label=profile_label(figures.profile, entry.collection, entry.id),
        office=entry.office,
        office_label=figures.unit_label(entry.office),
        second_office=entry.second,
        second_office_label=figures.unit_label(entry.second) if entry.second else "",
        act=work_of(indicator).act,
        due_date=None if entry.due is None else from_date(entry.due),
        overdue=entry.due is not None and entry.due < figures.as_of,
        reason=entry.reason,
        reason_label=catalogue.work_reasons(indicator)[entry.reason],
        detail=entry.detail,
    )
