"""What followed from invented complaints: measures of the bureau, and sanctions of others that it has on record."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from typing import Any

from geju.legalservices.v1 import complaint_pb2, sanction_pb2, sanction_service_pb2

from services.chassis.domain.dates import set_date, to_date
from services.demo.complaints import OWN
from services.demo.firms import Firm, someone
from services.demo.supervised import DAY

_S = sanction_pb2
SUBSTANTIATED = {complaint_pb2.COMPLAINT_OUTCOME_SUBSTANTIATED, complaint_pb2.COMPLAINT_OUTCOME_PARTLY}
MEASURES = {
    _S.SANCTION_KIND_ORDER_TO_CORRECT: 40, _S.SANCTION_KIND_ADMONITION: 34, _S.SANCTION_KIND_TO_ASSOCIATION: 16,
    _S.SANCTION_KIND_PENALTY_PROPOSAL: 16,
}  # fmt: skip
TAKEN, ANSWERED_WITHIN, ADOPTED = 0.8, 400, 0.7
#: Sanctions of others, year after year.
OTHERS = (
    (_S.SANCTION_KIND_ASSOCIATION_SANCTION, _S.SANCTION_AUTHORITY_ASSOCIATION, 3),
    (_S.SANCTION_KIND_ADMINISTRATIVE_PENALTY, _S.SANCTION_AUTHORITY_CITY, 1),
)

Row = sanction_service_pb2.SanctionImportRow


def measures(complaints: Sequence[Any], rng: random.Random, today: dt.date) -> Iterator[Row]:
    """Give what the bureau did about most complaints that were true, at least in part."""
    for record in (row.complaint for row in complaints):
        concluded = to_date(record.concluded_date)
        own = record.respondent_kind in OWN
        known = own or record.practitioner or record.firm
        if concluded is None or record.outcome not in SUBSTANTIATED or not known or rng.random() > TAKEN:
            continue
        row = Row()
        sanction = row.sanction
        sanction.office, sanction.key, sanction.complaint = record.office, f"{record.key}-C1", record.key
        sanction.practitioner, sanction.firm = record.practitioner, record.firm if not record.practitioner else ""
        kinds = {_S.SANCTION_KIND_ADMONITION: 1} if own else MEASURES
        sanction.kind = rng.choices(list(kinds), list(kinds.values()))[0]
        sanction.authority, sanction.content = _S.SANCTION_AUTHORITY_DISTRICT, "演示数据:依照规定处理。"
        # The last review may have found it true; nothing is done before.
        decided = to_date(record.review_decided_date) or concluded
        decided = min(decided + rng.randint(0, 10) * DAY, today)
        set_date(sanction.decided_date, decided)
        if sanction.kind == _S.SANCTION_KIND_PENALTY_PROPOSAL:
            _propose(sanction, decided, rng, today)
        yield row


def _propose(sanction: _S.Sanction, decided: dt.date, rng: random.Random, today: dt.date) -> None:
    sanction.outcome = _S.PROPOSAL_OUTCOME_PENDING
    known = decided + rng.randint(120, ANSWERED_WITHIN) * DAY
    if known <= today:
        adopted = rng.random() < ADOPTED
        sanction.outcome = _S.PROPOSAL_OUTCOME_ADOPTED if adopted else _S.PROPOSAL_OUTCOME_NOT_ADOPTED
        set_date(sanction.outcome_date, known)


def of_others(firms: Sequence[Firm], rng: random.Random, first_year: int, today: dt.date) -> Iterator[Row]:
    """Give the sanctions of the association and the penalties of the city bureau, as they became known."""
    people = [person for firm in firms if firm.of_lawyers for person in firm.people]
    for year in range(first_year, today.year + 1):
        for kind, authority, count in OTHERS:
            for number in range(1, count + 1):
                decided = dt.date(year, 2, 1) + rng.randrange(300) * DAY
                person = someone(rng, people, decided)
                if person is None or decided > today:
                    continue
                row = Row()
                sanction = row.sanction
                sanction.office, sanction.key = person.life.code, f"{person.life.mark}C{year}-{kind}{number}"
                sanction.practitioner, sanction.kind, sanction.authority = person.licence, kind, authority
                sanction.content = "演示数据:登记其他机关的处理。"
                set_date(sanction.decided_date, decided)
                yield row
