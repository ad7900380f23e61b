"""What surrounds every mutation: request id, trial run, retries, commit and answer."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

import asyncpg
from google.protobuf.message import Message

from services.chassis.checks import check_request
from services.chassis.context import Call, current
from services.chassis.contract import Method, method
from services.chassis.domain.errors import NotFound, RuleError, Unavailable
from services.chassis.errors import is_outage
from services.chassis.reads import present_answer
from services.chassis.requests import Conflict, Replay, RequestKey
from services.chassis.storage.store import Store
from services.chassis.unit_of_work import Work

__all__ = ["ATTEMPTS", "Work", "mutate", "mutation"]

ATTEMPTS = 8
_RECONNECTS = 2

Handler = Callable[[Any, Work, Any], Awaitable[Message]]


def mutation(handler: Handler) -> Callable[..., Awaitable[Any]]:
    """Make a servicer's RPC of `async def Verb(self, work, request) -> record`.

    The record (or a whole response message) is answered and committed with everything the work saved, once per
    request id. When another call was faster the handler runs again on the new state, so it must change nothing but its
    work. With `validate_only` everything runs and nothing is kept. The servicer's `store` is used.
    """

    @wraps(handler)
    async def call(self: Any, request: Any, context: Any = None) -> Any:
        del context
        return await mutate(self.store, lambda work: handler(self, work, request), request)

    return call


async def mutate(store: Store, handler: Callable[[Work], Awaitable[Message]], request: Any) -> Message:
    """Run a handler as the mutation that is being called. Raises RuleError."""
    call = current()
    rpc = method(call.method)
    dry = bool(request.validate_only)
    key = None if dry else RequestKey(call.caller.subject, call.method, request, store.crypto)
    check_request(request, store.rules())
    reconnects = 0
    for attempt in range(ATTEMPTS):
        try:
            return await _attempt(store, call, rpc, handler, request, key, look_up=attempt > 0)
        except Replay as replay:
            return rpc.response.FromString(replay.answer)
        except RuleError:
            raise
        except Conflict:
            await asyncio.sleep(random.uniform(0, 0.002 * attempt))  # noqa: S311 (spreads the losers, hides nothing)
        except asyncpg.InsufficientPrivilegeError as error:  # row-level security: an office outside the scope
            raise NotFound("office", name="") from error
        except Exception as error:
            # Whether the commit arrived is unknown: the next attempt finds the answer under the request id, if so.
            reconnects += 1
            if not is_outage(error) or reconnects > _RECONNECTS:
                raise
    raise Unavailable


async def _attempt(
    store: Store,
    call: Call,
    rpc: Method,
    handler: Callable[[Work], Awaitable[Message]],
    request: Any,
    key: RequestKey | None,
    *,
    look_up: bool,
) -> Message:
    async with Work(store, call, district=rpc.district, request=key) as work:
        if key is not None:
            key.checked = False
            if look_up:
                await key.look_up(await work.connection())
        work.reason = getattr(request, "reason", "")
        try:
            answer = rpc.answer(present_answer(store, await handler(work), work.rules))
            if key is not None:
                key.record_id = work.only_record_id
            await work.commit(answer.SerializeToString(), dry=key is None)
        except RuleError:
            # A repeat may break a rule that the first time did not: its answer comes first.
            if key is not None and not key.checked:
                await work.roll_back()
                await key.look_up(await work.connection())
            raise
    if key is not None:
        store.committed()
    return answer
