"""Every table of the legalaid service; the migrations are compared with what is imported here."""

from __future__ import annotations

from services.chassis.funds.storage import FundEntryRow
from services.legalaid.cases import storage as cases
from services.legalaid.stations import storage as stations

__all__ = ["FundEntryRow", "cases", "stations"]
