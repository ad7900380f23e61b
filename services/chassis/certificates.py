"""When certificates and the token of a process end, as metrics.

A certificate counts as the process has loaded it, so after a restart; the token as its file is now, as calls show it.
"""

from __future__ import annotations

import math
from datetime import datetime
from pathlib import Path
from typing import Any

import jwt
from cryptography import x509
from prometheus_client import CollectorRegistry, Gauge

from services.chassis.client import token_file
from services.chassis.settings import Settings

# Whoever is called verifies it.
_UNVERIFIED: Any = {"verify_signature": False}


def tell_expiry(settings: Settings, registry: CollectorRegistry) -> None:
    """Export the ends of the certificates in use: of a chain the first to end, of trusted ones the last.

    Raises ValueError, OSError for a file that cannot be read.
    """
    text = "When a certificate that the process has loaded ends."
    gauge = Gauge("geju_certificate_expiry_timestamp_seconds", text, ["certificate"], registry=registry)
    if settings.tls_cert is not None:
        gauge.labels("server").set(min(_ends(settings.tls_cert)).timestamp())
    for name, path in (("client_ca", settings.tls_client_ca), ("nats_ca", settings.nats_ca)):
        if path is not None:
            gauge.labels(name).set(max(_ends(path)).timestamp())


def tell_token_expiry(path: Path, registry: CollectorRegistry) -> None:
    """Export the end of the token that the process shows to others; not a number when the file holds none."""
    text = "When the token that the process shows to other services ends."
    gauge = Gauge("geju_service_token_expiry_timestamp_seconds", text, registry=registry)
    token = token_file(path)

    def end() -> float:
        try:
            return float(jwt.decode(token(), options=_UNVERIFIED)["exp"])
        except (OSError, ValueError, KeyError, jwt.PyJWTError):
            return math.nan

    gauge.set_function(end)


def _ends(path: Path) -> list[datetime]:
    return [certificate.not_valid_after_utc for certificate in x509.load_pem_x509_certificates(path.read_bytes())]
