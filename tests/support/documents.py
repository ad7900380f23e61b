"""What a rendered document tells, wherever in the file it stands."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined

from services.chassis.documents import Source

#: Characters in a row that nobody takes for chance.
RUN = 5


def everything_in(document: Any) -> str:
    """Return all text of a file: its name, and every part, be it body, header, footer, comment or property."""
    with zipfile.ZipFile(io.BytesIO(document.content)) as archive:
        parts = [archive.read(name).decode(errors="ignore") for name in archive.namelist()]
        names = [document.file_name, *archive.namelist()]
    return "\n".join([*names, *parts, *(re.sub(r"<[^>]*>", "", part) for part in parts)])


def told_in(content: str, told: Mapping[str, Any]) -> set[str]:
    """Return the fields of which anything is in a text; a list is of texts or of pauses."""
    text = _squeezed(content)
    return {field for field, value in told.items() if any(run in text for run in _runs(value))}


def render_strictly(source: Source) -> None:
    """Fill a template in; raises UndefinedError when it uses a name that is not there."""
    strict = Environment(undefined=StrictUndefined, autoescape=True)
    DocxTemplate(source.template).render(dict(source.context), jinja_env=strict)


def _squeezed(text: str) -> str:
    """Return letters and digits only: however a value is spaced, it is found."""
    return "".join(char for char in text if char.isalnum()).casefold()


def _runs(value: Any) -> Iterator[str]:
    values = value if isinstance(value, list) else [value]
    for text in (_squeezed(one["requested"] if isinstance(one, dict) else one) for one in values):
        yield from (text[start : start + RUN] for start in range(max(1, len(text) - RUN + 1)))
