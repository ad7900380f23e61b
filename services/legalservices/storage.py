"""Every table of the legalservices service; the migrations are compared with what is imported here."""

from __future__ import annotations

from services.chassis.funds.storage import FundEntryRow
from services.legalservices.complaints import storage as complaints
from services.legalservices.outreach import storage as outreach
from services.legalservices.registers import storage as registers

__all__ = ["FundEntryRow", "complaints", "outreach", "registers"]
