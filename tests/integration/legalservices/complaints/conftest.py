"""The bench of complaints in the demonstration district, with the people who handle them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from geju.legalservices.v1 import complaint_pb2 as pb
from geju.legalservices.v1 import firm_pb2, practitioner_pb2

from services.chassis import context, profile_file, testing
from services.chassis.clock import ManualClock
from services.chassis.domain.errors import RuleError
from services.chassis.domain.profile import Profile
from services.chassis.subject_service import SubjectServicer
from services.legalservices.app import KINDS, SERVICERS
from tests.integration.servicers import DEPARTMENT, Database, Servicers, migrated, with_servicers
from tests.support.records import on

PROFILE = Path(__file__).parents[4] / "deploy" / "districts" / "lucheng"
COMPLAINTS, SANCTIONS, PROPOSALS = "ComplaintService/", "SanctionService/", "ComplaintProposalService/"
OFFICE, OTHER_OFFICE = "wuma", "nanmen"


def caller(subject: str, *roles: str, office: str = OFFICE) -> context.Caller:
    """Return somebody with these roles in an office."""
    return context.Caller(subject, frozenset(roles), frozenset({office}))


CLERK, HEAD = caller("clerk-wuma", "clerk"), caller("head-wuma", "clerk", "office_head")
INVESTIGATOR = caller("investigator-wuma", "clerk", "office_head")
ELSEWHERE = caller("head-nanmen", "clerk", "office_head", office=OTHER_OFFICE)
DISCIPLINE = caller("discipline-a", "discipline", office="*")
DISCIPLINE_TOO = caller("discipline-b", "discipline", office="*")


def a_complaint(**fields: Any) -> pb.Complaint:
    """Return a complaint about a lawyer in no register, received on Monday, 7 May 2012; all of it is invented."""
    given: dict[str, Any] = {
        "office": OFFICE,
        "received_date": on(2012, 5, 7),
        "channel": pb.COMPLAINT_CHANNEL_WINDOW,
        "complainant_name": "示例投诉人",
        "complainant_phone": "示例电话13900001111",
        "complainant_id_number": "CS330300000001",
        "complainant_address": "示例街一号",
        "respondent_kind": pb.RESPONDENT_KIND_LAWYER,
        "respondent_name": "示例律师",
        "grounds": [pb.COMPLAINT_GROUND_NEGLIGENCE],
        "narrative": "示例投诉内容",
        "evidence": ["示例证据"],
    }
    return pb.Complaint(**{name: value for name, value in (given | fields).items() if value is not None})


class Bench(Servicers):
    """The bench of complaints, with what most tests begin with."""

    numbers = count(1)

    async def firm(self, **fields: Any) -> firm_pb2.Firm:
        """Make a law firm of the other office."""
        number = next(self.numbers)
        given: dict[str, Any] = {
            "office": OTHER_OFFICE,
            "name_zh": f"示例律师事务所{number}",
            "kind": firm_pb2.FIRM_KIND_PARTNERSHIP,
            "licence_number": f"示例许可{number}",
            "licensed_from_date": on(2005, 1, 1),
        }
        answer = await self.call("FirmService/CreateFirm", firm=firm_pb2.Firm(**given | fields))
        return answer.firm  # type: ignore[no-any-return]

    async def practitioner(self, firm: firm_pb2.Firm | None = None, /, **fields: Any) -> practitioner_pb2.Practitioner:
        """Make a lawyer of the other office, at a firm of their own unless one is named."""
        at = firm or await self.firm()
        given: dict[str, Any] = {
            "office": at.office,
            "person_name": "示例甲",
            "kind": practitioner_pb2.PRACTITIONER_KIND_LAWYER,
            "licence_number": f"示例证{next(self.numbers)}",
            "firm": at.name,
            "licensed_from_date": on(2008, 1, 1),
        }
        made = practitioner_pb2.Practitioner(**given | fields)
        answer = await self.call("PractitionerService/CreatePractitioner", practitioner=made)
        return answer.practitioner  # type: ignore[no-any-return]

    async def receive(self, by: context.Caller = CLERK, **fields: Any) -> pb.Complaint:
        """Receive a complaint."""
        answer = await self.call(COMPLAINTS + "CreateComplaint", by, complaint=a_complaint(**fields))
        return answer.complaint  # type: ignore[no-any-return]

    async def step(self, verb: str, found: pb.Complaint, by: context.Caller = CLERK, **fields: Any) -> pb.Complaint:
        """Take a step of a complaint; return the complaint."""
        answer = await self.call(COMPLAINTS + verb, by, name=found.name, **fields)
        return answer.complaint  # type: ignore[no-any-return]

    async def read(self, name: str, by: context.Caller = DEPARTMENT) -> pb.Complaint:
        """Read a complaint."""
        answer = await self.call(COMPLAINTS + "GetComplaint", by, name=name)
        return answer.complaint  # type: ignore[no-any-return]

    async def change(self, verb: str, old: pb.Complaint, by: context.Caller = HEAD, **fields: Any) -> pb.Complaint:
        """Update or correct a complaint; None clears a field."""
        request: dict[str, Any] = {"update_mask": {"paths": list(fields)}}
        given = {name: value for name, value in fields.items() if value is not None}
        request["complaint"] = pb.Complaint(name=old.name, **given)
        if verb == "Correct":
            request["reason"] = "登记有误"
        answer = await self.call(f"{COMPLAINTS}{verb}Complaint", by, **request)
        return answer.complaint  # type: ignore[no-any-return]

    async def concluded(self, outcome: int = 1, by: context.Caller = CLERK, **fields: Any) -> pb.Complaint:
        """Take a complaint to its conclusion: investigated by one, signed by another."""
        found = await self.receive(by, **fields)
        sealed = found.sealed
        investigator, signer = (DISCIPLINE, DISCIPLINE_TOO) if sealed else (INVESTIGATOR, HEAD)
        await self.step("AcceptComplaint", found, by, accepted_date=on(2012, 5, 8))
        given = {"investigator": investigator.subject, "no_tie": True, "investigating_date": on(2012, 5, 9)}
        await self.step("AssignInvestigator", found, signer, **given)
        told = {"findings": "示例查明情况", "investigated_date": on(2012, 5, 18)}
        await self.step("RecordInvestigation", found, investigator, **told)
        decided = {"outcome": outcome, "decision": "示例处理决定", "concluded_date": on(2012, 5, 21)}
        return await self.step("ConcludeComplaint", found, signer, **decided)

    async def take_over(self, *given: pb.Complaint, by: context.Caller = DEPARTMENT) -> list[Any]:
        """Import complaints; return the verdicts."""
        rows = [{"row": number, "complaint": one} for number, one in enumerate(given, 2)]
        return list((await self.call(COMPLAINTS + "ImportComplaints", by, rows=rows)).verdicts)

    async def refused(self, method: str, by: context.Caller = DEPARTMENT, **fields: Any) -> tuple[str, str]:
        """Call what must be refused; return the reason and the field."""
        try:
            answer = await self.call(method, by, **fields)
        except RuleError as error:
            return error.reason, error.field
        raise AssertionError(f"{method} was not refused: {answer}")


@pytest.fixture(scope="session")
def profile() -> Profile:
    """Read the demonstration district."""
    return profile_file.load(PROFILE)


@pytest.fixture(scope="session")
async def database(postgres: testing.Server) -> Database:
    """Give a migrated database with the URL of its superuser."""
    return await migrated(postgres, "legalservices")


@pytest.fixture
async def bench(database: Database, profile: Profile, clock: ManualClock) -> AsyncIterator[Bench]:
    """Give an empty store with its servicers; it is 1 June 2012."""
    parts: dict[str, Any] = {"profile": profile, "kinds": KINDS, "servicers": SERVICERS}
    async with with_servicers(Bench, database, clock, service="legalservices", **parts) as found:
        found.servicers["SubjectService"] = ("geju.common.v1.SubjectService", SubjectServicer(found.store))
        yield found
