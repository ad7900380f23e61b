"""grpc.aio and SQLModel, doing only the insert. `python -m tests.bench.baselines.grpc_server URL PORT`.

Takes the product's own AcceptDispute message, so that both sides decode the same bytes.
"""

from __future__ import annotations

import datetime as dt
import sys

import grpc
import uvloop
from geju.mediation.v1 import dispute_service_pb2 as pb

from tests.bench.baselines.plain import PlainIn, PlainStore

METHOD = "/plain.Disputes/Accept"


async def main(url: str, port: str) -> None:
    """Serve until killed."""
    async with PlainStore(url).opened() as store:

        async def accept(request: pb.AcceptDisputeRequest, _context: object) -> pb.AcceptDisputeResponse:
            given = PlainIn(office="wuma", kind=1, summary=request.name, accepted=dt.date(2012, 3, 1))
            await store.insert(given)
            return pb.AcceptDisputeResponse()

        server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
        handler = grpc.unary_unary_rpc_method_handler(
            accept,
            request_deserializer=pb.AcceptDisputeRequest.FromString,
            response_serializer=pb.AcceptDisputeResponse.SerializeToString,
        )
        service, method = METHOD.strip("/").split("/")
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {method: handler}),))
        server.add_insecure_port(f"127.0.0.1:{port}")
        await server.start()
        await server.wait_for_termination()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], sys.argv[2]))
