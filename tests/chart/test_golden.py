"""What the chart makes changes only where somebody sees it."""

from __future__ import annotations

from tests.chart.charts import GOLDEN, Rendered, given, golden, objects, template


def test_the_chart_makes_what_it_made(rendered: Rendered) -> None:
    """Every object is as its golden file has it; `make chart` writes the files anew."""
    texts = golden(rendered)
    kept = {path.stem: path.read_text("utf-8") for path in (GOLDEN / rendered.values).glob("*.yaml")}
    assert sorted(kept) == sorted(texts)
    for kind, text in texts.items():
        assert kept[kind] == text, kind


def test_names_are_those_of_the_release() -> None:
    """Two releases in one namespace do not meet: every name begins with the release's."""
    made = [one for text in template(given("trial"), release="north").values() for one in objects(text)]
    assert [] == [one["metadata"]["name"] for one in made if not one["metadata"]["name"].startswith("north-geju-")]
