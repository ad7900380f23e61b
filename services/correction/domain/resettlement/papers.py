"""The papers of the file of a released person."""

from __future__ import annotations

from geju.correction.v1 import released_person_pb2 as pb

from services.correction.domain.papers import Paper
from services.correction.domain.resettlement import lifecycle


def papers(person: pb.ReleasedPerson, *, agreements: int, visits: int) -> list[Paper]:
    """Return what the file has to hold as it stands; the agreements and visits are counted."""
    prison = person.source != pb.RELEASE_SOURCE_CORRECTION
    registered, closed = person.HasField("registered_date"), person.state == lifecycle.CLOSED
    apart = bool(person.residence_office)
    return [
        Paper("notice", "监所预告通知书", prison, person.HasField("announced_date")),
        Paper("link", "衔接登记表", registered, person.HasField("linked_date")),
        Paper("registration", "归正人员登记表", registered, registered and bool(person.id_number)),
        Paper("listing", "双列管确认函", apart, person.HasField("listed_date")),
        Paper("agreement", "帮教协议书", registered, agreements > 0),
        Paper("visits", "走访记录", registered, visits > 0),
        Paper("closing", "撤管审批表", closed, closed),
    ]
