"""Checks whether a source or an office has sent nothing for unusually long: the board says who."""

from __future__ import annotations

from collections.abc import Iterable

import grpc
from geju.aggregation.v1 import board_service_pb2, board_service_pb2_grpc, silence_pb2

from services.cli.doctor.finding import Finding, Level
from services.cli.failure import Failure
from services.cli.session import Session
from services.client import NoTarget

_SECONDS = 5.0
_PART = "数据来源"
#: What to do about a source, and about an office.
_SOURCE, _OFFICE = "查看该服务是否正常、有无人录入;geju reconcile 核对", "与该所联系,确认是否正常办公和录入"


def findings(session: Session) -> list[Finding]:
    """Return who is silent; nothing where nobody answers, which is another check's."""
    request = board_service_pb2.GetBoardRequest(patterns=["funds"])
    try:
        with session.client() as geju:
            stub = geju.stub(board_service_pb2_grpc.BoardServiceStub)
            return of(stub.GetBoard(request, timeout=_SECONDS).board.silences)
    except (grpc.RpcError, Failure, NoTarget):
        return []


def of(silences: Iterable[silence_pb2.Silence]) -> list[Finding]:
    """Return what is said of those who are silent."""
    found = [Finding(Level.WARNING, _PART, one.text, _SOURCE if one.source else _OFFICE) for one in silences]
    return found or [Finding(Level.OK, _PART, "没有久无数据的来源和司法所")]
