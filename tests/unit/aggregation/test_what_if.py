"""Other weights and targets, tried on a copy of the district profile."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import pytest
from geju.aggregation.v1 import assessment_pb2 as pb

from services.aggregation import errors
from services.aggregation.assessment_what_if import changes, tried
from services.chassis.domain.errors import RuleError
from services.chassis.domain.profile import Profile, Target
from services.chassis.profile_file import load

PROFILE = load(Path(__file__).parents[3] / "deploy" / "districts" / "lucheng")
SUCCESS, MEETINGS = "mediation.success_rate", "correction.member_unit_meetings"


def what_if(weights: dict[str, int] | None = None, patterns: dict[str, int] | None = None, **targets: str) -> pb.WhatIf:
    """Return what to try; targets are named with "__" for the dot."""
    return pb.WhatIf(
        indicator_weights=[pb.IndicatorWeight(indicator=c, weight=w) for c, w in (weights or {}).items()],
        pattern_weights=[pb.PatternWeight(pattern=c, weight=w) for c, w in (patterns or {}).items()],
        targets=[pb.IndicatorTarget(indicator=c.replace("__", "."), value=v) for c, v in targets.items()],
    )


def targets_of(profile: Profile) -> dict[str, Target]:
    """Return the targets that bind in 2012."""
    found = {target.indicator: profile.target(target.indicator, 2012) for target in profile.targets}
    return {code: target for code, target in found.items() if target is not None}


def test_weights_and_targets_are_those_tried_and_all_others_stay() -> None:
    """The profile that was given does not change."""
    before = deepcopy(PROFILE)
    found = tried(PROFILE, what_if({SUCCESS: 50}, {"legalaid": 3}, mediation__success_rate="0.5"), 2012)
    assert (50, 3, Decimal("0.5")) == (
        found.weights[SUCCESS],
        next(p.weight for p in found.patterns if p.code == "legalaid"),
        targets_of(found)[SUCCESS].value,
    )
    assert PROFILE.weights | {SUCCESS: 50} == found.weights
    assert {t for t in PROFILE.targets if t.indicator != SUCCESS} < set(found.targets)
    assert before == PROFILE


def test_a_target_binds_as_the_one_before_unless_it_says_otherwise() -> None:
    """For a whole year where that is, and as strict; `strict` says otherwise."""
    growth = "legalaid.accepted_growth"
    asked = what_if(correction__member_unit_meetings="8", legalaid__accepted_growth="0.1")
    found = targets_of(tried(PROFILE, asked, 2012))
    strict = targets_of(PROFILE)[growth].strict
    assert ("year", strict) == (found[MEETINGS].per, found[growth].strict)
    asked.targets[1].strict = not strict
    assert (not strict) == targets_of(tried(PROFILE, asked, 2012))[growth].strict


def test_a_target_may_be_added_and_then_weighs() -> None:
    """Of an indicator without one: with the weight 1, or with that which is asked for."""
    code = "mediation.fulfilment_rate"
    assert PROFILE.target(code, 2012) is None
    assert 1 == tried(PROFILE, what_if(mediation__fulfilment_rate="0.9"), 2012).weights[code]
    found = tried(PROFILE, what_if({code: 7}, mediation__fulfilment_rate="0.9"), 2012)
    assert 7 == next(p for p in found.patterns if p.code == "mediation").weights[code]


def test_what_is_tried_binds_in_the_very_year_in_which_the_other_began() -> None:
    """A rate may be all there is to reach."""
    begun = targets_of(PROFILE)[SUCCESS].from_year
    found = tried(PROFILE, what_if(mediation__success_rate="1"), begun).target(SUCCESS, begun)
    assert found is not None
    assert (Decimal(1), Decimal("0.97")) == (found.value, targets_of(PROFILE)[SUCCESS].value)


def test_a_pattern_may_be_left_out() -> None:
    """A weight of 0 leaves an indicator or a pattern out, and what has no target may have it."""
    found = tried(PROFILE, what_if({SUCCESS: 0, "mediation.accepted": 0}, {"publicity": 0}), 2012)
    assert (0, 0) == (found.weights[SUCCESS], next(p.weight for p in found.patterns if p.code == "publicity"))


def test_nothing_to_try_is_known_as_such() -> None:
    """An empty what-if is none."""
    assert [False, True, True, True] == [
        changes(one) for one in (pb.WhatIf(), what_if({SUCCESS: 1}), what_if(None, {"x": 1}), what_if(a__b="1"))
    ]


TWICE = pb.WhatIf(indicator_weights=[pb.IndicatorWeight(indicator=SUCCESS, weight=1)] * 2)
NONE_LEFT = what_if({code: 0 for pattern in PROFILE.patterns[:1] for code in pattern.weights})
WRONG: list[tuple[pb.WhatIf, type[RuleError], str, str]] = [
    (what_if({"x.y": 1}), errors.NoSuchIndicatorToTry, "indicator_weights[0].indicator", "没有代码为“x.y”的指标"),
    (what_if(x__y="1"), errors.NoSuchIndicatorToTry, "targets[0].indicator", "应为指标代码"),
    (what_if(None, {"funds": 1}), errors.UnknownPattern, "pattern_weights[0].pattern", "可用:mediation"),
    (what_if({"funds.budget_growth": 1}), errors.NotAssessed, "indicator_weights[0].indicator", "应为这些格局的指标"),
    (what_if(funds__budget_growth="1"), errors.NotAssessed, "targets[0].indicator", "大调解、大法援"),
    (TWICE, errors.NamedTwice, "indicator_weights[1].indicator", "给了两次"),
    (what_if({"mediation.accepted": 1}), errors.NoTargetToWeigh, "indicator_weights[0].indicator", "没有目标值"),
    (what_if(mediation__accepted="1"), errors.OnlyWatched, "targets[0].indicator", "仅监测"),
    (what_if(mediation__success_rate="98%"), errors.NoDecimal, "targets[0].value", "应为小数"),
    (what_if(mediation__success_rate="nan"), errors.NoDecimal, "targets[0].value", "不是数"),
    (what_if(mediation__success_rate="1e40"), errors.NoDecimal, "targets[0].value", "不是数"),
    (what_if(mediation__success_rate="0.1234567"), errors.NoDecimal, "targets[0].value", "至多六位"),
    (what_if(mediation__success_rate="98"), errors.TargetOutOfRange, "targets[0].value", "0.98 即 98%"),
    (what_if(mediation__mass_incidents="-1"), errors.TargetOutOfRange, "targets[0].value", "应不小于 0"),
    (what_if(legalaid__accepted_growth="-2"), errors.TargetOutOfRange, "targets[0].value", "应不小于 -1"),
    (NONE_LEFT, errors.NothingWeighed, "indicator_weights", "“大调解”各指标的权重合计为 0"),
    (what_if(None, dict.fromkeys((p.code for p in PROFILE.patterns), 0)), errors.NothingWeighed, "pattern_weights", ""),
]


@pytest.mark.parametrize(("asked", "broken", "field", "words"), WRONG)
def test_what_cannot_be_is_refused_by_field_and_what_is_expected(
    asked: pb.WhatIf, broken: type[RuleError], field: str, words: str
) -> None:
    """Unknown codes, values out of range, codes given twice and weights that add up to nothing."""
    with pytest.raises(broken) as refused:
        tried(PROFILE, asked, 2012)
    assert f"what_if.{field}" == refused.value.field
    assert words in refused.value.message


def test_of_the_patterns_that_are_assessed_one_keeps_a_weight() -> None:
    """Without it nobody would have a score, and be told that nothing could be judged."""
    first, second = (pattern.code for pattern in PROFILE.patterns[:2])
    with pytest.raises(errors.NothingWeighed):
        tried(PROFILE, what_if(None, {first: 0}), 2012, [first])
    assert tried(PROFILE, what_if(None, {first: 0}), 2012, [first, second])
