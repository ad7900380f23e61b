"""Looking at all five patterns of a district: the board for its leaders and for an office, and the page of metrics."""

from __future__ import annotations

from tests.bench.board import page, repeated
from tests.bench.disputes import OFFICE
from tests.bench.options import Options
from tests.bench.recorded import recorded, told
from tests.bench.store import Viewer, aggregating, of_board
from tests.bench.surroundings import surroundings
from tests.bench.table import Row, report, under


async def run(options: Options) -> list[Row]:
    """Read what a leader and an office see, again and again."""
    of = f"{options.district:,} facts of all services"
    made = told(await recorded(options), options.district)
    async with surroundings() as around, aggregating(around, made) as (child, leader):
        office = Viewer(child.port, around.tokens("bench", ["clerk"], [OFFICE]))
        async with office.channel:
            shown = await leader.board()
            whole = await repeated(leader.board)
            own = await repeated(lambda: office.board(OFFICE))
        metrics, memory = await page(around, child, of), child.resident()
    figures = sum(1 for _ in of_board(shown))
    report(f"the board has {len(shown.patterns)} patterns with {figures} figures, {shown.ByteSize():,} bytes")
    return [
        under(f"GetBoard of all patterns, {of}, p50", whole.at(0.5), 20, "ms"),
        under("GetBoard of all patterns, p99", whole.at(0.99), 200, "ms"),
        under("GetBoard of an office for its clerk, p50", own.at(0.5), 20, "ms"),
        under("GetBoard of an office for its clerk, p99", own.at(0.99), 200, "ms"),
        metrics,
        under(f"memory of aggregation, {of}", memory, 200, "MB"),
    ]
