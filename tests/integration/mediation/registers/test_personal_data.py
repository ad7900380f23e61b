"""Somebody has thought about what every column has to do with persons."""

from __future__ import annotations

from services.chassis.classification import unclassified
from services.chassis.storage.scopes import EVERYTHING
from tests.integration.mediation.registers.conftest import Bench

#: Notes without a name or number to find a person by: whoever is asked about looks them up beside what they belong to.
#: Each is cleared by EraseRecord.
FREE_TEXT = {
    "session.body": "minutes, address and who was invited; beside the dispute, which is found by its parties",
    "breach.body": "a note; beside the mediator, who is found by name",
    "screening.body": "a note on a round of an office, which is about no one person",
    "warning.body": "who raised it and what was said; found by office and day only",
    "dispute.body.parties.address": "beside the party's name and number",
    "dispute.body.parties.representative": "name and part in one text; beside the party, who is found",
    **dict.fromkeys(
        (
            "dispute.body.summary",
            "dispute.body.refusal_note",
            "dispute.body.discussion",
            "dispute.body.agreement.content",
            "dispute.body.agreement.fulfilment_manner",
            "dispute.body.return_visits.note",
            "dispute.body.escalations.note",
            "dispute.body.preventions.evidence",
            "dispute.body.reopenings.agreement.content",
            "dispute.body.reopenings.agreement.fulfilment_manner",
        ),
        "about the parties, who are found by name and number",
    ),
    "dispute.body.referrer.contact": "an employee of an organisation who did their work",
    "building.body.officer_phone": "beside the officer's name",
}


async def test_every_column_is_classified(bench: Bench) -> None:
    """What is held on a person is given out and erased, or somebody has said why it is not."""
    async with bench.store.lend(EVERYTHING) as loan:
        assert [] == await unclassified(loan.connection, bench.store.kinds, FREE_TEXT)
