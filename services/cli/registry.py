"""The services of the product: the one list that the command knows."""

from __future__ import annotations

# Name -> module whose `app()` returns the service. Imported only by `geju serve`, so that
# no service ever loads another. New ones come last: the ports of the others stay.
SERVICES = {
    "mediation": "services.mediation.app",
    "aggregation": "services.aggregation.app",
    "correction": "services.correction.app",
    "legalservices": "services.legalservices.app",
    "legalaid": "services.legalaid.app",
    "publicity": "services.publicity.app",
}
# Services that keep records of their own: they have spreadsheets, limits, funds and an audit trail.
DOMAIN = tuple(name for name in SERVICES if name != "aggregation")
# Packages that every domain service serves.
COMMON = ("geju.funds.v1", "geju.common.v1")
