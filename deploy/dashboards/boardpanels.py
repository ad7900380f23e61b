# ruff: noqa: INP001 - a script's module, no package
"""Panels of a dashboard: numbers, courses, bars, and tables of figures; the queries that fill them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from boardparts import SOURCE, here
from grafana_foundation_sdk.builders import bargauge, common, dashboard, prometheus, stat, table, timeseries
from grafana_foundation_sdk.models.common import (
    BarGaugeDisplayMode,
    BigValueColorMode,
    BigValueGraphMode,
    LegendDisplayMode,
    LegendPlacement,
    VizOrientation,
)
from grafana_foundation_sdk.models.dashboard import (
    DataTransformerConfig,
    DynamicConfigValue,
    FieldColorModeId,
    Threshold,
    ThresholdsMode,
    ValueMap,
    ValueMappingResult,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

#: From this share of the way on a figure is near its target (`services/aggregation/attainment.py`).
NEAR = 0.9
RED = ((None, "transparent"), (1, "red"))
LIGHTS = ((None, "red"), (NEAR, "yellow"), (1, "green"))


def query(expression: str, legend: str = "", ref: str = "A") -> prometheus.Dataquery:
    """Ask for a series over time."""
    return _asked(expression, legend, ref).range()


def instant(expression: str, legend: str = "", ref: str = "A", *, rows: bool = False) -> prometheus.Dataquery:
    """Ask for the values of now, for a table as rows."""
    shape = PromQueryFormat.TABLE if rows else PromQueryFormat.TIME_SERIES
    return _asked(expression, legend, ref).instant().format(shape)


def _asked(expression: str, legend: str, ref: str) -> prometheus.Dataquery:
    asked = prometheus.Dataquery().datasource(SOURCE).expr(here(expression))
    return asked.legend_format(legend or "__auto").ref_id(ref)


def lights(*steps: tuple[float | None, str]) -> dashboard.ThresholdsConfig:
    """Return the colours of a number from values on; those of an attainment without any."""
    made = [Threshold(value, color) for value, color in steps or LIGHTS]
    return dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(made)


def below(limit: float) -> dashboard.ThresholdsConfig:
    """Return the lights of what should be less than a limit."""
    return lights((None, "green"), (limit, "red"))


def at_least(limit: float) -> dashboard.ThresholdsConfig:
    """Return the lights of what should reach a limit."""
    return lights((None, "red"), (limit, "green"))


def plain() -> dashboard.ThresholdsConfig:
    """Return one colour for every number."""
    return lights((None, "blue"))


def _last() -> common.ReduceDataOptions:
    return common.ReduceDataOptions().calcs(["lastNotNull"]).values(values=False)


def number(title: str, targets: Sequence[Any], unit: str, limits: Any, *, description: str = "") -> stat.Panel:
    """Return a large number with its colour and its course."""
    return (
        stat.Panel()
        .title(title)
        .description(description)
        .datasource(SOURCE)
        .targets(list(targets))
        .unit(unit)
        .thresholds(limits)
        .color_mode(BigValueColorMode.BACKGROUND)
        .graph_mode(BigValueGraphMode.AREA)
        .reduce_options(_last())
        .no_value("–")
    )


def course(title: str, targets: Sequence[Any], unit: str, *, description: str = "") -> timeseries.Panel:
    """Return lines over time."""
    legend = common.VizLegendOptions().display_mode(LegendDisplayMode.LIST).placement(LegendPlacement.BOTTOM)
    return (
        timeseries.Panel()
        .title(title)
        .description(description)
        .datasource(SOURCE)
        .targets(list(targets))
        .unit(unit)
        .axis_soft_min(0)
        .fill_opacity(8)
        .legend(legend.show_legend(show_legend=True))
        .no_value("没有数据")
    )


def bars(title: str, target: Any, unit: str, limits: Any = None, *, description: str = "") -> bargauge.Panel:
    """Return a bar for each series as of now."""
    panel = (
        bargauge.Panel()
        .title(title)
        .description(description)
        .datasource(SOURCE)
        .targets([target])
        .unit(unit)
        .min(0)
        .orientation(VizOrientation.HORIZONTAL)
        .display_mode(BarGaugeDisplayMode.BASIC)
        .reduce_options(_last())
        .no_value("没有数据")
    )
    if limits is not None:
        return panel.thresholds(limits)
    return panel.color_scheme(dashboard.FieldColor().mode(FieldColorModeId.FIXED).fixed_color("blue"))


def words(labels: Mapping[str, str]) -> ValueMap:
    """Return a mapping that shows codes as words."""
    return ValueMap(
        {code: ValueMappingResult(text=text, index=place) for place, (code, text) in enumerate(labels.items())}
    )


def column(panel: table.Panel, name: str, **properties: Any) -> table.Panel:
    """Set properties of a table's column: unit, width, thresholds, mappings, ..."""
    return panel.override_by_name(name, [DynamicConfigValue(key, value) for key, value in properties.items()])


def joined(
    title: str, key: tuple[str, str], asked: Mapping[str, str], labels: Mapping[str, str], *, description: str = ""
) -> table.Panel:
    """Return a table with a row for each value of a label and a column for each expression, by its heading.

    `key` is the label and the heading of its column, `labels` are words for its values.
    """
    by, heading = key
    refs = {chr(ord("A") + place): name for place, name in enumerate(asked)}
    shown = {by: heading} | {f"Value #{ref}": name for ref, name in refs.items()}
    if len(refs) == 1:
        shown |= {"Value": next(iter(asked))}
    hidden = ["Time", *(f"Time {place}" for place in range(1, len(refs) + 1))]
    panel = (
        table.Panel()
        .title(title)
        .description(description)
        .datasource(SOURCE)
        .targets([instant(asked[name], ref=ref, rows=True) for ref, name in refs.items()])
        .with_transformation(DataTransformerConfig("joinByField", options={"byField": by, "mode": "outer"}))
        .with_transformation(
            DataTransformerConfig(
                "organize",
                options={
                    "excludeByName": dict.fromkeys(hidden, True),
                    "indexByName": {name: place for place, name in enumerate(shown)},
                    "renameByName": shown,
                },
            )
        )
        .no_value("–")
    )
    return column(panel, heading, mappings=[words(labels)]) if labels else panel


def coloured(panel: table.Panel, name: str, unit: str, steps: Sequence[tuple[float | None, str]]) -> table.Panel:
    """Colour a column's cells by steps."""
    thresholds = {"mode": "absolute", "steps": [{"value": value, "color": color} for value, color in steps]}
    return column(panel, name, unit=unit, thresholds=thresholds, **{"custom.cellOptions": {"type": "color-background"}})


def matrix(title: str, target: Any, rows: str, columns: Mapping[str, str], unit: str) -> table.Panel:
    """Return a table of one row for each value of label `rows` and one column for each known value of `pattern`."""
    panel = (
        table.Panel()
        .title(title)
        .datasource(SOURCE)
        .targets([target])
        .with_transformation(
            DataTransformerConfig(
                "groupingToMatrix", options={"columnField": "pattern", "rowField": rows, "valueField": "Value"}
            )
        )
        .no_value("–")
    )
    panel = column(panel, f"{rows}\\pattern", displayName="单位")
    for code, label in columns.items():
        panel = coloured(panel, code, unit, LIGHTS)
        panel = column(panel, code, displayName=label)
    return panel
