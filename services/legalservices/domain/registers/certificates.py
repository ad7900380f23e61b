"""What a certificate of a yearly assessment needs of the registers."""

from __future__ import annotations

from datetime import date

from geju.legalservices.v1 import practitioner_pb2

from services.chassis.domain.dates import to_date


def firm_in(practitioner: practitioner_pb2.Practitioner, year: int) -> str:
    """Return the firm that a practitioner belonged to at the end of a year: a former one, if it was so then."""
    end = date(year, 12, 31)
    for term in practitioner.former_terms:
        if (to_date(term.from_date) or date.min) <= end <= (to_date(term.to_date) or date.max):
            return term.firm
    return practitioner.firm
