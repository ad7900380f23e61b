"""HTTP/2 by hand: frames as bytes, so that a test can say what no well-behaved library lets it say (RFC 9113, 7541)."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Iterable
from enum import IntEnum

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
END_STREAM, END_HEADERS, ACK = 0x1, 0x4, 0x1
#: The largest frame that a receiver takes that has said nothing else.
MOST = 16_384
#: What may be sent before the receiver has said that there is room.
WINDOW = 65_535
_INITIAL_WINDOW_SIZE = 4


class Type(IntEnum):
    """Kinds of frames."""

    DATA = 0
    HEADERS = 1
    RST_STREAM = 3
    SETTINGS = 4
    PING = 6
    GOAWAY = 7
    WINDOW_UPDATE = 8
    CONTINUATION = 9


def frame(kind: Type, payload: bytes = b"", flags: int = 0, stream: int = 0) -> bytes:
    """Return one frame."""
    return struct.pack(">I", len(payload))[1:] + bytes((kind, flags)) + struct.pack(">I", stream) + payload


def settings(**values: int) -> bytes:
    """Return a SETTINGS frame; `window` is how much of an answer may be sent before more is asked for."""
    pairs = [struct.pack(">HI", _INITIAL_WINDOW_SIZE, values["window"])] if "window" in values else []
    return frame(Type.SETTINGS, b"".join(pairs))


def begin(**values: int) -> bytes:
    """Return what a client says first."""
    return PREFACE + settings(**values)


def headers(fields: Iterable[tuple[str, str]]) -> bytes:
    """Return a header block: literals, neither indexed nor compressed."""
    return b"".join(b"\x00" + _text(name) + _text(value) for name, value in fields)


def call(path: str, token: str = "", more: Iterable[tuple[str, str]] = ()) -> bytes:
    """Return the header block of a gRPC call."""
    plain = [
        (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"),
        ("content-type", "application/grpc"), ("te", "trailers"),
    ]  # fmt: skip
    return headers([*plain, *([("authorization", f"Bearer {token}")] if token else []), *more])


def opened(block: bytes, stream: int, flags: int = 0) -> bytes:
    """Return the frames that open a stream with a header block, however long it is."""
    parts = [block[start : start + MOST] for start in range(0, len(block), MOST)]
    kinds = [Type.HEADERS, *[Type.CONTINUATION] * (len(parts) - 1)]
    ends = [0] * (len(parts) - 1) + [END_HEADERS]
    return b"".join(
        frame(kind, part, end | (flags if kind is Type.HEADERS else 0), stream)
        for kind, part, end in zip(kinds, parts, ends, strict=True)
    )


def message(content: bytes, stream: int, *, last: bool = True, compressed: bool = False) -> bytes:
    """Return the frames of a gRPC message."""
    whole = struct.pack(">BI", compressed, len(content)) + content
    starts = range(0, len(whole), MOST)
    return b"".join(
        frame(Type.DATA, whole[at : at + MOST], END_STREAM if last and at == starts[-1] else 0, stream) for at in starts
    )


def reset(stream: int) -> bytes:
    """Return the frame that takes a stream back (CANCEL)."""
    return frame(Type.RST_STREAM, struct.pack(">I", 8), stream=stream)


async def read(reader: asyncio.StreamReader) -> tuple[int, int, int, bytes]:
    """Read a frame: kind, flags, stream and payload. Raises IncompleteReadError at the end."""
    head = await reader.readexactly(9)
    return head[3], head[4], int.from_bytes(head[5:]), await reader.readexactly(int.from_bytes(head[:3]))


def window_in(payload: bytes, before: int) -> int:
    """Return the room that SETTINGS give a new stream."""
    pairs = dict(struct.iter_unpack(">HI", payload))
    return int(pairs.get(_INITIAL_WINDOW_SIZE, before))


def _text(text: str) -> bytes:
    raw = text.encode()
    return _number(len(raw)) + raw


def _number(value: int) -> bytes:
    """Return an integer with a prefix of seven bits, whose eighth (Huffman) is not set."""
    if value < 127:
        return bytes((value,))
    found, value = bytearray(b"\x7f"), value - 127
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    found.append(value)
    return bytes(found)
