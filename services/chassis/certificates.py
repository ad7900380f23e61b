"""When the certificates that a process has loaded end, as a metric: a file that was replaced counts after a restart."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from cryptography import x509
from prometheus_client import CollectorRegistry, Gauge

from services.chassis.settings import Settings


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


def _ends(path: Path) -> list[datetime]:
    return [certificate.not_valid_after_utc for certificate in x509.load_pem_x509_certificates(path.read_bytes())]
