"""Page tokens: where the next page starts, valid for the very query that made it."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from typing import Any

from google.protobuf.message import Message

from services.chassis.crypto import RecordKeys
from services.chassis.domain.errors import BadPageToken

DEFAULT_SIZE = 50
_MAC = 16


def page_size(request: Any) -> int:
    """Return the number of records asked for; 0 asks for the default."""
    return int(request.page_size) or DEFAULT_SIZE


def make_token(crypto: RecordKeys, query: str, position: list[Any]) -> str:
    """Return a token for the page after `position` (JSON values) of a query."""
    payload = json.dumps(position, separators=(",", ":"))
    return base64.urlsafe_b64encode(_mac(crypto, query, payload) + payload.encode()).decode()


def read_token(crypto: RecordKeys, query: str, token: str) -> list[Any] | None:
    """Return the position in a token; None for no token. Raises BadPageToken: changed, or of another query."""
    if not token:
        return None
    try:
        raw = base64.urlsafe_b64decode(token.encode())
        payload = raw[_MAC:].decode()
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise BadPageToken("page_token") from error
    # Decoding skips what is no base64 and ends at the first padding: only what was made is taken, letter by letter.
    if base64.urlsafe_b64encode(raw).decode() != token or not hmac.compare_digest(
        raw[:_MAC], _mac(crypto, query, payload)
    ):
        raise BadPageToken("page_token")
    position = json.loads(payload)
    assert isinstance(position, list), "only make_token makes what the MAC agrees with"
    return position


def query_of(request: Message, scope: str, *ignored: str) -> str:
    """Return what a token is bound to: the method's request without its paging (and `ignored`), and the scope."""
    query = type(request)()
    query.CopyFrom(request)
    for name in ("page_token", "page_size", "purpose", *ignored):
        if name in query.DESCRIPTOR.fields_by_name:
            query.ClearField(name)
    content = query.SerializeToString(deterministic=True).hex()
    return f"{query.DESCRIPTOR.full_name}|{scope}|{content}"


def _mac(crypto: RecordKeys, query: str, payload: str) -> bytes:
    return crypto.keyed_hash("page", query, payload)[:_MAC]
