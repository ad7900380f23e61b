"""Requests with a text of the caller's choice in a personal field, by the place of the field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from geju.correction.v1 import leave_pb2, leave_service_pb2
from geju.correction.v1 import supervised_person_service_pb2 as person_rpc
from geju.legalaid.v1 import aid_case_service_pb2 as aid_rpc
from geju.legalservices.v1 import complaint_service_pb2 as complaint_rpc
from geju.legalservices.v1.practitioner_service_pb2 import CreatePractitionerRequest
from geju.mediation.v1 import dispute_pb2 as pb
from geju.mediation.v1 import dispute_service_pb2 as rpc

from tests.support.correction import supervised
from tests.support.legalaid import an_application
from tests.support.legalservices import a_complaint, a_practitioner

OFFICE = "qidu"
CREATE, RECEIVE = "DisputeService/CreateDispute", "ComplaintService/CreateComplaint"
APPLY = "AidCaseService/CreateAidCase"


def dispute(**fields: Any) -> pb.Dispute:
    """Return a dispute for canaries to be put into."""
    parties = [pb.Party(side=side, full_name="测试") for side in (1, 2)]
    return pb.Dispute(office=OFFICE, type=1, channel=1, parties=parties, **fields)


PLACES: Mapping[str, Callable[[str], tuple[str, Any]]] = {
    "summary": lambda text: (CREATE, rpc.CreateDisputeRequest(dispute=dispute(summary=text))),
    **{
        field: lambda text, field=field: (CREATE, rpc.CreateDisputeRequest(dispute=_of_party(field, text)))  # type: ignore[misc]
        for field in ("full_name", "phone", "id_number", "address")
    },
    **{
        f"supervised_person.{field}": lambda text, field=field: (  # type: ignore[misc]
            "SupervisedPersonService/CreateSupervisedPerson",
            person_rpc.CreateSupervisedPersonRequest(supervised_person=supervised(office=OFFICE, **{field: text})),
        )
        for field in ("full_name", "phone", "id_number", "address", "plan")
    },
    **{
        f"complaint.{field}": lambda text, field=field: (  # type: ignore[misc]
            RECEIVE,
            complaint_rpc.CreateComplaintRequest(complaint=a_complaint(office=OFFICE, **{field: text})),
        )
        for field in ("complainant_name", "complainant_id_number", "complainant_phone", "narrative", "respondent_name")
    },
    "practitioner.person_name": lambda text: (
        "PractitionerService/CreatePractitioner",
        CreatePractitionerRequest(practitioner=a_practitioner(office=OFFICE, person_name=text)),
    ),
    **{
        f"aid_case.{field}": lambda text, field=field: (  # type: ignore[misc]
            APPLY,
            aid_rpc.CreateAidCaseRequest(aid_case=an_application(office=OFFICE, **{field: text})),
        )
        for field in ("person_name", "id_number", "phone", "address", "summary")
    },
    "leave.ground": lambda text: (
        "LeaveService/CreateLeave",
        leave_service_pb2.CreateLeaveRequest(leave=leave_pb2.Leave(office=OFFICE, kind=1, ground=text)),
    ),
}


def _of_party(field: str, text: str) -> pb.Dispute:
    made = dispute()
    setattr(made.parties[0], field, text)
    return made
