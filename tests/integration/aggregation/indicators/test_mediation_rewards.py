"""Piece rates."""

from __future__ import annotations

from geju.mediation.v1.facts_pb2 import PieceRateStatementFacts, RateSchemeFacts

from tests.support.counting import Counting, on


async def test_an_office_pays_by_the_piece_while_its_scheme_is_in_force(counting: Counting) -> None:
    """mediation.piece_rate_coverage: offices with a scheme in force, of all offices there are."""
    await counting.put(RateSchemeFacts(from_date=on(2012, 1, 15)), RateSchemeFacts(from_date=on(2011, 1, 1)))
    assert (1, 3) == await counting.figure("mediation.piece_rate_coverage", "2011-07")
    assert (1, 2) == await counting.figure("mediation.piece_rate_coverage", "2012-03")
    assert ["no_scheme"] == await counting.reasons("mediation.piece_rate_coverage", "2012-03", "03")


async def test_subsidies_count_on_the_day_they_are_paid(counting: Counting) -> None:
    """mediation.subsidy_paid: fen of statements paid."""
    await counting.put(
        PieceRateStatementFacts(paid_date=on(2012, 3, 5), amount_fen=12_300),
        PieceRateStatementFacts(approved_date=on(2012, 3, 5), amount_fen=5_000),
    )
    assert (12_300, 0) == await counting.figure("mediation.subsidy_paid", "2012-03")
