"""Tokens: who is let in, and how the others are refused."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from services.chassis import identity
from services.chassis.domain.errors import Unauthenticated
from services.chassis.identity import (
    ExpiredToken,
    ForeignToken,
    InvalidToken,
    MissingToken,
    UnknownKey,
    Verifier,
)
from services.chassis.tokens import Signer, load_private_key, make_key, write_public_key


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    """Make a key and its signer."""
    return Signer(make_key(tmp_path / "private.pem", tmp_path / "keys", "k1"), "k1", "geju", "geju")


@pytest.fixture
def verifier(signer: Signer, tmp_path: Path) -> Verifier:
    """Verify against that key."""
    return Verifier(tmp_path / "keys", "geju", "geju")


def bearer(token: str) -> str:
    """Return the header of a token."""
    return f"Bearer {token}"


def claims(**changes: Any) -> dict[str, Any]:
    """Return good claims, changed."""
    good = {"sub": "a", "roles": ["clerk"], "offices": ["wuma"], "iss": "geju", "aud": "geju", "exp": time.time() + 60}
    return {key: value for key, value in (good | changes).items() if value is not None}


def test_a_good_token_names_its_caller(signer: Signer, verifier: Verifier) -> None:
    """A good token gives subject, known roles and offices; roles that do not exist are dropped."""
    caller = verifier.verify(bearer(signer.mint("clerk1", ["clerk", "emperor"], ["wuma", "nanmen"])))
    assert ("clerk1", {"clerk"}, {"wuma", "nanmen"}) == (caller.subject, caller.roles, caller.offices)


def test_a_token_is_verified_once(signer: Signer, verifier: Verifier) -> None:
    """A token seen before gives the very same caller without its signature being checked again."""
    header = bearer(signer.mint("clerk1", ["clerk"], ["wuma"]))
    assert verifier.verify(header) is verifier.verify(header)


def test_what_was_verified_expires(signer: Signer, verifier: Verifier, monkeypatch: pytest.MonkeyPatch) -> None:
    """A remembered token is refused once it has expired."""
    header = bearer(signer.mint("clerk1", ["clerk"], ["wuma"], ttl_seconds=30))
    verifier.verify(header)
    now = time.time()
    monkeypatch.setattr(identity.time, "time", lambda: now + 36)
    with pytest.raises(ExpiredToken):
        verifier.verify(header)


def test_the_memory_is_bounded(signer: Signer, verifier: Verifier, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more tokens are remembered than the limit."""
    monkeypatch.setattr(identity, "CACHE_SIZE", 3)
    for number in range(6):
        verifier.verify(bearer(signer.mint(f"a{number}", [], [])))
    assert len(verifier._verified) == 3


@pytest.mark.parametrize(
    ("make", "error"),
    [
        pytest.param(lambda _: "", MissingToken, id="no header"),
        pytest.param(lambda _: "Basic abc", InvalidToken, id="another scheme"),
        pytest.param(lambda _: bearer("a.b.c"), InvalidToken, id="no token"),
        pytest.param(lambda s: bearer(s.mint("a", [], []) + "x"), InvalidToken, id="changed signature"),
        pytest.param(lambda s: bearer(s.mint("a", [], [], -60)), ExpiredToken, id="expired"),
        pytest.param(lambda s: bearer(Signer(s.key, "k1", "geju", "x").mint("a", [], [])), ForeignToken, id="audience"),
        pytest.param(lambda s: bearer(Signer(s.key, "k1", "x", "geju").mint("a", [], [])), ForeignToken, id="issuer"),
        pytest.param(lambda s: bearer(Signer(s.key, "../k1", "geju", "geju").mint("a", [], [])), UnknownKey, id="key"),
        pytest.param(lambda _: bearer(jwt.encode(claims(), "", "none", {"kid": "k1"})), InvalidToken, id="alg none"),
        pytest.param(
            lambda _: bearer(jwt.encode(claims(), "k" * 32, "HS256", {"kid": "k1"})), InvalidToken, id="alg HS256"
        ),
        pytest.param(
            lambda s: bearer(jwt.encode(claims(exp=None), s.key, "EdDSA", {"kid": "k1"})), InvalidToken, id="no exp"
        ),
        pytest.param(
            lambda s: bearer(jwt.encode(claims(offices="*"), s.key, "EdDSA", {"kid": "k1"})), InvalidToken, id="offices"
        ),
        pytest.param(lambda _: bearer("x" * 10_000), InvalidToken, id="endless"),
    ],
)
def test_refused(
    make: Callable[[Signer], str], error: type[Unauthenticated], signer: Signer, verifier: Verifier
) -> None:
    """Whatever is wrong with a token is UNAUTHENTICATED with a reason of its own and a Chinese message."""
    with pytest.raises(error) as caught:
        verifier.verify(make(signer))
    assert caught.value.code == "UNAUTHENTICATED"
    assert not caught.value.message.isascii()


def test_rsa_tokens(tmp_path: Path) -> None:
    """RS256 is accepted from RSA keys of at least 2048 bits; smaller keys are not loaded."""
    key = rsa.generate_private_key(65537, 2048)
    write_public_key(key, tmp_path, "r1")
    write_public_key(rsa.generate_private_key(65537, 1024), tmp_path, "weak")  # noqa: S505 (that is the point)
    verifier = Verifier(tmp_path, "geju", "geju")
    assert verifier.verify(bearer(Signer(key, "r1", "geju", "geju").mint("a", [], []))).subject == "a"
    assert {"r1"} == set(verifier._keys)


def test_a_withdrawn_key_ends_its_tokens(signer: Signer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys are read again: a new one is known, a withdrawn one no longer, even for tokens seen before."""
    monkeypatch.setattr(identity, "RELOAD_SECONDS", 0)
    verifier = Verifier(tmp_path / "keys", "geju", "geju")
    header = bearer(signer.mint("a", [], []))
    verifier.verify(header)
    second = Signer(make_key(tmp_path / "second.pem", tmp_path / "keys", "k2"), "k2", "geju", "geju")
    assert verifier.verify(bearer(second.mint("b", [], []))).subject == "b"
    (tmp_path / "keys" / "k1.pem").unlink()
    with pytest.raises(UnknownKey):
        verifier.verify(header)


def test_no_key_no_start(tmp_path: Path, signer: Signer) -> None:
    """A folder without a usable public key is refused; a private key in it is not used."""
    private = signer.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "k1.pem").write_bytes(private)
    with pytest.raises(ValueError, match="no public key"):
        Verifier(folder, "geju", "geju")


def test_a_private_key_is_its_owners(tmp_path: Path) -> None:
    """A private key is written for its owner only, and reads back."""
    key = make_key(tmp_path / "p.pem", tmp_path / "keys", "k1")
    assert (tmp_path / "p.pem").stat().st_mode & 0o777 == 0o600
    assert type(key) is type(load_private_key(tmp_path / "p.pem"))
