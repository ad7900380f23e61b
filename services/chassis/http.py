"""The smallest HTTP server that serves probes and metrics: GET and HEAD of a few fixed paths."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus
from typing import NamedTuple

_HEAD_LIMIT = 16 * 1024
_HEAD_SECONDS = 10.0
TEXT = "text/plain; charset=utf-8"


class Page(NamedTuple):
    """An answer: its body, type and status."""

    body: bytes
    content_type: str = TEXT
    status: HTTPStatus = HTTPStatus.OK


Route = Callable[[], Page | Awaitable[Page]]


class HttpServer:
    """Serves pages by path; every answer is made anew and ends the connection unless the client keeps it."""

    def __init__(self, routes: dict[str, Route]) -> None:
        self._routes = routes
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def start(self, host: str, port: int) -> int:
        """Listen; returns the port, which the system chooses for 0. Raises OSError when it is taken."""
        self._server = await asyncio.start_server(self._serve, host, port, limit=_HEAD_LIMIT)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stop listening and end open connections."""
        if self._server is not None:
            self._server.close()
            for writer in tuple(self._open):
                writer.close()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            with suppress(ConnectionError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                while await self._exchange(reader, writer):
                    pass
        finally:
            self._open.discard(writer)
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        async with asyncio.timeout(_HEAD_SECONDS):
            head = await reader.readuntil(b"\r\n\r\n")
        line, _, headers = head.decode("latin-1").partition("\r\n")
        method, _, rest = line.partition(" ")
        target, _, version = rest.partition(" ")
        keep = version == "HTTP/1.1" and "connection: close" not in headers.lower()
        page = await self._page(method, target.partition("?")[0])
        keep = keep and method in {"GET", "HEAD"}
        writer.write(_head(page, keep=keep))
        if method != "HEAD":
            writer.write(page.body)
        await writer.drain()
        return keep

    async def _page(self, method: str, path: str) -> Page:
        if method not in {"GET", "HEAD"}:
            return Page(b"only GET and HEAD\n", status=HTTPStatus.METHOD_NOT_ALLOWED)
        route = self._routes.get(path)
        if route is None:
            return Page(("try " + " ".join(self._routes) + "\n").encode(), status=HTTPStatus.NOT_FOUND)
        page = route()
        return page if isinstance(page, Page) else await page


def _head(page: Page, *, keep: bool) -> bytes:
    return (
        f"HTTP/1.1 {page.status.value} {page.status.phrase}\r\n"
        f"Content-Type: {page.content_type}\r\n"
        f"Content-Length: {len(page.body)}\r\n"
        f"Connection: {'keep-alive' if keep else 'close'}\r\n\r\n"
    ).encode("latin-1")
