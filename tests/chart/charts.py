"""Rendering the chart, and taking what comes out apart."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from helm_python.chart import Chart

from services.cli.registry import DOMAIN, SERVICES

ROOT = Path(__file__).parents[2]
CHART = ROOT / "charts" / "geju"
GOLDEN = Path(__file__).parent / "golden"
VALUES = tuple(sorted(path.stem for path in (CHART / "ci").glob("*.yaml")))
WORKLOADS = ("Deployment", "StatefulSet", "Job")
Object = Mapping[str, Any]
#: The source whose objects stand for those of all that are like it.
MODEL = "mediation"


@dataclass(frozen=True)
class Rendered:
    """What a set of values makes: objects, and the notes."""

    values: str
    objects: tuple[Object, ...]
    notes: str

    def of(self, kind: str) -> list[Object]:
        """Return the objects of a kind."""
        return [one for one in self.objects if one["kind"] == kind]

    def named(self, kind: str, name: str) -> Any:
        """Return one object."""
        return next(one for one in self.of(kind) if one["metadata"]["name"] == name)

    def pods(self) -> Iterator[tuple[str, Any]]:
        """Give the specification of every pod, with what it belongs to."""
        for one in self.objects:
            title = f"{one['kind']}/{one['metadata']['name']}"
            if one["kind"] in WORKLOADS:
                yield title, one["spec"]["template"]["spec"]
            elif one["kind"] == "Pod":
                yield title, one["spec"]

    def containers(self) -> Iterator[tuple[str, Any]]:
        """Give every container, with what it belongs to."""
        for title, pod in self.pods():
            for container in [*pod.get("initContainers", ()), *pod["containers"]]:
                yield f"{title}/{container['name']}", container


def given(values: str) -> dict[str, Any]:
    """Return a set of values."""
    return yaml.safe_load((CHART / "ci" / f"{values}.yaml").read_text("utf-8")) or {}


def template(values: Mapping[str, Any], release: str = "geju", *, notes: bool = False) -> dict[str, str]:
    """Render the chart with these values; returns the text of each template, of the notes only when asked for."""
    with Chart.load(CHART) as chart:
        texts = chart.render(values=dict(values), name=release, namespace="geju")
    return {name: text for name, text in texts.items() if name.endswith(".txt") == notes}


@cache
def render(values: str) -> Rendered:
    """Render the chart with a set of values."""
    found = [one for _, text in sorted(template(given(values)).items()) for one in objects(text)]
    return Rendered(values, tuple(found), "".join(template(given(values), notes=True).values()))


class Strict(yaml.SafeLoader):
    """Refuses a key that is there twice, as Kubernetes does."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        """Construct a mapping whose keys differ."""
        keys = [self.construct_object(key) for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"a key is there twice: {sorted(keys)}{node.start_mark}"
        return super().construct_mapping(node, deep)


def objects(text: str) -> list[Object]:
    """Return the objects of a text."""
    return [one for one in yaml.load_all(text, Strict) if one]


def golden(rendered: Rendered) -> dict[str, str]:
    """Return the text of each golden file by the kind it is of.

    What comes from files of the chart as it is (alerts, dashboards, users) is not repeated, nor are sources that differ
    from mediation in nothing but their name.
    """
    found: dict[str, list[str]] = {}
    for one in without_twins(rendered):
        shown = _shortened(one)
        found.setdefault(one["kind"].lower(), []).append(yaml.safe_dump(shown, allow_unicode=True, width=120))
    return {kind: "---\n".join(texts) for kind, texts in found.items()}


def _shortened(one: Object) -> Object:
    if one["kind"] == "PrometheusRule":
        return {**one, "spec": "alerts/*.yaml"}
    if one["kind"] == "ConfigMap":
        return {**one, "data": sorted(one["data"])}
    return one


def component(one: Object) -> str:
    """Return which service an object is of; empty: of none."""
    name = str(one["metadata"]["name"])
    return next((service for service in SERVICES if name.endswith(f"-{service}")), "")


def renamed(one: Object) -> Object:
    """Return an object of another source as it would be of mediation."""
    name = component(one)
    text = json.dumps(one).replace(name, MODEL).replace(name.upper(), MODEL.upper())
    return json.loads(text)  # type: ignore[no-any-return]


def without_twins(rendered: Rendered) -> list[Object]:
    """Return the objects, of several sources that are alike only mediation's."""
    kept: list[Object] = []
    for one in rendered.objects:
        twin = component(one) in DOMAIN and component(one) != MODEL and renamed(one) in rendered.objects
        if not (twin or is_dashboard(one)):
            kept.append(one)
    return kept


def is_dashboard(one: Object) -> bool:
    """Tell whether an object is a dashboard's."""
    return one["kind"] == "ConfigMap" and "-dashboard-" in one["metadata"]["name"]


def write() -> None:
    """Write every golden file anew."""
    for values in VALUES:
        folder = GOLDEN / values
        folder.mkdir(parents=True, exist_ok=True)
        texts = golden(render(values))
        for path in folder.glob("*.yaml"):
            if path.stem not in texts:
                path.unlink()
        for kind, text in texts.items():
            (folder / f"{kind}.yaml").write_text(text, "utf-8")


def write_objects(folder: Path) -> None:
    """Write every object of every set of values into a file of its own, for a scanner."""
    for values in VALUES:
        (folder / values).mkdir(parents=True)
        for place, one in enumerate(render(values).objects):
            placed = {**one, "metadata": {**one["metadata"], "namespace": "geju"}}
            path = folder / values / f"{place:03}-{one['kind'].lower()}.yaml"
            path.write_text(yaml.safe_dump(placed, allow_unicode=True), "utf-8")


if __name__ == "__main__":
    if sys.argv[1:]:
        write_objects(Path(sys.argv[1]))
    else:
        write()
