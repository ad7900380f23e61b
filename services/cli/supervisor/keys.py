"""Keys and tokens of a local installation: made once, readable by their owner only."""

from __future__ import annotations

from services.chassis.crypto import RecordKeys
from services.chassis.files import write_private
from services.chassis.tokens import load_private_key, make_key, write_public_key
from services.client import Home
from services.client.home import KEY_ID

#: Its id follows from the key itself.
AUDIT_KEY_FILE = "audit"
SERVICE_TOKEN_SECONDS = 7 * 24 * 3600.0


def prepare(home: Home) -> None:
    """Make what is missing; what is there stays, since records and tokens depend on it."""
    folder = home.record_keys.parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    if not home.record_keys.exists():
        RecordKeys.generate().save(home.record_keys)
    if not home.jwt_private.exists():
        make_key(home.jwt_private, home.jwt_public, KEY_ID)
    write_public_key(load_private_key(home.jwt_private), home.jwt_public, KEY_ID)
    if not home.audit_private.exists():
        make_key(home.audit_private, home.audit_public, AUDIT_KEY_FILE)
    write_public_key(load_private_key(home.audit_private), home.audit_public, AUDIT_KEY_FILE)
    renew_service_token(home)


def renew_service_token(home: Home) -> None:
    """Write a fresh token for calls between services; they read the file again when it changes."""
    write_private(home.service_token, home.signer().mint("geju", ["service"], ["*"], SERVICE_TOKEN_SECONDS))
