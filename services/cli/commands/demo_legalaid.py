"""What legal aid's part of the demonstration needs beside spreadsheets: names of practitioners, the stream, steps."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from geju.legalaid.v1 import (
    aid_case_pb2,
    aid_case_service_pb2,
    aid_case_service_pb2_grpc,
    consultation_service_pb2,
    consultation_service_pb2_grpc,
)
from geju.legalservices.v1 import (
    complaint_proposal_service_pb2,
    complaint_proposal_service_pb2_grpc,
    firm_service_pb2,
    firm_service_pb2_grpc,
    practitioner_service_pb2,
    practitioner_service_pb2_grpc,
)
from geju.mediation.v1 import dispute_pb2, dispute_service_pb2, dispute_service_pb2_grpc

from services.chassis.domain.dates import from_date, to_date
from services.cli import importing
from services.cli.failure import Exit, Failure
from services.cli.importing import Result, Wish
from services.cli.kinds import Kind
from services.cli.output import console
from services.cli.sheets.rows import Parsed
from services.client import Geju

PURPOSE = "演示数据"
PATIENCE_SECONDS, POLL_SECONDS = 120.0, 0.2
EARMARK, SUBSIDY_FEN = "legal_aid", 80_000
#: Subsidies are paid for what was granted since then and has been closed.
PAID_SINCE, PAID_AFTER, TODAY = dt.date(2012, 9, 1), dt.timedelta(days=20), dt.date(2012, 12, 28)
REFERRED = 3
UNIT = "示例法律援助中心"
_Case = aid_case_pb2.AidCase
_Codes = Mapping[str, Mapping[str, str]]


def codes(geju: Geju, kind: Kind, known: _Codes) -> _Codes:
    """Return what puts resource names in the place of licences and firms' numbers in legal aid's sheets.

    Legal aid refers to legal services' register and does not look into it; the names are known once it is in.
    """
    return {**known, **_register(geju)} if kind.service == "legalaid" else known


@cache
def _register(geju: Geju) -> _Codes:
    firms = geju.stub(firm_service_pb2_grpc.FirmServiceStub)
    people = geju.stub(practitioner_service_pb2_grpc.PractitionerServiceStub)
    wanted = practitioner_service_pb2.ListPractitionersRequest(purpose=PURPOSE)
    names = {person.licence_number: person.name for person in geju.records(people.ListPractitioners, wanted)}
    listed = geju.records(firms.ListFirms, firm_service_pb2.ListFirmsRequest())
    return {"practitioner": names, "reviewer_practitioner": names, "firm": {firm.key: firm.name for firm in listed}}


def record(geju: Geju, path: Path, kind: Kind, wish: Wish) -> Result:
    """Send an export of consultations through the stream, as the hotline's system does; again has no effect."""
    parsed = importing.load(path, kind, wish)
    chunks = list(importing.chunks([row for row in parsed if not row.errors]))
    stub = geju.stub(consultation_service_pb2_grpc.ConsultationServiceStub)
    answers = geju.batches(stub.RecordConsultations, _batches(path.name, chunks))
    result = Result(len(parsed), errors=[(row.line, error) for row in parsed for error in row.errors], written=True)
    for chunk, answer in zip(chunks, answers, strict=True):
        for row, verdict in zip(chunk, answer.verdicts, strict=True):
            verdict.row = row.line
        result.add(answer.verdicts)
    return result


def _batches(name: str, chunks: Iterable[list[Parsed]]) -> Iterator[Any]:
    for number, chunk in enumerate(chunks):
        rows: Iterable[Any] = (row.message for row in chunk)
        batch = consultation_service_pb2.RecordConsultationsRequest(consultations=[row.consultation for row in rows])
        # The same after an interruption: what was recorded then is not recorded twice.
        batch.request_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{name}/{number}"))
        yield batch


def pay_subsidies(geju: Geju, _other: Geju | None) -> None:
    """Pay the handlers of the cases that were granted and closed in the last months."""
    stub, paid = geju.stub(aid_case_service_pb2_grpc.AidCaseServiceStub), 0
    for state in (_Case.STATE_FILE_RETURNED, _Case.STATE_RATED):
        for case in _cases(geju, state, PAID_SINCE):
            closed = to_date(case.closed_date)
            if closed is None or closed + PAID_AFTER > TODAY or case.HasField("subsidy_date"):
                continue
            request = aid_case_service_pb2.PaySubsidyRequest(name=case.name, subsidy_fen=SUBSIDY_FEN, earmark=EARMARK)
            request.subsidy_date.CopyFrom(from_date(closed + PAID_AFTER))
            stub.PaySubsidy(request)
            paid += 1
    console.print(f"  已发放办案补贴 {paid} 件", markup=False)


def blame_handler(geju: Geju, _other: Geju | None) -> None:
    """End a case for its handler's fault: legal services gets a proposal to look into it."""
    if not any(case.handler_fault for case in _cases(geju, _Case.STATE_ENDED)):
        case = next(iter(_cases(geju, _Case.STATE_IN_PROGRESS)), None)
        if case is None:
            return
        request = aid_case_service_pb2.EndAidRequest(name=case.name, handler_fault=True)
        request.end_ground = aid_case_pb2.AID_END_GROUND_OTHER
        geju.stub(aid_case_service_pb2_grpc.AidCaseServiceStub).EndAid(request)
    stub = geju.stub(complaint_proposal_service_pb2_grpc.ComplaintProposalServiceStub)
    wanted = complaint_proposal_service_pb2.ListComplaintProposalsRequest(purpose=PURPOSE)
    _await("投诉建议", lambda: any(True for _ in geju.records(stub.ListComplaintProposals, wanted)))
    console.print("  已因承办人过错终止援助 1 件,并生成投诉建议", markup=False)


def refer_cases(geju: Geju, _other: Geju | None) -> None:
    """Refer a few civil cases to mediation, which opens a dispute of each; both know one another in the end."""
    stub = geju.stub(aid_case_service_pb2_grpc.AidCaseServiceStub)
    open_cases = _cases(geju, _Case.STATE_IN_PROGRESS)
    civil = [c for c in open_cases if c.kind == aid_case_pb2.AID_KIND_CIVIL and not c.origin_dispute][-REFERRED:]
    for case in civil:
        if not case.HasField("referred_date"):
            stub.ReferToMediation(aid_case_service_pb2.ReferToMediationRequest(name=case.name))
    wanted = {case.name for case in civil}
    _await(
        "移送调解",
        lambda: all(c.mediation_dispute for c in _cases(geju, _Case.STATE_IN_PROGRESS) if c.name in wanted),
    )
    console.print(f"  已将 {len(civil)} 件援助案件移送调解", markup=False)


def refer_disputes(geju: Geju, _other: Geju | None) -> None:
    """Hand a few disputes on to legal aid, and fill in who the applicants are, but for the last one."""
    stub = geju.stub(dispute_service_pb2_grpc.DisputeServiceStub)
    found = [case for case in _cases(geju, _Case.STATE_RECEIVED) if case.origin_dispute]
    for dispute in _disputes(geju)[: REFERRED - len(found)]:
        request = dispute_service_pb2.ReferDisputeRequest(name=dispute.name)
        request.referral.unit, request.referral.to_legal_aid = UNIT, True
        stub.ReferDispute(request)
        found.append(_Case(origin_dispute=dispute.name))
    wanted = {case.origin_dispute for case in found}

    def opened() -> list[_Case]:
        return [case for case in _cases(geju, _Case.STATE_RECEIVED) if case.origin_dispute in wanted]

    _await("纠纷移交", lambda: len(opened()) == len(wanted))
    cases = geju.stub(aid_case_service_pb2_grpc.AidCaseServiceStub)
    for number, case in enumerate(opened()[1:], 1):
        update = aid_case_service_pb2.UpdateAidCaseRequest(aid_case=case)
        update.aid_case.person_name, update.aid_case.key = f"示例移交{number}", f"YJ2012-{number:03d}"
        update.update_mask.paths.extend(["person_name", "key"])
        cases.UpdateAidCase(update)
    console.print(f"  已将 {len(wanted)} 件纠纷移交法律援助", markup=False)


def _cases(geju: Geju, state: _Case.State.ValueType, granted_since: dt.date | None = None) -> list[_Case]:
    """Return the cases of a state, the longest received first."""
    stub = geju.stub(aid_case_service_pb2_grpc.AidCaseServiceStub)
    wanted = aid_case_service_pb2.ListAidCasesRequest(purpose=PURPOSE)
    wanted.filter.state = state
    if granted_since is not None:
        wanted.filter.granted_date_from.CopyFrom(from_date(granted_since))
    found: Iterator[_Case] = geju.records(stub.ListAidCases, wanted)
    return sorted(found, key=lambda case: (to_date(case.received_date) or TODAY, case.key))


def _disputes(geju: Geju) -> list[dispute_pb2.Dispute]:
    """Return the disputes that are being mediated and did not come from legal aid, the newest first."""
    stub = geju.stub(dispute_service_pb2_grpc.DisputeServiceStub)
    wanted = dispute_service_pb2.ListDisputesRequest()
    wanted.filter.state = dispute_pb2.Dispute.STATE_IN_MEDIATION
    found: list[dispute_pb2.Dispute] = list(geju.records(stub.ListDisputes, wanted))
    free = (dispute for dispute in found if not dispute.aid_case)
    return sorted(free, key=lambda dispute: (to_date(dispute.registered_date) or TODAY, dispute.key), reverse=True)


def _await(what: str, done: Callable[[], bool]) -> None:
    """Wait until another service has done its part. Errors: Failure when it does not in time."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not done():
        if time.monotonic() > deadline:
            raise Failure(f"{what}没有在另一服务办妥", Exit.UNREACHABLE)
        time.sleep(POLL_SECONDS)
