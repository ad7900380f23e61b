"""Stored figures as messages: labels, text, target, attainment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from geju.aggregation.v1 import figure_pb2 as pb

from services.aggregation import attainment, catalogue, wording
from services.aggregation.attainment import Bound, Judgement, Light
from services.aggregation.disclosure import UNDECIDED, Disclosure
from services.aggregation.indicator import Better, Form, Indicator
from services.aggregation.periods import Period
from services.aggregation.rollup import DISTRICT, Stored
from services.chassis.domain.profile import Profile, Target

FORMS = {form: pb.Form.Value(f"FORM_{form.name}") for form in Form}
BETTER = {better: pb.Better.Value(f"BETTER_{better.name}") for better in Better}
LIGHTS = {light: pb.Light.Value(f"LIGHT_{light.name}") for light in Light}
_YES_NO = {"true": "是", "false": "否"}


@dataclass(frozen=True)
class Figures:
    """Makes figures of a district as measured for a day, for someone who is shown what `disclosure` says."""

    profile: Profile
    as_of: date
    disclosure: Disclosure = UNDECIDED

    def judge(self, stored: Stored) -> Judgement:
        """Compare a figure with its target; of one that is withheld, that would tell it."""
        if self.disclosure.hides(stored):
            return Judgement("不公开,不评")
        target = self.profile.target(stored.indicator, int(stored.period[:4]))
        return attainment.judge(stored, catalogue.BY_CODE[stored.indicator], target, self.as_of)

    def figure(self, stored: Stored) -> pb.Figure:
        """Return a figure with everything that people need to read it, or withheld: with nothing of what it counts."""
        indicator, withheld = catalogue.BY_CODE[stored.indicator], self.disclosure.hides(stored)
        judgement = self.judge(stored)
        if withheld:
            stored = stored._replace(n=0, total=0)
        value = attainment.value_of(indicator, stored.n, stored.total)
        figure = pb.Figure(
            indicator=stored.indicator,
            label=indicator.zh,
            unit=stored.unit,
            unit_label=self.unit_label(stored.unit),
            period=stored.period,
            breakdown=stored.breakdown,
            key=stored.key,
            key_label=self.key_label(indicator, stored.breakdown, stored.key),
            form=FORMS[indicator.form],
            better=BETTER[indicator.better],
            measure=indicator.unit,
            n=stored.n,
            denominator=stored.total,
            value="" if value is None or withheld else wording.decimal(value),
            text=self._why_withheld(stored)
            if withheld
            else wording.full_text(indicator, value, stored.n, stored.total),
            attainment_text=judgement.words,
            light=LIGHTS[judgement.light],
            small=wording.is_small(indicator, stored.total),
            withheld=withheld,
            scale=indicator.scale,
            denominator_scale=indicator.total_scale,
        )
        if judgement.bound is not None:
            figure.target.CopyFrom(bound_message(judgement.bound))
        if judgement.share is not None:
            figure.attainment = float(judgement.share)
        return figure

    def _why_withheld(self, stored: Stored) -> str:
        if stored.breakdown and not self.disclosure.decided(stored):
            return wording.CLOSED
        return wording.withheld(self.profile.disclosure_threshold, part=bool(stored.breakdown))

    def knows(self, stored: Stored) -> bool:
        """Tell whether the catalogue has the figure's indicator; a published one may be gone."""
        return stored.indicator in catalogue.BY_CODE

    def unit_label(self, unit: str) -> str:
        """Return the label of an office; of the district for ""."""
        if unit == DISTRICT:
            return "全区"
        if unit == self.profile.code:
            return "局机关"
        return self._offices.get(unit, unit)

    def key_label(self, indicator: Indicator, breakdown: str, key: str) -> str:
        """Return the label of a breakdown's key: of the contract, the district profile or yes and no."""
        if not breakdown:
            return ""
        if breakdown == "earmark":
            return self._earmarks.get(key, key)
        return catalogue.key_label(indicator, breakdown, _YES_NO.get(key, key))

    @cached_property
    def _offices(self) -> Mapping[str, str]:
        return {office.code: office.zh for office in self.profile.offices}

    @cached_property
    def _earmarks(self) -> Mapping[str, str]:
        return {earmark.code: earmark.zh for earmark in self.profile.earmarks}


def target_message(target: Target) -> pb.Target:
    """Return a target as the district profile states it."""
    return pb.Target(
        value=f"{target.value.normalize():f}",
        strict=target.strict,
        plan=target.plan,
        from_year=target.from_year,
        per_year=target.per == "year",
    )


def bound_message(bound: Bound) -> pb.Target:
    """Return a target as it binds a figure."""
    message = target_message(bound.target)
    if message.per_year:
        message.year_value, message.value = message.value, wording.decimal(bound.due)
    return message


def nothing(indicator: Indicator, unit: str, period: Period) -> Stored:
    """Return the figure of an indicator that nothing came under: it is not stored."""
    return Stored(period.code, unit, indicator.code, "", "", 0, 0)
