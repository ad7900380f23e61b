"""Makes keys and tokens: for the `geju token` command, for service accounts of the local mode and for tests."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

PrivateKey = ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Signer:
    """Signs tokens with one private key; `kid` names the public key that verifies them."""

    key: PrivateKey
    kid: str
    issuer: str
    audience: str

    def mint(self, subject: str, roles: Iterable[str], offices: Iterable[str], ttl_seconds: float = 3600) -> str:
        """Return a token for an account with these roles (lower case) and offices (codes, or "*")."""
        now = time.time()
        claims = {
            "sub": subject,
            "roles": sorted(roles),
            "offices": sorted(offices),
            "iss": self.issuer,
            "aud": self.audience,
            "iat": int(now),
            "exp": int(now + ttl_seconds),
        }
        algorithm = "EdDSA" if isinstance(self.key, ed25519.Ed25519PrivateKey) else "RS256"
        return jwt.encode(claims, self.key, algorithm=algorithm, headers={"kid": self.kid})


def load_private_key(path: Path) -> PrivateKey:
    """Read a private key in PEM. Raises ValueError when it is neither Ed25519 nor RSA."""
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, PrivateKey):
        raise ValueError(f"{path.name}: expected an Ed25519 or RSA private key")  # noqa: TRY004 (a bad file)
    return key


def make_key(private: Path, public_folder: Path, kid: str) -> PrivateKey:
    """Make an Ed25519 key pair: the private key to a file only its owner can read, the public one to `<kid>.pem`."""
    key = ed25519.Ed25519PrivateKey.generate()
    private.parent.mkdir(parents=True, exist_ok=True)
    private.touch(mode=0o600)
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    write_public_key(key, public_folder, kid)
    return key


def write_public_key(key: PrivateKey, folder: Path, kid: str) -> Path:
    """Write the public half where services look for it; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{kid}.pem"
    path.write_bytes(
        key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return path
