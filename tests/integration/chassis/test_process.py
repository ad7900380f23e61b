"""A service as a process of its own: signals, exit codes, transport security."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import json
import os
import re
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from geju.common.v1 import limit_service_pb2, limit_service_pb2_grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from services.chassis.client import Tls, connect
from services.chassis.testing.keys import Tokens
from tests.integration.chassis.toy import EMPTY, PROFILE, bench

PROGRAM = """
import sys
from geju.common.v1 import limit_service_pb2_grpc as g
from services.chassis.server import App, Registration, main
async def build(runtime):
    return [Registration(g.add_LimitServiceServicer_to_server, g.LimitServiceServicer())]
sys.exit(main(App("toy", build)))
"""


async def start(folder: Path, **changes: str) -> asyncio.subprocess.Process:
    """Start the toy as a process."""
    settings = {
        "GEJU_PROFILE": str(PROFILE),
        "GEJU_JWT_KEYS": str(Tokens(folder).public),
        "GEJU_DRAIN_SECONDS": "0",
        **changes,
    }
    path = os.pathsep.join(entry for entry in sys.path if entry)
    environment = {**os.environ, **settings, "PYTHONPATH": path}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, env=environment, stderr=asyncio.subprocess.PIPE
    )


async def lines(process: asyncio.subprocess.Process) -> list[dict[str, Any]]:
    """Read what a process logs until its end."""
    assert process.stderr is not None
    return [json.loads(line) async for line in process.stderr]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_drains(tmp_path: Path, number: signal.Signals) -> None:
    """SIGTERM and SIGINT drain the service, which then ends with exit code 0."""
    process = await start(tmp_path)
    assert process.stderr is not None
    try:
        serving = json.loads(await asyncio.wait_for(process.stderr.readline(), 30))
        process.send_signal(number)
        rest = await asyncio.wait_for(lines(process), 30)
        code = await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
    assert serving["event"] == "serving"
    assert serving["grpc_port"] > 0
    assert [line["event"] for line in rest] == ["draining", "stopped"]
    assert code == 0


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"GEJU_PROFILE": "/nowhere"}, "区划档案"),
        ({"GEJU_JWT_KEYS": "/nowhere"}, "no public key"),
        ({"GEJU_TLS_CERT": "/etc/hostname"}, "GEJU_TLS_KEY"),
        ({"GEJU_NATS_CA": "/etc/hostname"}, "证书无法读取"),
    ],
)
async def test_wrong_settings(tmp_path: Path, changes: dict[str, str], part: str) -> None:
    """A service with wrong settings ends with exit code 2 and one line that says what to change."""
    process = await start(tmp_path, **changes)
    logged = await asyncio.wait_for(lines(process), 30)
    assert await process.wait() == 2
    assert [part in line["problem"] for line in logged if line["event"] == "cannot_start"] == [True]


def certificate(folder: Path, name: str, issuer: tuple[Any, Any] | None = None) -> tuple[Any, Any]:
    """Make a certificate and its key, signed by an issuer or itself; written to <name>.pem and <name>.key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    names: Iterable[x509.GeneralName] = [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .sign(issuer[1] if issuer else key, hashes.SHA256())
    )
    (folder / f"{name}.pem").write_bytes(built.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / f"{name}.key").write_bytes(private)
    return built, key


async def test_mutual_tls(tmp_path: Path) -> None:
    """With a client CA set, only clients with its certificate get in; health stays plain, metrics tell the ends."""
    ca = certificate(tmp_path, "ca")
    server, _ = (certificate(tmp_path, name, ca) for name in ("server", "client"))
    files = {
        "tls_cert": tmp_path / "server.pem",
        "tls_key": tmp_path / "server.key",
        "tls_client_ca": tmp_path / "ca.pem",
    }
    request = limit_service_pb2.ListLimitsRequest()
    async with bench(tmp_path, health_listen="127.0.0.1:0", **files) as b:
        target, token = f"127.0.0.1:{b.running.port}", b.tokens("a", {"clerk"}, {"*"})
        with_cert = Tls(tmp_path / "ca.pem", tmp_path / "client.pem", tmp_path / "client.key")
        async with connect(target, token, with_cert) as channel:
            assert await limit_service_pb2_grpc.LimitServiceStub(channel).ListLimits(request) == EMPTY
        async with connect(target, token, Tls(tmp_path / "ca.pem")) as channel:
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await limit_service_pb2_grpc.LimitServiceStub(channel).ListLimits(request, timeout=5)
        async with connect(f"127.0.0.1:{b.running.health_port}") as channel:
            answer = await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest())
        page = b.running.runtime.metrics.render().decode()
    ends = {name: line.not_valid_after_utc.timestamp() for name, (line, _) in (("client_ca", ca), ("server", server))}
    told = dict(re.findall(r'geju_certificate_expiry_timestamp_seconds{certificate="(\w+)"} (\S+)', page))
    assert ends == {name: float(value) for name, value in told.items()}
    assert caught.value.code() == grpc.StatusCode.UNAVAILABLE
    assert answer.status == health_pb2.HealthCheckResponse.SERVING
