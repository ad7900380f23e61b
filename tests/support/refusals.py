"""What a refusal must be: typed, in Chinese, about the right field, and without any effect."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.chassis.client import Failure
from tests.support.system import System

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def said(failure: Failure) -> tuple[str, str, str]:
    """Return code, reason and first field of a refusal that people can read."""
    assert _CHINESE.search(failure.message), failure
    assert all(_CHINESE.search(text) for _, _, text in failure.fields), failure
    return failure.code.name, failure.reason, failure.fields[0][0] if failure.fields else ""


@asynccontextmanager
async def nothing_written(system: System) -> AsyncIterator[None]:
    """Hold that a block leaves no row, revision, audit entry, remembered request or event behind."""
    before = await system.traces()
    yield
    assert before == await system.traces()
