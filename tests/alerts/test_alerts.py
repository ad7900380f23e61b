"""Every alert fires when it should and only then, as promtool says."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.support.prometheus import ROOT, program

ALERTS = sorted((ROOT / "charts" / "geju" / "alerts").glob("*.yaml"))


@pytest.mark.parametrize("alert", ALERTS, ids=lambda path: path.stem)
def test_an_alert_fires_when_it_should(tmp_path: Path, alert: Path) -> None:
    """The cases of an alert's own file come out as they say, its words included."""
    rule = yaml.safe_load(alert.read_text("utf-8"))
    rules = {"groups": [{"name": "geju", "rules": [rule]}]}
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump(rules, allow_unicode=True), "utf-8")
    shutil.copy(Path(__file__).with_name(f"{alert.stem}_test.yaml"), tmp_path / "test.yaml")
    done = subprocess.run(
        [program("promtool"), "test", "rules", "test.yaml"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (0, "") == (done.returncode, done.stderr), done.stdout + done.stderr
