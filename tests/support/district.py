"""A district of four offices, cut out of the demonstration: small enough to recount again and again."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

from tests.support.installation import PROFILE

OFFICES = ("wuma", "nanmen", "yangyi", "qidu")
FIRST_DAY = "2011-01-01"


def write(folder: Path) -> Path:
    """Write the small district into a folder and return it; it lives at the day of the demonstration."""
    shutil.copytree(PROFILE, folder)
    _change(folder / "offices.yaml", lambda offices: [office for office in offices if office["code"] in OFFICES])
    _change(folder / "places.yaml", lambda places: {code: places[code][:5] for code in OFFICES})
    district = folder / "district.yaml"
    lines = district.read_text("utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("valid_from")]
    district.write_text("\n".join([*kept, f"valid_from: {FIRST_DAY}", ""]), "utf-8")
    return folder


def _change(path: Path, change: Any) -> None:
    found = change(yaml.safe_load(path.read_text("utf-8")))
    path.write_text(yaml.safe_dump(found, allow_unicode=True), "utf-8")
