"""Encryption of personal data at rest, and keyed hashes to find it by exact match.

A key file is JSON: {"current": key id, "keys": {key id: base64 of 32 bytes}, "search": base64 of 32 bytes}. What is
written is encrypted with the current key; what is read names the key it was encrypted with, so old keys stay in the
file until everything has been rewritten.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.chassis.files import write_private

VERSION = 1
KEY_BYTES = 32
NONCE_BYTES = 12


class CryptoError(Exception):
    """Encrypted data or a key file cannot be used; the message never holds key or data."""


@dataclass(frozen=True)
class RecordKeys:
    """The keys of a service's records. Immutable; rotation makes a new one."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)
    search: bytes = field(repr=False)
    _ciphers: Mapping[str, AESGCM] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check sizes and prepare the ciphers."""
        if self.current not in self.keys:
            raise CryptoError(f"the current key {self.current!r} is not among the keys")
        wrong = [name for name, key in self.keys.items() if len(key) != KEY_BYTES or not 0 < len(name.encode()) < 256]
        if wrong or len(self.search) != KEY_BYTES:
            raise CryptoError(f"every key has {KEY_BYTES} bytes and a short name; wrong: {wrong or 'search'}")
        object.__setattr__(self, "_ciphers", {name: AESGCM(key) for name, key in self.keys.items()})

    @classmethod
    def generate(cls, name: str = "k1") -> RecordKeys:
        """Make fresh random keys."""
        return cls(name, {name: os.urandom(KEY_BYTES)}, os.urandom(KEY_BYTES))

    @classmethod
    def load(cls, path: Path) -> RecordKeys:
        """Read a key file. Raises CryptoError when it is missing or malformed."""
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            keys = {str(name): base64.b64decode(key, validate=True) for name, key in data["keys"].items()}
            return cls(str(data["current"]), keys, base64.b64decode(data["search"], validate=True))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise CryptoError(f"key file {path} cannot be used: {type(error).__name__}") from error

    def save(self, path: Path) -> None:
        """Write a key file that only its owner can read."""
        keys = {name: base64.b64encode(key).decode() for name, key in self.keys.items()}
        content = {"current": self.current, "keys": keys, "search": base64.b64encode(self.search).decode()}
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, json.dumps(content, indent=2))

    def with_key(self, name: str) -> RecordKeys:
        """Return the same keys and a fresh one, not yet current: who has the file can read what others will write."""
        if name in self.keys:
            raise CryptoError(f"there is a key {name!r} already")
        return replace(self, keys={**self.keys, name: os.urandom(KEY_BYTES)})

    def using(self, name: str) -> RecordKeys:
        """Return the same keys with another current one. The search key stays: hashes are not rewritten."""
        if name not in self.keys:
            raise CryptoError(f"there is no key {name!r}")
        return replace(self, current=name)

    def encrypt(self, plaintext: bytes, aad: bytes) -> bytes:
        """Encrypt with the current key. Only a reader who gives the same `aad` (see `row`) can decrypt."""
        name = self.current.encode()
        nonce = os.urandom(NONCE_BYTES)
        head = bytes((VERSION, len(name))) + name
        return head + nonce + self._ciphers[self.current].encrypt(nonce, plaintext, head + aad)

    def decrypt(self, ciphertext: bytes, aad: bytes) -> bytes:
        """Decrypt what `encrypt` made. Raises CryptoError: unknown key, other row, changed or cut data."""
        name, start = _head(ciphertext)
        cipher = self._ciphers.get(name)
        if cipher is None:
            raise CryptoError(f"there is no key {name!r}")
        try:
            nonce = ciphertext[start : start + NONCE_BYTES]
            return cipher.decrypt(nonce, ciphertext[start + NONCE_BYTES :], ciphertext[:start] + aad)
        except (InvalidTag, ValueError) as error:
            raise CryptoError("the data was changed or belongs to another row") from error

    def is_current(self, blob: bytes) -> bool:
        """Whether a value is encrypted with the current key."""
        return _head(blob)[0] == self.current

    def keyed_hash(self, *parts: str) -> bytes:
        """Return the 32-byte HMAC-SHA256 of several texts; their borders count."""
        encoded = [part.encode() for part in parts]
        message = b"".join(len(part).to_bytes(8, "big") + part for part in encoded)
        return hmac.digest(self.search, message, "sha256")

    def search_hash(self, value: str) -> bytes:
        """Return the hash by which a personal value is found, whatever its width, case and outer blanks."""
        return self.keyed_hash("search", normalise(value))


def normalise(text: str) -> str:
    """Return the form in which texts are compared: NFKC, no outer blanks, no case."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def row(table: str, id: UUID) -> bytes:
    """Return what the value of a row is bound to."""
    return f"{table}|{id}".encode()


def _head(blob: bytes) -> tuple[str, int]:
    """Return key id and length of the head."""
    if len(blob) < 2 or blob[0] != VERSION or len(blob) < 2 + blob[1] + NONCE_BYTES:
        raise CryptoError("this is not an encrypted value")
    end = 2 + blob[1]
    return blob[2:end].decode(errors="replace"), end
