"""Checks what the services were to do of themselves after a fact, and could not: nobody was there to be told."""

from __future__ import annotations

import asyncio
import http.client
from collections import Counter
from collections.abc import Mapping
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from services.cli.doctor.finding import Finding, Level

_SECONDS = 3.0
_ADVICE = "在 logs/{name}.log 查 reaction_refused 所列的记录和原因,按 docs/reactions.md 更正并重做;服务重启后重新计数"


async def local(services: Mapping[str, Mapping[str, Any]]) -> list[Finding]:
    """Check every service of a local installation that answers for its metrics; health is another check's."""
    found = await asyncio.gather(*(_of(name, str(service["metrics"])) for name, service in services.items()))
    return [finding for finding in found if finding is not None]


def finding(name: str, text: str) -> Finding | None:
    """Return what a page of metrics says of a service's reactions; None: the service has none."""
    families = [family for family in text_string_to_metric_families(text) if family.name == "geju_reactions"]
    if not families:
        return None
    refused: Counter[str] = Counter()
    for sample in (sample for family in families for sample in family.samples):
        if sample.labels.get("outcome") == "refused":
            refused[f"{sample.labels['kind']}/{sample.labels['change']}"] += int(sample.value)
    part = f"{name} 后续办理"
    if not refused.total():
        return Finding(Level.OK, part, "没有被拒绝的")
    shown = "、".join(f"{what} {count} 次" for what, count in sorted(refused.items()))
    return Finding(Level.BAD, part, f"被规则拒绝:{shown}", _ADVICE.format(name=name))


async def _of(name: str, address: str) -> Finding | None:
    try:
        text = await asyncio.to_thread(_page, address)
    except (OSError, http.client.HTTPException):
        return None
    return finding(name, text)


def _page(address: str) -> str:
    connection = http.client.HTTPConnection(address, timeout=_SECONDS)
    try:
        connection.request("GET", "/metrics")
        return connection.getresponse().read().decode()
    finally:
        connection.close()
