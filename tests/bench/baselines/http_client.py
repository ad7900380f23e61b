"""A bare HTTP/1.1 client on one kept connection, so that the client is not what is measured."""

from __future__ import annotations

import asyncio


class HttpClient:
    """One connection; one request at a time."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, body: bytes) -> None:
        """Post JSON and read the answer; raises AssertionError unless it is 200."""
        if self.reader is None or self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        head = (
            f"POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {len(body)}"
        )
        self.writer.write(head.encode() + b"\r\n\r\n" + body)
        answer = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        assert answer.startswith(b"http/1.1 200"), answer[:60]
        await self.reader.readexactly(int(answer.split(b"content-length:")[1].split(b"\r\n")[0]))
