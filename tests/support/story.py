"""A random but lawful history of an installation's records, told through its RPCs; the same for the same seed.

A teller makes its own records and changes only those, so that what it was answered can be held against what is stored.
Days lie all over the past: nearly everything is entered late, and in no order. A step that the rules refuse is counted
and has no effect; after an outage the same request is sent again until it is answered.
"""

from __future__ import annotations

import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from google.protobuf.field_mask_pb2 import FieldMask
from google.type.date_pb2 import Date

from services.chassis.domain.dates import from_date, to_date
from services.chassis.domain.profile import Profile
from tests.support.calls import DOMAIN, Caller, Refused, find, service_of, snake

EARLIEST = date(2011, 1, 5)
PATIENCE = 90.0
PURPOSE = "核对记录"
#: What a refusal may be: a broken rule. Anything else is a fault of the product.
LAWFUL = {"INVALID_ARGUMENT", "FAILED_PRECONDITION", "NOT_FOUND", "ALREADY_EXISTS", "ABORTED"}


class Teller:
    """Makes and changes records; remembers what it was answered."""

    def __init__(self, caller: Caller, profile: Profile, today: date, seed: int, *others: Caller) -> None:
        """`others` are two more of the same offices: one decides what this one proposes, the other reviews it."""
        self.caller, self.profile, self.today = caller, profile, today
        self.second, self.third = others or (caller, caller)
        self.chance = random.Random(seed)
        self.latest: dict[str, Any] = {}  # the record as last answered, by name
        self.revisions: dict[str, int] = {}  # the same one's revision, kept when the record is deleted
        self.changes: Counter[str] = Counter()  # accepted changes by name
        self.answered: defaultdict[str, set[int]] = defaultdict(set)  # revisions that changes of it were answered with
        self.told: Counter[str] = Counter()  # accepted calls by method
        self.refused: Counter[tuple[str, str]] = Counter()
        self.request_ids: set[str] = set()
        self.attempted: set[str] = set()  # ids of all requests, refused ones too
        self.accepted: dict[str, tuple[str, float]] = {}  # by which service, and when (`time.monotonic()`), by request
        self.patience = PATIENCE
        #: What was accepted may be gone by decision of an operator: a step that misses it ends early.
        self.set_back = False

    async def tell(self, method: str, /, *also: str, by: Caller | None = None, **fields: Any) -> Any:
        """Call a mutation; returns its answer, None when a rule was in the way. `also` are records it touches too."""
        fields["request_id"] = str(uuid4())
        self.attempted.add(fields["request_id"])
        try:
            answer = await (by or self.caller)(method, self.patience, **fields)
        except Refused as refused:
            if refused.failure.code.name not in LAWFUL:
                raise
            self.refused[method, refused.failure.reason] += 1
            return None
        self._accept(method, fields["request_id"])
        for _, value in answer.ListFields():
            for record in value if hasattr(value, "__len__") else (value,):
                if hasattr(record, "revision"):  # a verdict on a row has none
                    self.answered[record.name].add(record.revision)
                    self._keep(record)
        for name in also:
            await self.look(name)
        return answer

    async def stream(self, method: str, requests: Sequence[Any]) -> Sequence[Any]:
        """Send mutations in one stream, each under its own id; returns the answers."""
        self.attempted |= {request.request_id for request in requests}
        answers = await self.caller.exchange(method, self.patience, requests)
        self._accept(method, *(request.request_id for request in requests))
        return answers

    def _accept(self, method: str, *request_ids: str) -> None:
        """Note requests that were accepted."""
        package = find(method).full_name.removeprefix("/").rpartition(".")[0]
        # What every service has is asked of the first, unless another is named.
        service = service_of(method) or (package if package in DOMAIN else DOMAIN[0]).split(".")[1]
        self.told[method] += len(request_ids)
        self.request_ids |= set(request_ids)
        self.accepted |= dict.fromkeys(request_ids, (service, time.monotonic()))

    async def make(self, record: Any) -> Any:
        """Make a record; returns it, None when a rule was in the way."""
        kind = record.DESCRIPTOR.name
        answer = await self.tell(f"{kind}Service/Create{kind}", **{snake(kind): record})
        return None if answer is None else getattr(answer, snake(kind))

    async def change(self, record: Any, *, corrected: bool = False, **fields: Any) -> Any:
        """Update or correct fields of a record; None clears one."""
        kind, changed = record.DESCRIPTOR.name, type(record)(name=record.name)
        changed.MergeFrom(type(record)(**{name: value for name, value in fields.items() if value is not None}))
        asked = {snake(kind): changed, "update_mask": FieldMask(paths=sorted(fields))}
        if corrected:
            return await self.tell(f"{kind}Service/Correct{kind}", reason="登记有误", **asked)
        return await self.tell(f"{kind}Service/Update{kind}", **asked)

    async def drop(self, record: Any) -> bool:
        """Delete a record, and forget it with all that is about it."""
        kind = record.DESCRIPTOR.name
        if not await self.tell(f"{kind}Service/Delete{kind}", name=record.name, reason="重复登记"):
            return False
        self.forget(record.name)
        for other in [one for one in self.latest.values() if getattr(one, "person", "") == record.name]:
            self.forget(other.name)
        return True

    async def look(self, name: str) -> Any:
        """Read a record again after another one's change has changed it too."""
        kind = KINDS[name.partition("/")[0]]
        method = f"{kind}Service/Get{kind}"
        why = {"purpose": PURPOSE} if "purpose" in find(method).request.DESCRIPTOR.fields_by_name else {}
        answer = await self.caller(method, self.patience, name=name, **why)
        [(_, record)] = answer.ListFields()
        self._keep(record)
        return record

    def _keep(self, record: Any) -> None:
        # A change to what is there already makes no revision.
        self.changes[record.name] += int(self.revisions.get(record.name) != record.revision)
        self.latest[record.name], self.revisions[record.name] = record, record.revision

    def of(self, collection: str, keep: Callable[[Any], bool] = lambda _: True) -> Sequence[Any]:
        """Return this teller's records of a collection that are not deleted, as last answered."""
        prefix = f"{collection}/"
        return [record for name, record in self.latest.items() if name.startswith(prefix) and keep(record)]

    def forget(self, name: str, *, with_another: bool = False) -> None:
        """Take a deleted record out of the story; of one deleted with another, no answer has told the revision."""
        del self.latest[name]
        if with_another:
            del self.revisions[name]

    def some(self, choices: Sequence[Any]) -> Any:
        """Choose one."""
        return self.chance.choice(choices)

    def likely(self, share: float) -> bool:
        """Decide with a probability."""
        return self.chance.random() < share

    def value(self, enum: Any) -> int:
        """Choose a value of an enum."""
        return int(self.some([number for number in enum.values() if number]))

    def office(self) -> str:
        """Choose an office."""
        return str(self.some(self.profile.offices).code)

    def place(self, office: str, on: date) -> str:
        """Choose a place of an office that exists on a day and still does."""
        there = [
            p.code for p in self.profile.places if p.office == office and p.in_force(on) and p.in_force(self.today)
        ]
        return str(self.some(there))

    def day(self, *after: Date | date | None, most: int = 25) -> Date:
        """Choose a day not before any given one and not after today."""
        known = [d for d in (to_date(a) if isinstance(a, Date) else a for a in after) if d is not None]
        if not known:
            return from_date(EARLIEST + timedelta(days=self.chance.randrange((self.today - EARLIEST).days)))
        return from_date(min(max(known) + timedelta(days=self.chance.randrange(most)), self.today))

    def until(self, since: Date | date | None, least: int, most: int) -> Date:
        """Choose a day so many days after one, in the future as well."""
        begins = to_date(since) if isinstance(since, Date) else since
        return from_date((begins or self.today) + timedelta(days=self.chance.randint(least, most)))


OF_MEDIATION: Mapping[str, str] = {
    "disputes": "Dispute",
    "sessions": "Session",
    "committees": "Committee",
    "centres": "Centre",
    "mediators": "Mediator",
    "breaches": "Breach",
    "buildings": "Building",
    "screenings": "Screening",
    "warnings": "Warning",
    "receptionDays": "ReceptionDay",
    "pieceRateStatements": "PieceRateStatement",
    "rateSchemes": "RateScheme",
    "premises": "Premises",
    "fundEntries": "FundEntry",
}
OF_CORRECTION: Mapping[str, str] = {
    "supervisedPersons": "SupervisedPerson",
    "duties": "Duty",
    "leaves": "Leave",
    "abscondings": "Absconding",
    "newOffences": "NewOffence",
    "measures": "Measure",
    "positionings": "Positioning",
    "helpActs": "HelpAct",
    "releasedPersons": "ReleasedPerson",
    "helpingAgreements": "HelpingAgreement",
    "releasedVisits": "ReleasedVisit",
    "placements": "Placement",
    "transitionGrants": "TransitionGrant",
    "lostContacts": "LostContact",
    "situationSurveys": "SituationSurvey",
    "resettlementBases": "ResettlementBase",
    "baseStays": "BaseStay",
    "correctionVolunteers": "CorrectionVolunteer",
    "correctionOfficers": "CorrectionOfficer",
    "memberUnitMeetings": "MemberUnitMeeting",
    "emergencyPlans": "EmergencyPlan",
    "emergencyDrills": "EmergencyDrill",
}
OF_LEGALSERVICES: Mapping[str, str] = {
    "complaints": "Complaint",
    "complaintProposals": "ComplaintProposal",
    "sanctions": "Sanction",
    "firms": "Firm",
    "firmStatuses": "FirmStatus",
    "practitioners": "Practitioner",
    "yearlyAssessments": "YearlyAssessment",
    "trainings": "Training",
    "internships": "Internship",
    "counselContracts": "CounselContract",
    "counselServices": "CounselService",
    "pairings": "Pairing",
    "keyProjects": "KeyProject",
    "adviceGroups": "AdviceGroup",
    "advisedMatters": "AdvisedMatter",
    "leaderVisits": "LeaderVisit",
    "serviceEvents": "ServiceEvent",
    "cardHandouts": "CardHandout",
    "symposia": "Symposium",
    "suggestions": "Suggestion",
    "liaisonMeetings": "LiaisonMeeting",
    "liaisonRules": "LiaisonRule",
}
OF_LEGALAID: Mapping[str, str] = {
    "aidCases": "AidCase",
    "consultations": "Consultation",
    "stations": "Station",
    "travelTimes": "TravelTime",
    "aidVolunteers": "AidVolunteer",
    "volunteerShifts": "VolunteerShift",
    "feeReliefs": "FeeRelief",
    "aidSurveyAnswers": "AidSurveyAnswer",
}
OF_PUBLICITY: Mapping[str, str] = {
    "activities": "Activity",
    "materialHandouts": "MaterialHandout",
    "studySessions": "StudySession",
    "exams": "Exam",
    "newsItems": "NewsItem",
    "yearPlans": "YearPlan",
    "facilities": "Facility",
    "markets": "Market",
    "enterprises": "Enterprise",
    "educationSessions": "EducationSession",
    "schools": "School",
    "schoolYears": "SchoolYear",
}
KINDS: Mapping[str, str] = {**OF_MEDIATION, **OF_CORRECTION, **OF_LEGALSERVICES, **OF_LEGALAID, **OF_PUBLICITY}
