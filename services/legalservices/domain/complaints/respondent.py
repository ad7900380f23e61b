"""About whom a complaint is: what names the respondent must fit its kind."""

from __future__ import annotations

from geju.legalservices.v1 import complaint_pb2 as pb
from geju.legalservices.v1 import firm_pb2, practitioner_pb2

from services.chassis.domain.errors import UnknownOffice
from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.legalservices.domain.complaints.errors import RespondentMismatch
from services.legalservices.domain.complaints.lifecycle import Complaint
from services.legalservices.domain.registers.licence import GRASSROOTS, LAW_FIRMS, NOTARIES

#: Complaints about the bureau itself: for the discipline role only.
OWN = frozenset({pb.RESPONDENT_KIND_BUREAU_STAFF, pb.RESPONDENT_KIND_JUDICIAL_OFFICE})
#: A respondent who is a person in the register, and the practitioners of that kind.
PERSONS = {
    pb.RESPONDENT_KIND_LAWYER: practitioner_pb2.PRACTITIONER_KIND_LAWYER,
    pb.RESPONDENT_KIND_GRASSROOTS_WORKER: practitioner_pb2.PRACTITIONER_KIND_GRASSROOTS,
    pb.RESPONDENT_KIND_NOTARY: practitioner_pb2.PRACTITIONER_KIND_NOTARY,
}
#: The organisations that a respondent is or belongs to.
FIRMS = {
    pb.RESPONDENT_KIND_LAWYER: LAW_FIRMS,
    pb.RESPONDENT_KIND_FIRM: LAW_FIRMS,
    pb.RESPONDENT_KIND_GRASSROOTS_WORKER: GRASSROOTS,
    pb.RESPONDENT_KIND_GRASSROOTS_OFFICE: GRASSROOTS,
    pb.RESPONDENT_KIND_NOTARY: NOTARIES,
}
_KIND_OF = {kind: respondent for respondent, kind in PERSONS.items()}


def check(complaint: Complaint, rules: Rules) -> None:
    """Refuse what does not fit the kind of respondent. Raises BadReference, RespondentMismatch, UnknownOffice."""
    check_reference("practitioner", complaint.practitioner, "practitioners")
    check_reference("firm", complaint.firm, "firms")
    kind, own = complaint.respondent_kind, complaint.respondent_kind in OWN
    if complaint.practitioner and kind not in PERSONS:
        raise RespondentMismatch("practitioner", expected="被投诉人为律师、基层法律服务工作者、公证员的方可填写")
    if complaint.firm and own:
        raise RespondentMismatch("firm", expected="被投诉人为本局工作人员、司法所的不填写")
    if complaint.respondent_office:
        if not own:
            raise RespondentMismatch("respondent_office", expected="被投诉人为本局工作人员、司法所的方可填写")
        if not rules.profile.has_office(complaint.respondent_office):
            raise UnknownOffice("respondent_office", office=complaint.respondent_office)
    registered = complaint.practitioner or (complaint.firm and kind not in PERSONS)
    if complaint.respondent_name and registered:
        raise RespondentMismatch("respondent_name", expected="已填写名册中的机构或执业人员的不填写")
    if complaint.HasField("accepted_date") and not is_named(complaint):
        field = "respondent_office" if kind == pb.RESPONDENT_KIND_JUDICIAL_OFFICE else "respondent_name"
        raise RespondentMismatch(field, expected="受理的投诉须有明确的被投诉人(名册中的引用、司法所或名称)")


def is_named(complaint: Complaint) -> bool:
    """Tell whether it is known about whom a complaint is."""
    if complaint.respondent_kind == pb.RESPONDENT_KIND_JUDICIAL_OFFICE:
        return bool(complaint.respondent_office)
    if complaint.respondent_kind in PERSONS or complaint.respondent_kind in OWN:
        return bool(complaint.practitioner or complaint.respondent_name)
    return bool(complaint.firm or complaint.respondent_name)


def check_practitioner(complaint: Complaint, practitioner: practitioner_pb2.Practitioner) -> None:
    """Refuse a practitioner of another kind. Raises RespondentMismatch."""
    if practitioner.kind != PERSONS[complaint.respondent_kind]:
        raise RespondentMismatch("practitioner", expected="执业人员的类别须与被投诉人种类一致")


def check_firm(complaint: Complaint, firm: firm_pb2.Firm) -> None:
    """Refuse an organisation of another kind. Raises RespondentMismatch."""
    if firm.kind not in FIRMS[complaint.respondent_kind]:
        raise RespondentMismatch("firm", expected="机构的类别须与被投诉人种类一致")


def kind_of(practitioner: practitioner_pb2.Practitioner) -> pb.RespondentKind.ValueType:
    """Return the kind of respondent that a practitioner is."""
    return _KIND_OF[practitioner.kind]
