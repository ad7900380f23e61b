"""The catalogue: every declared indicator, checked as a whole when it is imported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from importlib.resources import files
from pkgutil import iter_modules

import yaml
from google.protobuf.descriptor import EnumDescriptor
from sqlalchemy import Boolean, Column

from services.aggregation import indicators as declared
from services.aggregation import sql
from services.aggregation.indicator import (
    ENDED,
    NOT_IN_PERIOD,
    Census,
    Condition,
    Expression,
    Flow,
    Form,
    Indicator,
)
from services.aggregation.plan_flow import check_when
from services.chassis.contract import value_label


class CatalogueError(TypeError):
    """A declaration contradicts itself or another; the message names it."""


@cache
def clauses() -> Mapping[str, str]:
    """Return the clauses of the plan by id, with the words each rests on."""
    entries: list[dict[str, str]] = yaml.safe_load(files(__package__).joinpath("clauses.yaml").read_text("utf-8"))
    return {entry["id"]: entry["zh"] for entry in entries}


def check(catalogue: Iterable[Indicator]) -> None:
    """Refuse a catalogue with a fault. Raises CatalogueError."""
    by_code: dict[str, Indicator] = {}
    for indicator in catalogue:
        if indicator.code in by_code or not indicator.zh or "." not in indicator.code:
            raise CatalogueError(f"{indicator.code}: code is taken or unfit, or the label is missing")
        by_code[indicator.code] = indicator
    for indicator in by_code.values():
        if unknown := set(indicator.clauses) - clauses().keys():
            raise CatalogueError(f"{indicator.code}: no such clause: {sorted(unknown)}")
        _check_form(indicator, by_code)
        _check_sources(indicator)
        _check_sensitive(indicator, by_code)
        _check_work(indicator)


def _check_work(indicator: Indicator) -> None:
    work = indicator.work
    if work is None:
        return
    conditions = [condition for task in indicator.tasks for condition in task.who.of]
    if not (work.zh and work.act and indicator.tasks) or not all(task.who.of for task in indicator.tasks):
        raise CatalogueError(f"{indicator.code}: a work list says what is on it, what is to be done, and when it is")
    if work.behind and work.behind not in {condition.reason for condition in conditions}:
        raise CatalogueError(f"{indicator.code}: nobody on the work list is behind for {work.behind}")
    if len(work.steps) not in {0, len(indicator.censuses)} or (work.steps and indicator.form is not Form.QUOTA):
        raise CatalogueError(f"{indicator.code}: each census of a quota has its own steps")


def _check_form(indicator: Indicator, by_code: Mapping[str, Indicator]) -> None:
    wanted = {
        Form.STOCK: "censuses", Form.SHARE: "censuses", Form.QUOTA: "censuses", Form.GROWTH: "base",
    }.get(indicator.form, "flows")  # fmt: skip
    windows = [census.window for census in indicator.censuses]
    # What happened in a period may be held against what is in force at its end.
    happens = any(windows) if indicator.form is Form.RATIO else bool(windows) and all(windows)
    if wanted == "flows" and happens:
        wanted = "censuses"
    given = [name for name in ("flows", "censuses", "base") if getattr(indicator, name)]
    if given != [wanted]:
        raise CatalogueError(f"{indicator.code}: a {indicator.form} is declared by {wanted}, not {given}")
    if indicator.base and indicator.base not in by_code:
        raise CatalogueError(f"{indicator.code}: no such base: {indicator.base}")
    if indicator.base and any(flow.split for flow in by_code[indicator.base].flows):
        raise CatalogueError(f"{indicator.code}: a growth does not compare amounts that are split")
    if indicator.form is Form.QUOTA and not all(windows):
        raise CatalogueError(f"{indicator.code}: a quota counts who was there on any day of the year")


def _check_sources(indicator: Indicator) -> None:
    reasons: dict[str, str] = dict((ENDED, NOT_IN_PERIOD))
    for source in indicator.sources:
        if source.breakdowns != indicator.by:
            raise CatalogueError(f"{indicator.code}: sources differ in their breakdowns")
        if isinstance(source, Flow):
            _check_split(indicator, source)
        said = [(condition.reason, condition.zh) for condition in (*source.over, *source.of)]
        for reason, zh in [*said, *([source.past] if isinstance(source, Census) else [])]:
            if reasons.setdefault(reason, zh) != zh or not zh:
                raise CatalogueError(f"{indicator.code}: reason {reason} has no label, or two")
        if isinstance(source, Flow):
            check_when(source.when)
            if any(sql.asks_for_period(e) for e in source.expressions):
                raise CatalogueError(f"{indicator.code}: a flow asks what happened within a period; a census can")
            read = {column.table for column in sql.columns(*source.expressions)}
            looked_up = read - {source.table} - {link.table for link in source.links}
            if looked_up:
                raise CatalogueError(f"{indicator.code}: looks up {looked_up} without a link to its cells")


def _check_split(indicator: Indicator, flow: Flow) -> None:
    if flow.split and (indicator.form is not Form.SUM or not flow.split.keys() <= indicator.key_enum.keys()):
        raise CatalogueError(f"{indicator.code}: what is split is a sum, under keys that have labels")
    for breakdown, amounts in flow.split.items():
        if unknown := amounts.keys() - {*_closed_keys(indicator, breakdown)}:
            raise CatalogueError(f"{indicator.code}: {breakdown} has no such keys: {sorted(unknown)}")


def _check_sensitive(indicator: Indicator, by_code: Mapping[str, Indicator]) -> None:
    if indicator.sensitive - {*indicator.by} or (indicator.sensitive and indicator.form is Form.SUM):
        raise CatalogueError(f"{indicator.code}: small cells of its breakdowns are counts; sums and others have none")
    for breakdown in indicator.sensitive:
        if len(_closed_keys(indicator, breakdown)) < 2:
            raise CatalogueError(
                f"{indicator.code}: a cell of {breakdown} could be withheld alone: its keys are not known"
            )
    for breakdown, told in indicator.told.items():
        rest = {*_closed_keys(indicator, breakdown)} - told
        if breakdown not in indicator.sensitive or len(told) < 2 or len(rest) < 2:
            raise CatalogueError(f"{indicator.code}: the sum of one key, or of all but one, would tell it")
    if indicator.office_sensitive and (indicator.by or indicator.form in {Form.SUM, Form.GROWTH}):
        raise CatalogueError(f"{indicator.code}: the parts of an office's figure, or its growth, would tell it")
    base = by_code.get(indicator.base)
    if base is not None and base.office_sensitive:
        raise CatalogueError(f"{indicator.code}: a growth would tell the offices' figures that it compares")
    if base is not None and (indicator.sensitive or (base.sensitive and base.form.has_total)):
        raise CatalogueError(f"{indicator.code}: a growth is as sensitive as the counts that it compares")


def _enum_of(indicator: Indicator, breakdown: str) -> EnumDescriptor | None:
    if breakdown in indicator.key_enum:
        return indicator.key_enum[breakdown]
    expression: Expression = indicator.sources[0].by[breakdown]
    found: EnumDescriptor | None = expression.info.get("enum") if isinstance(expression, Column) else None
    return found


def _closed_keys(indicator: Indicator, breakdown: str) -> tuple[str, ...]:
    expression = indicator.sources[0].by.get(breakdown)
    if expression is not None and isinstance(expression.type, Boolean):
        return ("false", "true")
    enum = _enum_of(indicator, breakdown)
    return () if enum is None else tuple(sql.value_code(enum, v.number) for v in enum.values if v.number)


def _load() -> tuple[Indicator, ...]:
    names = sorted(module.name for module in iter_modules(declared.__path__))
    modules = (import_module(f"{declared.__name__}.{name}") for name in names)
    found = tuple(indicator for module in modules for indicator in module.INDICATORS)
    check(found)
    return tuple(sorted(found, key=lambda indicator: indicator.code))


INDICATORS = _load()
BY_CODE: Mapping[str, Indicator] = {indicator.code: indicator for indicator in INDICATORS}


def key_enum(indicator: Indicator, breakdown: str) -> EnumDescriptor | None:
    """Return the enum that a breakdown's keys come from; None when they are codes of the profile or yes/no."""
    return _enum_of(BY_CODE.get(indicator.base, indicator), breakdown)


def closed_keys(indicator: Indicator, breakdown: str) -> tuple[str, ...]:
    """Return all keys that a breakdown can have; none when the contract does not close the list."""
    return _closed_keys(BY_CODE.get(indicator.base, indicator), breakdown)


def sensitive(indicator: Indicator) -> frozenset[str]:
    """Return the breakdowns whose small cells are withheld; of a growth those of what it compares."""
    return BY_CODE.get(indicator.base, indicator).sensitive


def key_groups(indicator: Indicator, breakdown: str) -> tuple[frozenset[str], ...]:
    """Return the keys of a sensitive breakdown in groups whose sums are shown: all, or those told and others."""
    base = BY_CODE.get(indicator.base, indicator)
    keys, told = frozenset(_closed_keys(base, breakdown)), base.told.get(breakdown, frozenset())
    return (told, keys - told) if told else (keys,)


def key_label(indicator: Indicator, breakdown: str, key: str) -> str:
    """Return the Chinese label of a breakdown's key; the key itself when the contract has none."""
    enum = key_enum(indicator, breakdown)
    if enum is None:
        return key
    return next((value_label(v) for v in enum.values if sql.value_code(enum, v.number) == key), key)


def reasons(indicator: Indicator) -> Mapping[str, str]:
    """Return every reason code that an indicator's figures declare with its label."""
    conditions: list[Condition] = [c for source in indicator.sources for c in (*source.over, *source.of)]
    ended = dict(census.ended for census in indicator.censuses if census.ended)
    return ended | {condition.reason: condition.zh for condition in conditions}


def work_reasons(indicator: Indicator) -> Mapping[str, str]:
    """Return every reason for which something is on an indicator's work list, with its label."""
    return {condition.reason: condition.zh for task in indicator.tasks for condition in task.who.of}


#: The work lists by code.
WORK: Mapping[str, Indicator] = {indicator.code: indicator for indicator in INDICATORS if indicator.work is not None}
