"""Settings of a service process: environment variables GEJU_*, all described here once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.chassis.clock import Clock, SystemClock

PREFIX = "GEJU_"


class Settings(BaseSettings):
    """What differs between environments. Passwords and keys come as URLs or files and never show in `repr`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
    )

    profile: Path = Field(Path("deploy/districts/lucheng"), description="Folder of the district profile.")
    database_url: str = Field(
        "",
        repr=False,
        description="PostgreSQL URL of the service's database as the application role, "
        "`postgresql://user:password@host:port/name`. A direct one: locks do not survive a transaction-pooling proxy.",
    )
    database_relay_url: str = Field(
        "",
        repr=False,
        description="The same database as the role of the relay, which alone empties the outbox and links the audit "
        "trail; empty: `GEJU_DATABASE_URL`. Not for the aggregation service.",
    )
    database_owner_url: str = Field(
        "", repr=False, description="The same database as its owner; for `geju migrate` only."
    )
    database_admin_url: str = Field(
        "",
        repr=False,
        description="URL of a PostgreSQL role that may create roles and databases; for `geju permissions` and "
        "`geju run` only, never for a service.",
    )
    database_pool: int = Field(16, ge=2, le=200, description="Connections to PostgreSQL kept by one process at most.")
    nats_url: str = Field("", repr=False, description="NATS URL, `nats://host:port`; several are separated by commas.")
    nats_creds: Path | None = Field(
        None, description="NATS credentials file; empty: none, or user and password in the URL."
    )
    nats_ca: Path | None = Field(
        None, description="CA certificate of the NATS servers; empty: no TLS, or the system's CAs."
    )
    nats_replicas: int = Field(1, ge=1, le=5, description="Copies of each stream: 3 in a cluster.")
    grpc_listen: str = Field("127.0.0.1:0", description="Address of the gRPC server; port 0: a free one.")
    metrics_listen: str = Field("127.0.0.1:0", description="Address of /metrics and /healthz over HTTP; empty: none.")
    health_listen: str = Field(
        "", description="Address of a second, plaintext health service, for probes that speak no TLS; empty: none."
    )
    connections: int = Field(
        500,
        ge=1,
        description="Connections to the gRPC server that one process holds at once; further ones are closed at once.",
    )
    streams_per_connection: int = Field(
        100,
        ge=1,
        description="Calls under way at once in one connection; clients wait with further ones, and who does not is "
        "refused. It is also what keeps calls that are begun and taken back at once (rapid reset) from piling up.",
    )
    request_retention_days: int = Field(
        30,
        ge=1,
        description="Days that the answer to a request is kept for a repeat under the same id; forgotten afterwards.",
    )
    open_calls_per_peer: int = Field(
        10,
        ge=1,
        description="Calls a minute from one address to methods that need no token, in one process. Behind a proxy all "
        "callers have its address: set it to the total there.",
    )
    open_calls_total: int = Field(
        300, ge=1, description="Calls a minute from all addresses to methods that need no token, in one process."
    )
    record_keys: Path | None = Field(None, description="File with the keys that personal data is encrypted with.")
    audit_key: Path | None = Field(
        None,
        description="File with the Ed25519 private key (PEM) that signs heads of the audit trail; empty: unsigned. "
        "Not for the aggregation service.",
    )
    jwt_keys: Path | None = Field(
        None, description="Folder of PEM public keys that sign tokens; the file's stem is the key id."
    )
    jwt_issuer: str = Field("geju", min_length=1, description="Required `iss` of tokens.")
    jwt_audience: str = Field("geju", min_length=1, description="Required `aud` of tokens.")
    service_token: Path | None = Field(
        None, description="File with the token this service shows to others; read again when it changes."
    )
    tls_cert: Path | None = Field(None, description="Server certificate chain in PEM; empty: plaintext.")
    tls_key: Path | None = Field(None, description="Private key of the server certificate.")
    tls_client_ca: Path | None = Field(
        None, description="CA of client certificates; set: clients must show one (mTLS)."
    )
    sources: dict[str, str] = Field(
        default_factory=dict,
        description='Domain services the aggregation service reads from, as JSON: `{"mediation": "host:port"}`.',
    )
    reconcile_seconds: float = Field(300, gt=0, description="Seconds between two proofs of a source against a recount.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    otlp_endpoint: str = Field("", description="OTLP/gRPC address for traces; empty: none. Needs the extra `traces`.")
    drain_seconds: float = Field(5, ge=0, description="Seconds between NOT_SERVING and the first refused call.")
    stop_seconds: float = Field(20, ge=0, description="Seconds that calls under way have to finish when stopping.")
    clock_offset_seconds: float = Field(
        0, description="Moves business time, for rehearsals; token expiry is not moved."
    )

    def clock(self) -> Clock:
        """Return the clock that dates records."""
        return SystemClock(timedelta(seconds=self.clock_offset_seconds))

    @property
    def tls(self) -> bool:
        """Whether the gRPC server speaks TLS."""
        return self.tls_cert is not None


@dataclass(frozen=True)
class SettingRow:
    """One row of the settings reference."""

    variable: str
    type: str
    default: str
    description: str


def describe(settings: type[BaseSettings] = Settings) -> Iterator[SettingRow]:
    """Yield every setting in order of declaration, for the generated reference page."""
    for name, info in settings.model_fields.items():
        default = info.get_default(call_default_factory=True, validated_data={})
        yield SettingRow(
            variable=f"{PREFIX}{name.upper()}",
            type=_type_name(info.annotation),
            default="" if default in (None, "", {}) else str(default),
            description=info.description or "",
        )


def _type_name(annotation: object) -> str:
    text = annotation.__name__ if isinstance(annotation, type) and annotation is not dict else str(annotation)
    if "Literal" in text:
        return "one of " + text.removeprefix("typing.Literal[").removesuffix("]").replace("'", "")
    return "path" if "Path" in text else {"str": "text", "int": "integer", "float": "number"}.get(text, "JSON")
