"""Waiting until the board says what the records say."""

from __future__ import annotations

import time

import grpc
from geju.aggregation.v1 import board_service_pb2, board_service_pb2_grpc, proof_service_pb2, proof_service_pb2_grpc

from services.cli.failure import Exit, Failure
from services.client import Geju

PATIENCE_SECONDS = 180.0
_POLL_SECONDS = 0.5


def until_measured(geju: Geju, patience: float = PATIENCE_SECONDS) -> None:
    """Return once there is a board of this version's figures. Errors: RpcError, Failure when there is none in time."""
    stub = geju.stub(board_service_pb2_grpc.BoardServiceStub)
    deadline = time.monotonic() + patience
    while True:
        try:
            board = stub.GetBoard(board_service_pb2.GetBoardRequest()).board
        except grpc.RpcError as error:
            late = time.monotonic() > deadline
            if late or not isinstance(error, grpc.Call) or error.code() != grpc.StatusCode.UNAVAILABLE:
                raise
            time.sleep(_POLL_SECONDS)
        else:
            if not board.rebuilding:
                return
            if time.monotonic() > deadline:
                raise Failure("看板仍在按新版本重建", Exit.UNPROVEN, "稍后用 geju board 查看")
            time.sleep(_POLL_SECONDS)


def until_proven(geju: Geju, patience: float = PATIENCE_SECONDS) -> None:
    """Return once every source is proven equal to its copy. Errors: Failure (exit code 4) when it is not in time."""
    stub = geju.stub(proof_service_pb2_grpc.ProofServiceStub)
    deadline = time.monotonic() + patience
    while True:
        results = stub.Reconcile(proof_service_pb2.ReconcileRequest(), timeout=patience).results
        if all(result.equal for result in results):
            return
        if time.monotonic() > deadline:
            problems = "\n".join(f"{r.source}:{r.problem or f'{r.differing} 条不同'}" for r in results if not r.equal)
            raise Failure("看板与记录核对不一致", Exit.UNPROVEN, problems)
        time.sleep(_POLL_SECONDS)
