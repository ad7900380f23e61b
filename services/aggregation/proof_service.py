"""Serves the proof that figures rest on the records as the services hold them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from geju.aggregation.v1 import proof_service_pb2 as pb
from geju.aggregation.v1.proof_service_pb2_grpc import ProofServiceServicer

from services.aggregation.leader import Leader
from services.aggregation.live import Live
from services.aggregation.proofs import Proofs
from services.aggregation.rebuild import Progress, Step
from services.aggregation.reconcile import Proof
from services.aggregation.sources import Sources

_STEPS = {step: pb.RebuildStep.Value(f"REBUILD_STEP_{step.name}") for step in Step}


class ProofServicer(ProofServiceServicer):
    """Compares, rebuilds, lists sources."""

    def __init__(self, proofs: Proofs, leader: Leader, sources: Sources, live: Live) -> None:
        self._proofs, self._leader, self._sources, self._live = proofs, leader, sources, live

    async def Reconcile(self, request: pb.ReconcileRequest, context: Any = None) -> pb.ReconcileResponse:
        """Compare sources now, and repair."""
        del context
        proofs = [await self._proofs.prove(source) for source in self._proofs.named(request.source)]
        return pb.ReconcileResponse(results=[result_message(proof) for proof in proofs])

    async def Rebuild(self, request: pb.RebuildRequest, context: Any = None) -> AsyncIterator[pb.RebuildResponse]:
        """Build everything anew, telling how far it is."""
        del request, context
        async with aclosing(self._leader.rebuild()) as steps:
            async for progress in steps:
                yield progress_message(progress)

    async def ListSources(self, request: pb.ListSourcesRequest, context: Any = None) -> pb.ListSourcesResponse:
        """List the sources."""
        del request, context
        return pb.ListSourcesResponse(
            sources=await self._sources.list(),
            projection=self._live.current.schema,
            rebuilding=self._leader.rebuilding,
        )


def result_message(proof: Proof) -> pb.ProofResult:
    """Return what comparing a source found."""
    message = pb.ProofResult(
        source=proof.source,
        compared=sum(proof.compared.values()),
        differing=sum(proof.differing.values()),
        repaired=proof.repaired,
        equal=proof.equal,
        new_epoch=proof.forked,
        problem=proof.problem,
    )
    if proof.equal:
        message.proven_time.FromDatetime(proof.at)
    message.duration.FromMilliseconds(round(proof.seconds * 1000))
    return message


def progress_message(progress: Progress) -> pb.RebuildResponse:
    """Return how far a rebuild is."""
    return pb.RebuildResponse(
        step=_STEPS[progress.step],
        loaded=progress.loaded,
        total=progress.total,
        projection=progress.schema,
        differing_figures=max(0, progress.differing),
    )
