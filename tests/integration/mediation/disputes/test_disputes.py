"""Disputes over gRPC: steps, records behind them, documents, scope."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import grpc
import pytest
from geju.common.v1 import import_pb2
from geju.mediation.v1 import dispute_pb2 as pb
from geju.mediation.v1 import dispute_service_pb2 as rpc
from geju.mediation.v1 import session_pb2
from geju.mediation.v1 import session_service_pb2 as session_rpc
from geju.mediation.v1.dispute_service_pb2_grpc import DisputeServiceStub
from google.protobuf.field_mask_pb2 import FieldMask

from services.chassis import migrations
from services.chassis.client import Failure
from tests.integration.mediation.disputes.conftest import OTHER_OFFICE, Service, dispute, on

SESSION = session_pb2.Session(held_date=on("2012-03-08"), venue=session_pb2.SESSION_VENUE_VILLAGE_END)
LATER = session_pb2.Session(held_date=on("2013-01-01"), venue=session_pb2.SESSION_VENUE_STREET)
TERMS = pb.Agreement(form=pb.AGREEMENT_FORM_WRITTEN, content="各让一步", fulfilment_due_date=on("2012-04-30"))


async def refused(call: Any) -> Failure:
    """Return what a call was refused with."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return Failure.of(caught.value)


async def mediated(served: Service, mediator: str, **fields: Any) -> pb.Dispute:
    """Take a dispute through its first session."""
    made = await served.call("CreateDispute", dispute=dispute(mediator=mediator, **fields))
    await served.call("AcceptDispute", name=made.name, accepted_date=on("2012-03-04"))
    return await served.call("RecordSession", name=made.name, session=SESSION)


async def agreed(served: Service, mediator: str, **fields: Any) -> pb.Dispute:
    """Take a dispute to an agreement."""
    made = await mediated(served, mediator, **fields)
    closed = {"closed_date": on("2012-03-15"), "outcome": pb.DISPUTE_OUTCOME_AGREED, "agreement": TERMS}
    return await served.call("CloseDispute", name=made.name, **closed)


async def test_the_tables_are_those_of_the_models(served: Service) -> None:
    """The migrated database equals the models."""
    await migrations.check(served.urls.owner, migrations.schema_of("mediation"))


async def test_a_dispute_goes_all_the_way(served: Service, mediator: str) -> None:
    """Every step is a revision, with a change that names it."""
    made = await agreed(served, mediator)
    await served.call("ApplyConfirmation", name=made.name, applied_date=on("2012-03-20"), court="测试法院")
    await served.call("RecordConfirmation", name=made.name, result_date=on("2012-03-28"), result=1)
    await served.call("RecordFulfilment", name=made.name, date=on("2012-04-20"))
    visit = pb.ReturnVisit(visit_date=on("2012-04-10"), satisfied=True)
    last = await served.call("RecordReturnVisit", name=made.name, return_visit=visit)
    rows = await served.rows("SELECT change FROM audit WHERE record_id = $1 ORDER BY revision", made.name.split("/")[1])
    assert [row["change"] for row in rows] == [
        "registered",
        "accepted",
        "session_held",
        "closed",
        "confirmation_applied",
        "confirmation_answered",
        "fulfilled",
        "visited",
    ]
    assert (last.revision, last.state) == (8, pb.Dispute.STATE_AGREED)


async def test_a_session_is_a_record_and_a_step(served: Service, mediator: str) -> None:
    """Recording a session makes the session's own record, with the dispute's mediators, and moves the dispute."""
    made = await mediated(served, mediator)
    wanted = session_rpc.SessionFilter(dispute=made.name.split("/")[1])
    found = (await served.sessions.ListSessions(session_rpc.ListSessionsRequest(filter=wanted))).sessions
    assert [(made.name, [mediator])] == [(s.dispute, list(s.mediators)) for s in found]
    assert (made.state, made.sessions) == (pb.Dispute.STATE_IN_MEDIATION, 1)


async def test_sessions_of_their_own_keep_the_dispute_in_step(served: Service, mediator: str) -> None:
    """A session that is created, corrected or deleted by itself changes its dispute with it."""
    made = await mediated(served, mediator)
    second = session_pb2.Session(office=made.office, dispute=made.name, held_date=on("2012-03-06"), venue=1)
    second.invited.add(department="测试大学", expert=True)
    request = session_rpc.CreateSessionRequest(session=second, request_id=str(uuid4()))
    created = (await served.sessions.CreateSession(request)).session
    after = (await served.disputes.GetDispute(rpc.GetDisputeRequest(name=made.name))).dispute
    assert (2, on("2012-03-06"), on("2012-03-06")) == (after.sessions, after.first_session_date, after.expert_date)
    gone = session_rpc.DeleteSessionRequest(name=created.name, reason="重复登记", request_id=str(uuid4()))
    await served.sessions.DeleteSession(gone)
    after = (await served.disputes.GetDispute(rpc.GetDisputeRequest(name=made.name))).dispute
    assert (1, on("2012-03-08"), False) == (after.sessions, after.first_session_date, after.HasField("expert_date"))


async def test_trying_writes_nothing(served: Service, mediator: str) -> None:
    """With validate_only a step is judged and nothing is kept."""
    made = await served.call("CreateDispute", dispute=dispute(mediator=mediator))
    tried = await served.call("AcceptDispute", name=made.name, accepted_date=on("2012-03-04"), validate_only=True)
    kept = (await served.disputes.GetDispute(rpc.GetDisputeRequest(name=made.name))).dispute
    assert (tried.state, kept.state) == (pb.Dispute.STATE_ACCEPTED, pb.Dispute.STATE_REGISTERED)


async def test_broken_rules_have_reasons(served: Service, mediator: str) -> None:
    """A broken rule of the domain arrives with its own reason, a failed precondition or an invalid argument."""
    made = await mediated(served, mediator)
    again = await refused(served.call("AcceptDispute", name=made.name))
    future = await refused(served.call("RecordSession", name=made.name, session=LATER))
    oral = pb.Agreement(form=pb.AGREEMENT_FORM_ORAL, fulfilment_due_date=on("2012-04-30"))
    spoken = await refused(served.call("CloseDispute", name=made.name, outcome=1, agreement=oral))
    assert [failure.reason for failure in (again, future, spoken)] == [
        "IMPOSSIBLE_TRANSITION",
        "FUTURE_DATE",
        "WRITTEN_AGREEMENT_REQUIRED",
    ]


async def test_unknown_mediators_are_refused(served: Service) -> None:
    """A mediator who is not on the register cannot be assigned, nor one before the appointment."""
    nobody = f"mediators/{uuid4()}"
    failure = await refused(served.call("CreateDispute", dispute=dispute(mediator=nobody)))
    assert failure.reason == "UNKNOWN_REFERENCE"


async def test_other_offices_see_nothing(served: Service, mediator: str) -> None:
    """A dispute of another office is not found, whatever is asked of it."""
    made = await mediated(served, mediator)
    stub: Any = DisputeServiceStub(served.connect(OTHER_OFFICE))
    calls = (
        stub.GetDispute(rpc.GetDisputeRequest(name=made.name)),
        stub.GetFile(rpc.GetFileRequest(name=made.name)),
        stub.WithdrawDispute(rpc.WithdrawDisputeRequest(name=made.name, request_id=str(uuid4()))),
    )
    assert [(await refused(call)).reason for call in calls] == ["NOT_FOUND"] * 3


async def test_updates_and_corrections(served: Service, mediator: str) -> None:
    """After closing, papers are added by updating, facts are corrected with a reason, and clocks follow."""
    made = await agreed(served, mediator)
    late = pb.Dispute(name=made.name, papers=[pb.FILE_PAPER_IDENTITY], summary="改动")
    both = {"dispute": late, "update_mask": FieldMask(paths=["papers", "summary"])}
    assert (await refused(served.call("UpdateDispute", **both))).reason == "IMPOSSIBLE_TRANSITION"
    await served.call("UpdateDispute", dispute=late, update_mask=FieldMask(paths=["papers"]))
    right = pb.Dispute(name=made.name, accepted_date=on("2012-03-05"))
    paths = FieldMask(paths=["accepted_date"])
    corrected = await served.call("CorrectDispute", dispute=right, update_mask=paths, reason="录入错误")
    assert on("2012-04-05") == corrected.limits[0].due


async def test_a_person_is_found_by_the_name(served: Service, mediator: str) -> None:
    """A party is found by the exact name, and by nothing like it."""
    name = f"测试{uuid4().hex[:8]}"
    party = pb.Party(side=pb.PARTY_SIDE_THIRD, full_name=name)
    made = await mediated(served, mediator, parties=[party])
    for wanted, expected in ((name, [made.name]), (name[:-1], [])):
        request = rpc.ListDisputesRequest(filter=rpc.DisputeFilter(full_name_exact=wanted))
        assert [d.name for d in (await served.disputes.ListDisputes(request)).disputes] == expected


async def test_a_deleted_dispute_takes_its_sessions_along(served: Service, mediator: str) -> None:
    """With a dispute its sessions are deleted."""
    made = await mediated(served, mediator)
    await served.call("DeleteDispute", name=made.name, reason="测试数据")
    wanted = session_rpc.SessionFilter(dispute=made.name.split("/")[1])
    left = (await served.sessions.ListSessions(session_rpc.ListSessionsRequest(filter=wanted))).sessions
    assert list(left) == []


NOT_FOR_A_WRITTEN_AGREEMENT = (
    rpc.DISPUTE_DOCUMENT_ORAL_AGREEMENT,
    rpc.DISPUTE_DOCUMENT_REFUSAL_NOTICE,
    rpc.DISPUTE_DOCUMENT_END_NOTICE,
)
DOCUMENTS = [number for number in rpc.DisputeDocument.values() if number]


@pytest.mark.parametrize("document", DOCUMENTS)
async def test_documents_say_what_the_record_says(served: Service, mediator: str, document: int) -> None:
    """Each document is a .docx with the parties' names, or is refused because the dispute is not that far."""
    referrer = pb.Referrer(unit="测试派出所")
    made = await agreed(served, mediator, channel=pb.DISPUTE_CHANNEL_POLICE, referrer=referrer)
    await served.call("RecordReturnVisit", name=made.name, return_visit=pb.ReturnVisit(visit_date=on("2012-04-10")))
    request = rpc.RenderDocumentRequest(name=made.name, document=document)  # type: ignore[arg-type]
    if document in NOT_FOR_A_WRITTEN_AGREEMENT:
        assert (await refused(served.disputes.RenderDocument(request))).reason == "DOCUMENT_NOT_APPLICABLE"
        return
    found = (await served.disputes.RenderDocument(request)).document
    text = ZipFile(io.BytesIO(found.content)).read("word/document.xml").decode()
    assert "张某某" in text
    assert "{{" not in text
    assert found.file_name.endswith(".docx")


async def test_a_file_lists_what_is_missing(served: Service, mediator: str) -> None:
    """The file of a dispute in mediation lacks what nobody has put in."""
    made = await mediated(served, mediator)
    answer = await served.disputes.GetFile(rpc.GetFileRequest(name=made.name))
    missing = {item.code for item in answer.items if item.required and not item.present}
    assert ({"identity", "rights_notice"}, False) == (missing, answer.complete)


def line(key: str, **fields: Any) -> rpc.DisputeImportRow:
    """Return a spreadsheet line of an agreement."""
    cells: dict[str, Any] = {
        "office": "wuma",
        "key": key,
        "type": pb.DISPUTE_TYPE_FAMILY,
        "channel": pb.DISPUTE_CHANNEL_SCREENING,
        "applicants": "张某某",
        "respondents": "测试甲",
        "mediator": "测试调解员",
        "registered_date": on("2012-03-01"),
        "accepted_date": on("2012-03-02"),
        "first_session_date": on("2012-03-05"),
        "further_session_dates": "2012-03-07",
        "closed_date": on("2012-03-07"),
        "outcome": pb.DISPUTE_OUTCOME_AGREED,
        "agreement_form": pb.AGREEMENT_FORM_ORAL,
        "performed_on_spot": True,
    }
    return rpc.DisputeImportRow(**(cells | fields))


async def import_(served: Service, *rows: rpc.DisputeImportRow, **more: Any) -> list[import_pb2.RowVerdict]:
    """Import lines."""
    request = rpc.ImportDisputesRequest(rows=rows, request_id=str(uuid4()), **more)
    return list((await served.disputes.ImportDisputes(request)).verdicts)


async def days(served: Service, name: str) -> list[str]:
    """Return the days of a dispute's sessions."""
    sql = "SELECT held_date::text FROM session WHERE dispute = $1 AND NOT deleted ORDER BY 1"
    return [row[0] for row in await served.rows(sql, name.split("/")[1])]


async def test_imports_are_idempotent(served: Service, mediator: str) -> None:
    """A line makes a dispute with its sessions once; again it changes nothing; changed, it changes just that."""
    del mediator
    key = uuid4().hex[:12]
    first = (await import_(served, line(key)))[0]
    again = (await import_(served, line(key)))[0]
    changed = (await import_(served, line(key, further_session_dates="2012-03-06;2012-03-07")))[0]
    outcomes = import_pb2.RowOutcome
    assert [verdict.outcome for verdict in (first, again, changed)] == [
        outcomes.ROW_OUTCOME_CREATED,
        outcomes.ROW_OUTCOME_UNCHANGED,
        outcomes.ROW_OUTCOME_UPDATED,
    ], (again, changed)
    assert first.name == again.name == changed.name
    assert await days(served, first.name) == ["2012-03-05", "2012-03-06", "2012-03-07"]


async def test_a_line_takes_no_step_back(served: Service, mediator: str) -> None:
    """What was recorded after a sheet was written stays when it is imported again; a line that is behind is refused."""
    del mediator
    key, behind = uuid4().hex[:12], uuid4().hex[:12]
    name = (await import_(served, line(key)))[0].name
    await served.call("RecordReturnVisit", name=name, return_visit=pb.ReturnVisit(visit_date=on("2012-04-10")))
    again = (await import_(served, line(key)))[0]
    assert again.outcome == import_pb2.ROW_OUTCOME_UNCHANGED
    kept = (await served.disputes.GetDispute(rpc.GetDisputeRequest(name=name))).dispute
    assert [visit.visit_date for visit in kept.return_visits] == [on("2012-04-10")]
    await import_(served, line(behind))
    cells = ("first_session_date", "further_session_dates", "closed_date", "outcome", "agreement_form")
    early = line(behind, performed_on_spot=False)
    for cell in cells:
        early.ClearField(cell)  # type: ignore[arg-type]
    verdict = (await import_(served, early))[0]
    assert (verdict.outcome, verdict.errors[0].reason) == (import_pb2.ROW_OUTCOME_REJECTED, "STATE_MISMATCH")


async def test_a_clerks_line_does_not_correct_a_closed_dispute(served: Service, mediator: str) -> None:
    """A closed dispute is corrected by the head of the office; a clerk's line is refused and changes nothing."""
    del mediator
    key = uuid4().hex[:12]
    name = (await import_(served, line(key)))[0].name
    request = rpc.ImportDisputesRequest(rows=[line(key, summary="改动")], request_id=str(uuid4()))
    async with served.connect(roles=("clerk",)) as channel:
        (verdict,) = (await DisputeServiceStub(channel).ImportDisputes(request)).verdicts
    assert (verdict.outcome, verdict.errors[0].reason) == (import_pb2.ROW_OUTCOME_REJECTED, "IMPOSSIBLE_TRANSITION")
    assert (await served.disputes.GetDispute(rpc.GetDisputeRequest(name=name))).dispute.summary == ""


async def test_bad_lines_do_not_hold_up_good_ones(served: Service, mediator: str) -> None:
    """A wrong line is refused in Chinese under the heading of its column, the others are taken."""
    del mediator
    good, bad = uuid4().hex[:12], uuid4().hex[:12]
    early, unknown = line(bad, row=2, accepted_date=on("2012-02-01")), line(bad, row=4, mediator="无此人")
    verdicts = await import_(served, early, line(good, row=3), unknown)
    assert [verdict.outcome for verdict in verdicts] == [
        import_pb2.ROW_OUTCOME_REJECTED,
        import_pb2.ROW_OUTCOME_CREATED,
        import_pb2.ROW_OUTCOME_REJECTED,
    ]
    error = verdicts[0].errors[0]
    assert (error.field, error.label, error.reason) == ("accepted_date", "受理日期", "DATE_ORDER")
    assert "无此人" not in str(verdicts[2])


async def test_an_export_imported_again_changes_nothing(served: Service, mediator: str) -> None:
    """Rows of disputes in every stage go in again unchanged; a corrected cell changes just that."""
    key = uuid4().hex[:12]
    third = [pb.Party(side=pb.PARTY_SIDE_THIRD, full_name="测试丙")]
    await served.call("CreateDispute", dispute=dispute(key=f"{key}-1", amount_fen=50_000))
    await mediated(served, mediator, key=f"{key}-2", parties=third, difficult=True)
    refused_ = await served.call("CreateDispute", dispute=dispute(key=f"{key}-3"))
    await served.call("RefuseDispute", name=refused_.name, ground=1, note="另有管辖")
    whole = await agreed(served, mediator, key=f"{key}-4", parties=[pb.Party(side=1, full_name="甲;乙合伙")])
    await served.call("ApplyConfirmation", name=whole.name, applied_date=on("2012-03-20"), court="测试法院")
    await served.call("RecordConfirmation", name=whole.name, result_date=on("2012-03-28"), result=1, reference="1号")
    for day in ("2012-04-10", "2012-05-10", "2012-05-20"):
        await served.call("RecordReturnVisit", name=whole.name, return_visit=pb.ReturnVisit(visit_date=on(day)))
    again = await agreed(served, mediator, key=f"{key}-5")
    await served.call("ReopenDispute", name=again.name, reopened_date=on("2012-04-01"), reason="一方反悔")
    gone = await mediated(served, mediator, key=f"{key}-6")
    await served.call("WithdrawDispute", name=gone.name, withdrawn_date=on("2012-03-20"))
    answer = await served.disputes.ExportDisputes(rpc.ExportDisputesRequest(page_size=1000))
    rows = [row for row in answer.rows if row.key.startswith(key)]
    assert {import_pb2.ROW_OUTCOME_UNCHANGED} == {verdict.outcome for verdict in await import_(served, *rows)}
    rows[-1].amount_fen = 70_000
    outcomes = [verdict.outcome for verdict in await import_(served, *rows)]
    assert [import_pb2.ROW_OUTCOME_UNCHANGED] * 5 + [import_pb2.ROW_OUTCOME_UPDATED] == outcomes


@pytest.mark.parametrize("office", ["", "nowhere", OTHER_OFFICE])
async def test_a_line_of_no_office_is_told_so(served: Service, mediator: str, office: str) -> None:
    """Without an office of the caller nothing that a line names can be found, so the office is what is told of."""
    del mediator
    (verdict,) = await import_(served, line(uuid4().hex[:12], office=office))
    assert ["司法所"] == [error.label for error in verdict.errors]


async def test_a_trial_import_writes_nothing(served: Service, mediator: str) -> None:
    """With validate_only lines get their verdicts and nothing is kept."""
    del mediator
    key = uuid4().hex[:12]
    verdict = (await import_(served, line(key), validate_only=True))[0]
    assert verdict.outcome == import_pb2.ROW_OUTCOME_CREATED
    assert await days(served, verdict.name) == []
