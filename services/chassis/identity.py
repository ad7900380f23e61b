"""Who is calling: verifies JSON web tokens against a folder of public keys."""

# Docstrings of error classes are Chinese messages to the user.
# ruff: noqa: D400

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jwt
import structlog
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from geju.options.v1 import options_pb2

from services.chassis.context import Caller
from services.chassis.domain.errors import Unauthenticated

PublicKey = ed25519.Ed25519PublicKey | rsa.RSAPublicKey

ROLES = frozenset(name.removeprefix("ROLE_").lower() for name, number in options_pb2.Role.items() if number)
MIN_RSA_BITS = 2048
#: Clocks of two machines may differ by so much.
LEEWAY_SECONDS = 5
#: Verified tokens kept: one per account at work, with room.
CACHE_SIZE = 4096
#: How often the folder is looked at for new and withdrawn keys.
RELOAD_SECONDS = 5.0
_MAX_TOKEN = 8192
_BEARER = "bearer "

_log = structlog.get_logger(__name__)


class MissingToken(Unauthenticated):
    """缺少身份凭证:请求须带 authorization: Bearer 令牌。"""

    reason = "TOKEN_MISSING"


class InvalidToken(Unauthenticated):
    """身份凭证无效:签名、算法或内容不正确,请重新登录。"""

    reason = "TOKEN_INVALID"


class ExpiredToken(Unauthenticated):
    """身份凭证已过期,请重新登录。"""

    reason = "TOKEN_EXPIRED"


class ForeignToken(Unauthenticated):
    """身份凭证不是为本系统签发的。"""

    reason = "TOKEN_FOREIGN"


class UnknownKey(Unauthenticated):
    """身份凭证由未知的密钥签发。"""

    reason = "TOKEN_KEY_UNKNOWN"


class Verifier:
    """Turns the `authorization` header into a Caller; remembers what it has verified until that expires."""

    def __init__(self, folder: Path, issuer: str, audience: str) -> None:
        """Read the keys of a folder: `<kid>.pem`, Ed25519 or RSA public keys. Raises ValueError when there is none."""
        self._folder, self._issuer, self._audience = folder, issuer, audience
        self._keys: dict[str, PublicKey] = {}
        self._stamp: tuple[tuple[str, int, int], ...] = ()
        self._look_at = 0.0
        self._verified: dict[str, tuple[Caller, float]] = {}
        self._reload()
        if not self._keys:
            raise ValueError(f"no public key (<kid>.pem, Ed25519 or RSA) in {folder}")

    def verify(self, header: str) -> Caller:
        """Return the caller of an `authorization` header. Raises a kind of Unauthenticated."""
        if time.monotonic() >= self._look_at:
            self._reload()
        known = self._verified.get(header)
        if known is not None:
            caller, expires = known
            if time.time() < expires + LEEWAY_SECONDS:
                return caller
            del self._verified[header]
            raise ExpiredToken
        caller, expires = self._check(header)
        if len(self._verified) >= CACHE_SIZE:
            del self._verified[next(iter(self._verified))]
        self._verified[header] = caller, expires
        return caller

    def knows(self, header: str) -> bool:
        """Tell whether an `authorization` header is that of a caller."""
        try:
            self.verify(header)
        except Unauthenticated:
            return False
        return True

    def _check(self, header: str) -> tuple[Caller, float]:
        if not header:
            raise MissingToken
        if header[: len(_BEARER)].lower() != _BEARER or len(header) > _MAX_TOKEN:
            raise InvalidToken
        claims = self._claims(header[len(_BEARER) :].strip())
        roles, offices = claims.get("roles"), claims.get("offices")
        if not (_strings(roles) and _strings(offices) and claims["sub"]):
            raise InvalidToken
        assert roles is not None
        assert offices is not None
        return Caller(str(claims["sub"]), ROLES.intersection(roles), frozenset(offices)), float(claims["exp"])

    def _claims(self, token: str) -> Mapping[str, Any]:
        try:
            key = self._key(str(jwt.get_unverified_header(token).get("kid", "")))
            # The algorithm is the key's, never the token's: "none" and mixed-up algorithms cannot get in.
            algorithm = "EdDSA" if isinstance(key, ed25519.Ed25519PublicKey) else "RS256"
            return jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=self._audience,
                issuer=self._issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["sub", "aud", "iss", "exp"]},
            )
        except jwt.ExpiredSignatureError:
            raise ExpiredToken from None
        except (jwt.InvalidAudienceError, jwt.InvalidIssuerError):
            raise ForeignToken from None
        except (jwt.PyJWTError, ValueError, OverflowError):
            raise InvalidToken from None

    def _key(self, kid: str) -> PublicKey:
        key = self._keys.get(kid)
        if key is None:
            raise UnknownKey(kid=kid[:64] if kid.isprintable() else "")
        return key

    def _reload(self) -> None:
        self._look_at = time.monotonic() + RELOAD_SECONDS
        try:
            files = sorted(self._folder.glob("*.pem"))
            stamp = tuple((f.name, f.stat().st_mtime_ns, f.stat().st_size) for f in files)
        except OSError:
            _log.warning("keys_unreadable", folder=str(self._folder))
            return
        if stamp != self._stamp:
            keys = {file.stem: key for file in files if (key := _read(file)) is not None}
            # A withdrawn key must not live on in what it had signed.
            self._keys, self._stamp = keys, stamp
            self._verified.clear()


def _strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _read(file: Path) -> PublicKey | None:
    try:
        key = load_pem_public_key(file.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm):
        _log.warning("key_refused", file=file.name, expected="a public key in PEM")
        return None
    if isinstance(key, ed25519.Ed25519PublicKey) or (
        isinstance(key, rsa.RSAPublicKey) and key.key_size >= MIN_RSA_BITS
    ):
        return key
    _log.warning("key_refused", file=file.name, expected=f"Ed25519, or RSA of at least {MIN_RSA_BITS} bits")
    return None
