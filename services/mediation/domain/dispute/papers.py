"""The file (卷宗) of a dispute: which papers it must have as it stands, and which it has."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from geju.common.v1.document_pb2 import FileItem
from geju.mediation.v1 import dispute_pb2 as pb

from services.chassis.domain.dates import to_date
from services.mediation.domain.dispute import lifecycle


class _Paper(NamedTuple):
    code: str
    zh: str
    required: Callable[[pb.Dispute], bool]
    present: Callable[[pb.Dispute], bool]


def _kept(paper: pb.FilePaper.ValueType) -> Callable[[pb.Dispute], bool]:
    return lambda dispute: paper in dispute.papers


def _always(_dispute: pb.Dispute) -> bool:
    return True


def _on_demand(_dispute: pb.Dispute) -> bool:
    return False


def _taken_up(dispute: pb.Dispute) -> bool:
    return to_date(dispute.accepted_date) is not None


def _mediated(dispute: pb.Dispute) -> bool:
    return dispute.sessions > 0


def _agreed(dispute: pb.Dispute) -> bool:
    return dispute.state == lifecycle.AGREED


def _visited(dispute: pb.Dispute) -> bool:
    return _agreed(dispute) and bool(dispute.return_visits)


def _confirmed(dispute: pb.Dispute) -> bool:
    return dispute.HasField("confirmation")


def _represented(dispute: pb.Dispute) -> bool:
    return any(party.representative for party in dispute.parties)


def _closed(dispute: pb.Dispute) -> bool:
    return dispute.state in lifecycle.CLOSED


def _application(dispute: pb.Dispute) -> bool:
    """Tell whether there is an application; the acceptance form, made from the record, stands in for one."""
    return pb.FILE_PAPER_APPLICATION in dispute.papers or _taken_up(dispute)


def _agreement_text(dispute: pb.Dispute) -> bool:
    return _agreed(dispute) and bool(dispute.agreement.content)


PAPERS = (
    _Paper("application", "调解申请书或受理登记表", _always, _application),
    _Paper("rights_notice", "权利义务告知书", _taken_up, _kept(pb.FILE_PAPER_RIGHTS_NOTICE)),
    _Paper("identity", "当事人身份证明", _taken_up, _kept(pb.FILE_PAPER_IDENTITY)),
    _Paper("mediation_record", "调解记录", _mediated, _mediated),
    _Paper("agreement", "调解协议书或口头协议登记表", _agreed, _agreement_text),
    _Paper("cover", "卷宗封面", _closed, _kept(pb.FILE_PAPER_COVER)),
    _Paper("authorisation", "授权委托书", _represented, _kept(pb.FILE_PAPER_AUTHORISATION)),
    _Paper("enquiry", "调查记录", _on_demand, _kept(pb.FILE_PAPER_ENQUIRY)),
    _Paper("evidence", "证据材料", _on_demand, _kept(pb.FILE_PAPER_EVIDENCE)),
    _Paper("performance", "履行凭证", _on_demand, _kept(pb.FILE_PAPER_PERFORMANCE)),
    _Paper("return_visit", "回访记录", _visited, lambda dispute: bool(dispute.return_visits)),
    _Paper("confirmation", "司法确认材料", _confirmed, _kept(pb.FILE_PAPER_COURT_PAPERS)),
)


def file_items(dispute: pb.Dispute) -> list[FileItem]:
    """Return the papers of the file, required ones first."""
    items = [
        FileItem(code=p.code, label=p.zh, required=p.required(dispute), present=p.present(dispute)) for p in PAPERS
    ]
    return sorted(items, key=lambda item: not item.required)


def is_complete(items: list[FileItem]) -> bool:
    """Tell whether every required paper is there."""
    return all(item.present for item in items if item.required)
