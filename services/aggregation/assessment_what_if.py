"""What an assessment is tried with: the district profile with other weights and targets, for one answer only."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from geju.aggregation.v1 import assessment_pb2 as pb

from services.aggregation import catalogue
from services.aggregation.board import assessed, pattern_of
from services.aggregation.errors import (
    NamedTwice,
    NoDecimal,
    NoSuchIndicatorToTry,
    NoTargetToWeigh,
    NotAssessed,
    NothingWeighed,
    OnlyWatched,
    TargetOutOfRange,
    UnknownPattern,
)
from services.aggregation.indicator import Better, Form, Indicator
from services.chassis.domain.profile import Pattern, Profile, Target

_LARGEST = Decimal(1_000_000_000)
_DIGITS = -6


def changes(what_if: pb.WhatIf) -> bool:
    """Tell whether anything is to be tried."""
    return bool(what_if.indicator_weights or what_if.pattern_weights or what_if.targets)


def tried(profile: Profile, what_if: pb.WhatIf, year: int, chosen: Collection[str] = ()) -> Profile:
    """Return a profile with the weights and targets of a what-if, these binding in a year; the given one stays.

    `chosen` are the patterns that are assessed, those of the district when none are named.

    Raises NoSuchIndicatorToTry, NotAssessed, UnknownPattern, NamedTwice, NoTargetToWeigh, OnlyWatched, NoDecimal,
    TargetOutOfRange, NothingWeighed.
    """
    aimed = replace(profile, targets=_targets(profile, what_if, year))
    weighed = replace(aimed, patterns=_patterns(aimed, what_if, year))
    for pattern in weighed.patterns:
        if pattern.weights and not any(pattern.weights.values()):
            raise NothingWeighed("what_if.indicator_weights", what=f"“{pattern.zh}”各指标")
    if not any(pattern.weight for pattern in assessed(weighed, chosen)):
        raise NothingWeighed("what_if.pattern_weights", what="所考核格局")
    return weighed


def _targets(profile: Profile, what_if: pb.WhatIf, year: int) -> tuple[Target, ...]:
    given: dict[str, Target] = {}
    for place, one in enumerate(what_if.targets):
        field = f"what_if.targets[{place}]"
        indicator = _indicator(f"{field}.indicator", one.indicator, given)
        if indicator.better is Better.NONE:
            raise OnlyWatched(f"{field}.indicator", indicator=indicator.code)
        now = profile.target(indicator.code, year)
        given[indicator.code] = Target(
            indicator.code,
            _value(f"{field}.value", indicator, one.value),
            year,
            strict=one.strict if one.HasField("strict") else now is not None and now.strict,
            per=now.per if now is not None else None,
        )
    return (*(target for target in profile.targets if target.indicator not in given), *given.values())


def _indicator(field: str, code: str, given: Mapping[str, object]) -> Indicator:
    if code not in catalogue.BY_CODE:
        raise NoSuchIndicatorToTry(field, indicator=code)
    if code in given:
        raise NamedTwice(field, named=code)
    return catalogue.BY_CODE[code]


def _value(field: str, indicator: Indicator, text: str) -> Decimal:
    """Read a target: a rate that people read as a percentage is one, others are not below zero."""
    try:
        value = Decimal(text)
        exact = value.is_finite() and abs(value) <= _LARGEST and value == round(value, -_DIGITS)
    except InvalidOperation:
        exact = False
    if not exact:
        raise NoDecimal(field, value=text)
    if indicator.form in {Form.RATIO, Form.SHARE, Form.QUOTA} and indicator.unit == "%" and not 0 <= value <= 1:
        raise TargetOutOfRange(field, indicator=indicator.code, value=text, expected="应在 0 与 1 之间,0.98 即 98%")
    if value < (-1 if indicator.form is Form.GROWTH else 0):
        expected = "应不小于 -1(下降 100%)" if indicator.form is Form.GROWTH else "应不小于 0"
        raise TargetOutOfRange(field, indicator=indicator.code, value=text, expected=expected)
    return value


def _patterns(profile: Profile, what_if: pb.WhatIf, year: int) -> tuple[Pattern, ...]:
    """Return the patterns with the weights asked for; `profile` has the targets that are to be tried."""
    known = {pattern.code: pattern for pattern in profile.patterns}
    weights = {code: dict(pattern.weights) for code, pattern in known.items()}
    for code, weight in _weights(profile, what_if, year).items():
        weights[_home(profile, catalogue.BY_CODE[code])][code] = weight
    own: dict[str, int] = {}
    for place, other in enumerate(what_if.pattern_weights):
        field = f"what_if.pattern_weights[{place}].pattern"
        if other.pattern not in known:
            raise UnknownPattern(field, pattern=other.pattern, known="、".join(known))
        if other.pattern in own:
            raise NamedTwice(field, named=other.pattern)
        own[other.pattern] = other.weight
    return tuple(replace(p, weights=weights[code], weight=own.get(code, p.weight)) for code, p in known.items())


def _weights(profile: Profile, what_if: pb.WhatIf, year: int) -> dict[str, int]:
    """Return the weights of indicators that are to be tried; 1 for a target of an indicator not weighed so far."""
    given: dict[str, int] = {}
    for place, one in enumerate(what_if.indicator_weights):
        field = f"what_if.indicator_weights[{place}].indicator"
        indicator = _indicator(field, one.indicator, given)
        _check_assessed(field, profile, indicator)
        if one.weight and profile.target(indicator.code, year) is None:
            raise NoTargetToWeigh(field, indicator=indicator.code, year=year)
        given[indicator.code] = one.weight
    for place, target in enumerate(what_if.targets):
        if target.indicator not in profile.weights.keys() | given.keys():
            _check_assessed(f"what_if.targets[{place}].indicator", profile, catalogue.BY_CODE[target.indicator])
            given[target.indicator] = 1
    return given


def _check_assessed(field: str, profile: Profile, indicator: Indicator) -> None:
    if _home(profile, indicator) not in {pattern.code for pattern in profile.patterns}:
        known = "、".join(pattern.zh for pattern in profile.patterns)
        raise NotAssessed(field, indicator=indicator.code, known=known)


def _home(profile: Profile, indicator: Indicator) -> str:
    """Return the pattern that weighs an indicator; of one not weighed that under which it stands."""
    weighing = (pattern.code for pattern in profile.patterns if indicator.code in pattern.weights)
    return next(weighing, pattern_of(profile, indicator))
