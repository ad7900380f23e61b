"""The recount as a whole."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.recount.areas.correction import CorrectionCount
from services.recount.areas.funds import FundsCount
from services.recount.areas.legalaid import LegalAidCount
from services.recount.areas.legalservices import LegalServicesCount
from services.recount.areas.mediation import MediationCount
from services.recount.areas.publicity import PublicityCount
from services.recount.counting import Figures, Store, Tally

AREAS = (MediationCount, FundsCount, CorrectionCount, LegalServicesCount, LegalAidCount, PublicityCount)


def recount(store: Store, profile: Any, as_of: date) -> Figures:
    """Count every figure as of a day; those with neither n nor N are left out.

    `store` holds every record, or the facts of it, by kind and id, of kinds that several services keep also by
    "<kind> of geju/<service>". Dates that lie after the day have not happened; due dates are known.
    """
    tally = Tally(store, profile, as_of)
    for area in AREAS:
        area(tally).count()
    return {key: (n, total) for key, (n, total) in tally.found.items() if n or total}
