"""What surrounds every mutation: request id, trial run, retries, commit and answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import asyncpg
from google.protobuf.message import Message

from services.chassis.checks import check_request
from services.chassis.context import Call, current
from services.chassis.contract import Method, method
from services.chassis.domain.errors import NotFound, RuleError, Unavailable
from services.chassis.reads import present_answer, records_in
from services.chassis.requests import Conflict, Replay, RequestKey
from services.chassis.storage.engine import is_lost
from services.chassis.storage.store import Store
from services.chassis.streams import bounded
from services.chassis.trail_words import check_words
from services.chassis.unit_of_work import Work

__all__ = ["ATTEMPTS", "Attempt", "Work", "mutate", "mutation", "mutations", "perform"]

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
        return await _mutate(handler, self, request)

    return call


def mutations(handler: Handler) -> Callable[..., AsyncIterator[Any]]:
    """Make a servicer's stream in both directions of `async def Verb(self, work, request) -> response`.

    Each request of the stream is a mutation like any other, with an id and a transaction of its own. It is answered
    before the next is read: whoever sends faster waits, and answers come in the order of the requests.
    """

    @wraps(handler)
    async def call(self: Any, requests: AsyncIterator[Any], context: Any = None) -> AsyncIterator[Any]:
        del context
        async for request in requests:
            yield await bounded(_mutate(handler, self, request))

    return call


async def _mutate(handler: Handler, servicer: Any, request: Any) -> Message:
    return await mutate(servicer.store, lambda work: handler(servicer, work, request), request)


async def mutate(store: Store, handler: Callable[[Work], Awaitable[Message]], request: Any) -> Message:
    """Run a handler as the mutation that is being called. Raises RuleError."""
    call = current()
    rpc = method(call.method)
    key = None
    if not request.validate_only:
        content = request.SerializeToString(deterministic=True)
        key = RequestKey(call.caller.subject, call.method, request.request_id, content, store.crypto)
    check_request(request, store.rules())
    reason = getattr(request, "reason", "")
    check_words("reason", reason)
    return await perform(Attempt(store, call, rpc, handler, key, reason))


async def perform(attempt: Attempt) -> Message:
    """Try until it succeeds, for a while; return the answer. Raises RuleError, Unavailable among them."""
    lost = 0
    for _ in range(ATTEMPTS):
        try:
            return await attempt.run()
        except Replay as replay:
            return attempt.rpc.response.FromString(replay.answer)
        except RuleError:
            raise
        except (Conflict, asyncpg.InvalidCachedStatementError) as conflict:
            attempt.queue = getattr(conflict, "records", ())
        except asyncpg.InsufficientPrivilegeError as error:  # row-level security: an office outside the scope
            raise NotFound("office", name="") from error
        except Exception as error:
            # Whether the commit arrived is unknown: the next attempt finds the answer under the request id, if so.
            lost += 1
            if not is_lost(error):
                raise
            if lost > _RECONNECTS:
                raise Unavailable from error
    raise Unavailable


@dataclass(slots=True)
class Attempt:
    """What is tried until it succeeds: at once the first time, then after looking for the answer and queueing.

    Without a `key` everything runs and nothing is kept.
    """

    store: Store
    call: Call
    rpc: Method
    handler: Callable[[Work], Awaitable[Message]]
    key: RequestKey | None
    reason: str = ""
    again: bool = False
    queue: tuple[str, ...] = ()

    async def run(self) -> Message:
        """Run the handler and commit. Raises Conflict, Replay, RuleError."""
        key = self.key
        async with Work(self.store, self.call, district=self.rpc.district, request=key) as work:
            if key is not None:
                key.checked = False
            if self.again:
                await work.lock(*self.queue)
                await work.expect_new_request()
            self.again = True
            work.reason = self.reason
            try:
                answer = await self._commit(work)
            except RuleError:
                # A repeat may break a rule that the first time did not: its answer comes first.
                await work.roll_back()
                await work.expect_new_request()
                raise
        if key is not None:
            self.store.committed()
        return answer

    async def _commit(self, work: Work) -> Message:
        answer = self.rpc.answer(present_answer(self.store, await self.handler(work), work.rules))
        if self.key is not None:
            self.key.records = records_in(self.store, answer)
        await work.commit(answer.SerializeToString(), dry=self.key is None)
        return answer
