"""Disputes of a bench, through the service: registered in numbers, then accepted. Persons are plainly invented."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import grpc
from geju.mediation.v1 import dispute_pb2 as pb
from geju.mediation.v1 import dispute_service_pb2 as rpc
from geju.mediation.v1.dispute_service_pb2_grpc import DisputeServiceStub

from tests.bench.load import drive

OFFICE = "wuma"
SECONDS = 30.0


def dispute() -> pb.Dispute:
    """Return a dispute as a clerk takes it in."""
    return pb.Dispute(
        office=OFFICE,
        type=pb.DISPUTE_TYPE_NEIGHBOUR,
        channel=pb.DISPUTE_CHANNEL_APPLICATION,
        summary="演示数据:双方因滴水与采光发生争议,申请调解。",
        parties=[
            pb.Party(side=pb.PARTY_SIDE_APPLICANT, full_name="张某某", phone="测试电话"),
            pb.Party(side=pb.PARTY_SIDE_RESPONDENT, full_name="测试甲"),
        ],
    )


class Clerk:
    """Calls DisputeService with one token over one channel."""

    def __init__(self, port: int, token: str) -> None:
        self.channel = grpc.aio.insecure_channel(f"127.0.0.1:{port}")
        self._stub: Any = DisputeServiceStub(self.channel)
        self._metadata = (("authorization", f"Bearer {token}"),)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Clerk]:
        """Close the channel with the block."""
        async with self.channel:
            yield self

    async def register(self, count: int) -> list[str]:
        """Register so many disputes; return their names."""
        made: list[str] = []

        async def create(_client: int, _number: int) -> None:
            request = rpc.CreateDisputeRequest(dispute=dispute(), request_id=str(uuid4()))
            answer = await self._stub.CreateDispute(request, metadata=self._metadata, timeout=SECONDS)
            made.append(answer.dispute.name)

        await drive(create, calls=count, warm_up=0)
        return made

    async def accept(self, name: str) -> None:
        """Accept a dispute."""
        request = rpc.AcceptDisputeRequest(name=name, request_id=str(uuid4()))
        await self._stub.AcceptDispute(request, metadata=self._metadata, timeout=SECONDS)


def plain_accept(channel: grpc.aio.Channel, method: str) -> Callable[[int, int], Any]:
    """Return a load call that sends the same message to a server without the chassis."""
    call = channel.unary_unary(
        method,
        request_serializer=rpc.AcceptDisputeRequest.SerializeToString,
        response_deserializer=rpc.AcceptDisputeResponse.FromString,
    )

    async def accept(_client: int, number: int) -> None:
        request = rpc.AcceptDisputeRequest(name=f"disputes/{number}", request_id=str(uuid4()))
        await call(request, timeout=SECONDS)

    return accept
