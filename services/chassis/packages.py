"""Files of office programs: what these would run in them, and packages that are the same bytes whenever written."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime

#: What a spreadsheet program takes for the beginning of a formula.
RISKY = ("=", "+", "-", "@", "\t", "\r")
# The earliest that a ZIP archive can say.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def dated(content: bytes, moment: datetime) -> bytes:
    """Return a .docx or .xlsx file as if it had been written at a moment: equal content is equal bytes."""
    stamp = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            part = given.read(name)
            if name == "docProps/core.xml":
                part = _TIMES.sub(rb"\g<1>" + stamp, part)
            made.writestr(zipfile.ZipInfo(name, _NO_TIME), part, zipfile.ZIP_DEFLATED)
    return result.getvalue()
