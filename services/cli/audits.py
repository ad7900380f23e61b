"""Audit trails of the services: their heads, kept in files, and what a verification says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from geju.common.v1 import audit_service_pb2 as pb
from geju.common.v1 import audit_service_pb2_grpc
from google.protobuf import json_format

from services.chassis import audit_heads
from services.chassis.audit_heads import Keys
from services.cli.failure import Exit, Failure
from services.cli.sheets.labels import value_label
from services.client import Geju

PREFIX = "geju/"


@dataclass(frozen=True)
class Kept:
    """A head as it was read from a file."""

    path: Path
    head: pb.AuditHead

    @property
    def service(self) -> str:
        """The service whose chain it is of."""
        return self.head.source.removeprefix(PREFIX)


@dataclass(frozen=True)
class Checked:
    """What was found of one service's trail: the service's own answer, how many heads were asked about, bad ones."""

    service: str
    answer: pb.VerifyAuditResponse
    heads: int = 0
    refused: Sequence[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether the chain is whole, contains every head, and every head is what its signature says."""
        return self.answer.intact and self.answer.heads_contained == self.heads and not self.refused

    @property
    def words(self) -> str:
        """What is wrong, in Chinese; empty when nothing is."""
        found = [self.answer.problem] if self.answer.problem else []
        if not found and self.answer.heads_contained != self.heads:  # a service that does not know of heads yet
            found = ["服务没有核对链头,客户端与服务的版本不一致"]
        return ";".join([*found, *self.refused])

    @property
    def fault(self) -> str:
        """The name of what was done to the chain, in Chinese."""
        found = pb.AuditFault.DESCRIPTOR.values_by_number.get(self.answer.fault)
        return value_label(found) if found is not None and found.number else ""


def head(geju: Geju, service: str) -> pb.AuditHead:
    """Return the head of a service's trail. Errors: RpcError."""
    stub = geju.stub(audit_service_pb2_grpc.AuditServiceStub, service)
    return stub.GetAuditHead(pb.GetAuditHeadRequest()).head


def verify(geju: Geju, service: str, kept: Iterable[Kept], keys: Keys | None) -> Checked:
    """Have a service recompute its chain and look for heads; check their signatures when keys are given.

    Errors: RpcError.
    """
    mine = [one for one in kept if one.service == service]
    said = {one.path.name: audit_heads.problem(one.head, keys) for one in mine} if keys is not None else {}
    refused = [f"{name}:{problem}" for name, problem in said.items() if problem]
    heads = list({(one.head.sequence, one.head.hash.lower()): one.head for one in mine}.values())
    stub = geju.stub(audit_service_pb2_grpc.AuditServiceStub, service)
    answer = stub.VerifyAudit(pb.VerifyAuditRequest(heads=heads), timeout=600)
    return Checked(service, answer, len(heads), refused)


def keep(folder: Path, heads: Iterable[pb.AuditHead]) -> list[Path]:
    """Write each head to a file of its own, which is never written over. Errors: Failure."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [path for path in (_write(folder, head) for head in heads) if path]
    except OSError as error:
        raise Failure(f"{folder} 不可写:{error.strerror}", Exit.USAGE) from None


def _write(folder: Path, head: pb.AuditHead) -> Path | None:
    path = folder / f"{head.source.removeprefix(PREFIX)}-{head.sequence}-{head.hash[:12] or 'empty'}.json"
    if path.exists():  # nothing has happened since
        return None
    path.write_text(json.dumps(as_json(head), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path


def as_json(head: pb.AuditHead) -> Mapping[str, object]:
    """Return a head as it stands in a file."""
    return {
        "source": head.source, "sequence": head.sequence, "hash": head.hash,
        "time": head.time, "key_id": head.key_id, "signature": head.signature,
    }  # fmt: skip


def read(paths: Iterable[Path]) -> list[Kept]:
    """Read heads out of files, each with one or a list of them, and of folders of such files. Errors: Failure."""
    found: list[Kept] = []
    for path in paths:
        files = sorted(path.glob("*.json")) if path.is_dir() else [path]
        if not files:
            raise Failure(f"{path} 中没有链头文件", Exit.USAGE)
        for file in files:
            found += [Kept(file, head) for head in _heads(file)]
    return found


def _heads(path: Path) -> list[pb.AuditHead]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return [json_format.ParseDict(one, pb.AuditHead()) for one in (said if isinstance(said, list) else [said])]
    except OSError as error:
        raise Failure(f"读不到 {path}:{error.strerror}", Exit.USAGE) from None
    except (ValueError, TypeError, json_format.ParseError):
        raise Failure(f"{path} 不是链头文件", Exit.USAGE, "链头由 geju audit head 给出") from None


def keys(folder: Path) -> Keys:
    """Read the public keys of a folder. Errors: Failure."""
    try:
        found = audit_heads.public_keys(folder)
    except (OSError, ValueError):
        raise Failure(f"{folder} 中有读不出的公钥", Exit.USAGE, "公钥为 PEM 格式,以 .pem 结尾") from None
    if not found:
        raise Failure(f"{folder} 中没有 Ed25519 公钥", Exit.USAGE, "公钥为 PEM 格式,以 .pem 结尾")
    return found
