"""FastAPI and SQLModel, doing only the insert. `python -m tests.bench.baselines.fastapi_server URL PORT`."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from tests.bench.baselines.plain import PlainIn, PlainStore

store = PlainStore(sys.argv[1])


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Keep the store open while the server runs."""
    async with store.opened():
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/disputes")
async def create(given: PlainIn) -> dict[str, str]:
    """Insert one dispute."""
    return {"id": await store.insert(given)}


if __name__ == "__main__":
    # Connections outlast the pauses between two rounds.
    port = int(sys.argv[2])
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False, timeout_keep_alive=3600)
