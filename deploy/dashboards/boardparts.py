# ruff: noqa: INP001 - a script's module, no package
"""A dashboard: its variables, and a grid that nothing overlaps on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from grafana_foundation_sdk.builders import dashboard
from grafana_foundation_sdk.models.common import DataSourceRef
from grafana_foundation_sdk.models.dashboard import GridPos, VariableOption, VariableRefresh

SOURCE = DataSourceRef(type_val="prometheus", uid="${datasource}")
WIDTH = 24
PERIODS = {"month": "本月", "quarter": "本季", "year": "本年"}
#: Of what is told by the services of one district; exporters of NATS and PostgreSQL may stand elsewhere.
OURS = re.compile(r"\b((?:geju|grpc_server|process)_\w+|up)\b(\{?)")
HERE = 'namespace=~"$namespace"'
NAMES = "on (unit) group_left (zh) max by (unit, zh) (geju_unit_info)"
Panel = Any


def here(expression: str) -> str:
    """Return an expression that asks for the metrics of the chosen district only."""
    return OURS.sub(lambda found: f"{found[1]}{{{HERE}{',' if found[2] else '}'}", expression)


def namespace_variable() -> dashboard.QueryVariable:
    """Let a district be chosen where one Prometheus watches several, each in its namespace."""
    return (
        dashboard.QueryVariable("namespace")
        .label("命名空间")
        .datasource(SOURCE)
        .query({"query": "label_values(geju_unit_info, namespace)", "refId": "namespace"})
        .refresh(VariableRefresh.ON_DASHBOARD_LOAD)
        .include_all(include_all=True)
        .all_value(".*")
        .current(VariableOption(text="All", value="$__all"))
    )


def named(expression: str) -> str:
    """Return an expression by unit with the unit's name as the label zh."""
    return f"{expression} * {NAMES}"


def unit_variable(*, district: bool = True) -> dashboard.QueryVariable:
    """Let a unit be chosen by its name, the district among them or not."""
    units = "geju_unit_info" if district else 'geju_unit_info{unit!="district"}'
    query = here(f"query_result(max by (unit, zh) ({units}))")
    variable = (
        dashboard.QueryVariable("unit")
        .label("单位" if district else "司法所")
        .datasource(SOURCE)
        .query({"query": query, "refId": "unit"})
        .regex('/unit="(?<value>[^"]+)",zh="(?<text>[^"]+)"/')
        .refresh(VariableRefresh.ON_DASHBOARD_LOAD)
    )
    return variable.current(VariableOption(text="全区", value="district")) if district else variable


def choice(name: str, label: str, options: Mapping[str, str], default: str) -> dashboard.CustomVariable:
    """Let one of known values be chosen by its label."""
    return (
        dashboard.CustomVariable(name)
        .label(label)
        .values(",".join(f"{text} : {value}" for value, text in options.items()))
        .options([VariableOption(selected=value == default, text=t, value=value) for value, t in options.items()])
        .current(VariableOption(text=options[default], value=default))
    )


def period_variable() -> dashboard.CustomVariable:
    """Let month, quarter or year be chosen."""
    return choice("period", "期间", PERIODS, "year")


class Board:
    """A dashboard that is filled from left to right and from top to bottom."""

    def __init__(self, uid: str, title: str, description: str, *variables: Any) -> None:
        self.uid = uid
        source = dashboard.DatasourceVariable("datasource").label("数据源").type("prometheus")
        self._builder = (
            dashboard.Dashboard(title)
            .uid(uid)
            .description(description)
            .tags(["geju"])
            .timezone("Asia/Shanghai")
            .refresh("1m")
            .readonly()
            .variables([source, namespace_variable(), *variables])
            .link(
                dashboard.DashboardLink("格局")
                .type("dashboards")
                .tags(["geju"])
                .as_dropdown(as_dropdown=True)
                .keep_time(keep_time=True)
            )
        )
        self._x = self._y = self._height = self._id = 0
        self._row: Any = None

    def over(self, span: str) -> Board:
        """Show so much of the past, "now-90d"."""
        self._builder.time(span, "now")
        return self

    def row(self, title: str, *, collapsed: bool = False) -> None:
        """Begin a row; the panels of a collapsed one are shown when it is opened."""
        self._end_row()
        self._break()
        row = dashboard.Row(title).id(self._next()).grid_pos(GridPos(h=1, w=WIDTH, x=0, y=self._y)).collapsed(collapsed)
        self._y += 1
        if collapsed:
            self._row = row
        else:
            self._builder.with_row(row)

    def add(self, panel: Panel, width: int, height: int) -> None:
        """Place a panel where there is room for it next."""
        if self._x + width > WIDTH:
            self._break()
        place = GridPos(h=height, w=width, x=self._x, y=self._y)
        (self._row or self._builder).with_panel(panel.id(self._next()).grid_pos(place))
        self._x, self._height = self._x + width, max(self._height, height)

    def build(self) -> Any:
        """Return the dashboard."""
        self._end_row()
        return self._builder.build()

    def _next(self) -> int:
        self._id += 1
        return self._id

    def _break(self) -> None:
        self._x, self._y, self._height = 0, self._y + self._height, 0

    def _end_row(self) -> None:
        if self._row is not None:
            self._builder.with_row(self._row)
            self._row = None
