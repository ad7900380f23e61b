"""Every table of the publicity service; the migrations are compared with what is imported here."""

from __future__ import annotations

from services.chassis.funds.storage import FundEntryRow
from services.publicity.activities import storage as activities
from services.publicity.places import storage as places

__all__ = ["FundEntryRow", "activities", "places"]
