"""Tokens that open nothing: of each kind how it is made and the reason that it is refused for."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.chassis.tokens import Signer, load_private_key
from services.client.home import AUDIENCE, ISSUER, KEY_ID
from tests.support.system import System

CLAIMS: Mapping[str, Any] = {"sub": "mallory", "roles": ["department"], "offices": ["*"]}


def _signed(system: System, key: Any = None, audience: str = AUDIENCE, issuer: str = ISSUER, ttl: float = 60) -> str:
    signer = Signer(key or load_private_key(system.home.jwt_private), KEY_ID, issuer, audience)
    return signer.mint("mallory", ["department"], ["*"], ttl)


def _unsigned(_system: System) -> str:
    claims = {**CLAIMS, "aud": AUDIENCE, "iss": ISSUER, "exp": time.time() + 60}
    return jwt.encode(claims, "", algorithm="none", headers={"kid": KEY_ID})


def _by_public_key(system: System) -> str:
    """Sign with the public key as the secret of a symmetric algorithm."""
    claims = {**CLAIMS, "aud": AUDIENCE, "iss": ISSUER, "exp": time.time() + 60}
    signed = b".".join(_part(part) for part in ({"alg": "HS256", "typ": "JWT", "kid": KEY_ID}, claims))
    secret = (system.home.jwt_public / f"{KEY_ID}.pem").read_bytes()
    signature = base64.urlsafe_b64encode(hmac.digest(secret, signed, "sha256")).rstrip(b"=")
    return b".".join((signed, signature)).decode()


def _part(content: Mapping[str, Any]) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=")


TOKENS: Mapping[str, tuple[Callable[[System], str], str]] = {
    "none": (lambda _: "", "TOKEN_MISSING"),
    "no token at all": (lambda _: "测试".encode().hex(), "TOKEN_INVALID"),
    "expired": (lambda system: _signed(system, ttl=-60), "TOKEN_EXPIRED"),
    "for another audience": (lambda system: _signed(system, audience="other"), "TOKEN_FOREIGN"),
    "by another issuer": (lambda system: _signed(system, issuer="other"), "TOKEN_FOREIGN"),
    "unsigned": (_unsigned, "TOKEN_INVALID"),
    "signed with the public key": (_by_public_key, "TOKEN_INVALID"),
    "by another key": (lambda system: _signed(system, key=Ed25519PrivateKey.generate()), "TOKEN_INVALID"),
    "by an unknown key": (lambda _system: jwt.encode(dict(CLAIMS), "x" * 32, headers={"kid": "who"}),
                          "TOKEN_KEY_UNKNOWN"),
}  # fmt: skip
