"""The command speaks mutual TLS with services elsewhere."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.chassis import migrations, testing
from services.chassis.embedded import Nats
from services.mediation.app import app
from tests.support.installation import PROFILE, environment


def certificate(folder: Path) -> dict[str, Path]:
    """Write a certificate that is its own CA, for server and client alike."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem, encoding = folder / "tls.crt", serialization.Encoding.PEM
    pem.write_bytes(made.public_bytes(encoding))
    secret = folder / "tls.key"
    secret.write_bytes(key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return {"tls_cert": pem, "tls_key": secret, "tls_client_ca": pem}


@pytest.fixture
async def settings(
    postgres: testing.Server, shared_nats: Nats, tokens: testing.Tokens, record_keys: Path
) -> dict[str, Any]:
    """Give the settings of a mediation service."""
    urls = await postgres.database("mediation")
    await migrations.upgrade(urls.owner, migrations.schema_of("mediation"))
    return {
        **urls.settings(), "nats_url": shared_nats.url_of("mediation"), "jwt_keys": tokens.public,
        "record_keys": record_keys, "profile": PROFILE, "log_level": "error",
    }  # fmt: skip


async def test_a_list_comes_over_mutual_tls(settings: dict[str, Any], tokens: testing.Tokens, tmp_path: Path) -> None:
    """With the services' own settings the command is served; without them it is told that nobody answers."""
    files = certificate(tmp_path)
    (tmp_path / "token").write_text(tokens("head", ("department",), ("*",)), "utf-8")
    async with testing.service(app(), **settings, **files) as running:
        command = [
            sys.executable, "-m", "services.cli", "--targets", f"mediation=127.0.0.1:{running.port}",
            "--token-file", str(tmp_path / "token"), "list", "dispute", "-o", "json",
        ]  # fmt: skip
        given = {f"GEJU_{name.upper()}": str(path) for name, path in files.items()}
        codes = [await _code(command, environment(some)) for some in (given, {})]
        given["GEJU_TLS_CLIENT_CA"] = str(tmp_path / "none")
        codes.append(await _code(command, environment(given)))
    assert [0, 3, 2] == codes


async def _code(command: list[str], env: dict[str, str]) -> int:

    return (await asyncio.to_thread(subprocess.run, command, env=env, check=False, capture_output=True)).returncode
