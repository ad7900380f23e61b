"""What dashboards and alerts are told beside figures: names of units, what the streams hold, proofs that failed."""

from __future__ import annotations

import math
import re
from datetime import date
from pathlib import Path

import jwt
import nats
import pytest
from nats.js.errors import NotFoundError

from services.aggregation import surroundings
from services.chassis import testing
from services.chassis.embedded.process import free_port
from services.chassis.stream import DEAD, FACTS
from tests.integration.aggregation.serving.conftest import Board, dispute


def page(board: Board) -> str:
    """Return what the service tells Prometheus."""
    assert board.running
    return board.running.runtime.metrics.render().decode()


async def test_units_have_names(board: Board) -> None:
    """Every unit that figures are told of has its Chinese name: the district, the bureau, its offices."""
    await board.start()
    named = dict(re.findall(r'geju_unit_info{unit="(\w+)",zh="(\S+)"} 1', page(board)))
    await testing.eventually(
        lambda: set(re.findall(r'geju_indicator_n{[^}]*unit="(\w+)"', page(board))) == named.keys()
    )
    assert ("全区", "局机关") == (named["district"], named["lucheng"])


async def test_the_end_of_the_token_is_told(board: Board, tokens: testing.Tokens, tmp_path: Path) -> None:
    """As the file is now, since a renewed one is used without a restart; nothing sensible while it holds no token."""
    path = tmp_path / "service.token"

    def told() -> float:
        found = re.search(r"^geju_service_token_expiry_timestamp_seconds (\S+)$", page(board), re.MULTILINE)
        assert found
        return float(found[1])

    await board.start(service_token=path)
    assert math.isnan(told())
    for _ in range(2):
        path.write_text(tokens("geju", ["service"]) + "\n", "utf-8")
        ends = jwt.decode(path.read_text("utf-8").strip(), options={"verify_signature": False})["exp"]
        assert ends == told()
    path.write_text("nonsense", "utf-8")
    assert math.isnan(told())


async def test_streams_are_measured(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    """Facts and dead letters are told with messages and bytes."""
    monkeypatch.setattr(surroundings, "LOOK", 0.1)
    await board.start()
    await board.publish(dispute("wuma", date(2012, 5, 3)))
    client = await nats.connect(board.nats_url)
    try:
        streams = client.jetstream()

        async def told() -> bool:
            shown = dict(re.findall(r'geju_stream_messages{stream="(\w+)"} (\S+)', page(board)))
            held = {name: (await streams.stream_info(name)).state.messages for name in (FACTS, DEAD)}
            return held[FACTS] > 0 and held == {name: float(count) for name, count in shown.items()}

        async def known() -> bool:
            try:
                return await told()
            except NotFoundError:
                return False

        await testing.eventually(known)
    finally:
        await client.close()
    assert re.search(rf'geju_stream_bytes{{stream="{FACTS}"}} [1-9]', page(board))


async def test_a_failed_comparison_is_told(board: Board) -> None:
    """A source that cannot be asked is one whose proof failed."""
    await board.start(sources={"mediation": f"127.0.0.1:{free_port()}"})
    await testing.eventually(lambda: 'geju_proof_failed{source="geju/mediation"} 1.0' in page(board))
