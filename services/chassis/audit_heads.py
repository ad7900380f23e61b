"""Heads of audit chains, signed: whoever keeps one outside can prove later what the chain held then."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from geju.common.v1 import audit_service_pb2 as pb

from services.chassis.tokens import load_private_key

#: The first line of what is signed: no signature of anything else can pass for one of a head.
MARK = "geju audit head 1"
_ID_DIGITS = 16
_RAW = serialization.Encoding.Raw, serialization.PublicFormat.Raw
#: Public keys by their id.
Keys: TypeAlias = Mapping[str, Ed25519PublicKey]


@dataclass(frozen=True)
class HeadSigner:
    """Signs heads with one Ed25519 key."""

    key: Ed25519PrivateKey

    @classmethod
    def load(cls, path: Path) -> HeadSigner:
        """Read the key, PEM. Raises ValueError when it is no Ed25519 key, OSError when it cannot be read."""
        key = load_private_key(path)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(f"{path.name}: heads of the audit trail are signed with an Ed25519 key")  # noqa: TRY004 (a bad file)
        return cls(key)

    def sign(self, head: pb.AuditHead) -> None:
        """Put key id and signature into a head."""
        head.key_id = key_id(self.key.public_key())
        head.signature = self.key.sign(signed_bytes(head)).hex()


def head_of(source: str, sequence: int, last: bytes, now: datetime) -> pb.AuditHead:
    """Return a head that nobody has signed yet."""
    at = now.astimezone(UTC).isoformat(timespec="microseconds")
    return pb.AuditHead(source=source, sequence=sequence, hash=last.hex(), time=at)


def signed_bytes(head: pb.AuditHead) -> bytes:
    """Return what the signature of a head covers."""
    return "".join(
        f"{line}\n" for line in (MARK, head.source, head.sequence, head.hash, head.time, head.key_id)
    ).encode()


def key_id(key: Ed25519PublicKey) -> str:
    """Return the id of a public key, which follows from the key itself."""
    return hashlib.sha256(key.public_bytes(*_RAW)).hexdigest()[:_ID_DIGITS]


def public_keys(folder: Path) -> Keys:
    """Read the Ed25519 public keys (PEM) of a folder, by their id. Raises OSError, ValueError."""
    found = (serialization.load_pem_public_key(path.read_bytes()) for path in sorted(folder.glob("*.pem")))
    return {key_id(key): key for key in found if isinstance(key, Ed25519PublicKey)}


def problem(head: pb.AuditHead, keys: Keys) -> str:
    """Return what is wrong with the signature of a head, in Chinese; empty when one of the keys made it."""
    if not head.signature:
        return "没有签名"
    key = keys.get(head.key_id)
    if key is None:
        return f"没有密钥 {head.key_id} 的公钥"
    try:
        key.verify(bytes.fromhex(head.signature), signed_bytes(head))
    except (InvalidSignature, ValueError):
        return "签名不符:链头被改动"
    return ""
