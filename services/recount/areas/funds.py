"""A naive recount of funds: budgets, spending and what share of the one the other is."""

from __future__ import annotations

from datetime import date

from geju.funds.v1 import fund_entry_pb2 as fe

from services.recount.counting import Tally, day_of


class FundsCount:
    """Adds the figures of funds to a recount."""

    def __init__(self, whole: Tally) -> None:
        self.whole, self.as_of = whole, whole.as_of

    def count(self) -> None:
        """Count everything."""
        for e in self.whole.records("fund_entry"):
            entered = day_of(e, "entry_date", self.as_of)
            if entered is None:
                continue
            year, fen = date(e.year, 1, 1) if e.year else None, e.amount_fen
            if e.kind == fe.FUND_ENTRY_KIND_BUDGET:
                self.whole.add("funds.budget", e.office, year, fen, 0, earmark=e.earmark)
                self.whole.add("funds.execution_rate", e.office, year, 0, fen, earmark=e.earmark)
            if e.kind == fe.FUND_ENTRY_KIND_SPENDING:
                self.whole.add("funds.spent", e.office, entered, fen, 0, earmark=e.earmark)
                self.whole.add("funds.execution_rate", e.office, year, fen, 0, earmark=e.earmark)
        self.growth()

    def growth(self) -> None:
        """Compare each year's budget with that of the year before."""
        found = self.whole.found
        budgets = {key: n for key, (n, _) in found.items() if key[0] == "funds.budget" and len(key[4]) == 4}
        for (_, breakdown, key, unit, year), before in budgets.items():
            following = f"{int(year) + 1:04d}"
            if before and int(following) <= self.as_of.year:
                now = budgets.get(("funds.budget", breakdown, key, unit, following), 0)
                found["funds.budget_growth", breakdown, key, unit, following] = [now - before, before]
