"""Every table of the correction service, by side; the migrations are compared with what is imported here."""

from __future__ import annotations

from services.chassis.funds.storage import FundEntryRow
from services.correction.resettlement import storage as resettlement
from services.correction.supervision import storage as supervision

__all__ = ["FundEntryRow", "resettlement", "supervision"]
