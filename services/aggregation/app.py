"""The aggregation service, wired."""

from __future__ import annotations

from geju.aggregation.v1.assessment_service_pb2_grpc import add_AssessmentServiceServicer_to_server
from geju.aggregation.v1.board_service_pb2_grpc import add_BoardServiceServicer_to_server
from geju.aggregation.v1.figure_service_pb2_grpc import add_FigureServiceServicer_to_server
from geju.aggregation.v1.proof_service_pb2_grpc import add_ProofServiceServicer_to_server
from geju.aggregation.v1.report_service_pb2_grpc import add_ReportServiceServicer_to_server
from geju.aggregation.v1.work_service_pb2_grpc import add_WorkServiceServicer_to_server

from services.aggregation.assessment_service import AssessmentServicer
from services.aggregation.boards import Boards
from services.aggregation.copies import Copies
from services.aggregation.database import open_pool
from services.aggregation.explain import Explainer
from services.aggregation.figure_service import FigureServicer
from services.aggregation.gauges import Gauges
from services.aggregation.leader import Leader
from services.aggregation.live import Live
from services.aggregation.proof_service import ProofServicer
from services.aggregation.proofs import Proofs
from services.aggregation.reader import Reader
from services.aggregation.report_service import ReportServicer
from services.aggregation.reports import Reports
from services.aggregation.restatements import Restatements
from services.aggregation.service import BoardServicer
from services.aggregation.silences import Silences
from services.aggregation.sources import Sources
from services.aggregation.surroundings import measure_streams, name_units, tell_token
from services.aggregation.work_metrics import WorkMetrics
from services.aggregation.work_service import WorkServicer
from services.chassis.server import App, Registration, Runtime


async def build(runtime: Runtime) -> list[Registration]:
    """Return the servicers; reading and writing begin beside them."""
    pool, live = await open_pool(runtime.settings), Live()
    runtime.at_close(pool.close)
    reader, copies = Reader(pool, live, runtime.profile), Copies(pool, live)
    reports = Reports(reader)
    proofs = Proofs(runtime, copies, live, pool)
    runtime.at_close(proofs.close)
    leader = Leader(runtime, pool, live, Gauges(runtime.profile, runtime.metrics), proofs)
    runtime.background("leader", leader.run)
    name_units(runtime)
    tell_token(runtime)
    measure_streams(runtime)
    sources = Sources(pool, copies, proofs.sources)
    silences = Silences(runtime, reader, proofs.sources)
    runtime.background("silences", silences.run)
    runtime.background("work", WorkMetrics(runtime, reader).run)
    boards = Boards(reader, sources, silences, runtime.stopping)
    board = BoardServicer(reader, boards, Explainer(reader, runtime.crypto))
    report = ReportServicer(reader, reports, Restatements(reader, reports), runtime.clock, runtime.crypto)
    return [
        Registration(add_BoardServiceServicer_to_server, board),
        Registration(add_AssessmentServiceServicer_to_server, AssessmentServicer(reader)),
        Registration(add_FigureServiceServicer_to_server, FigureServicer(reader)),
        Registration(add_ReportServiceServicer_to_server, report),
        Registration(add_WorkServiceServicer_to_server, WorkServicer(reader, runtime.crypto)),
        Registration(add_ProofServiceServicer_to_server, ProofServicer(proofs, leader, sources, live)),
    ]


def app() -> App:
    """Return the service."""
    return App("aggregation", build)
