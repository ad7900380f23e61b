"""A naive recount of what is counted of legal services: complaints, firms and practitioners, outreach.

Plain loops over records, every definition written down once more in words of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from geju.legalservices.v1 import advice_group_pb2 as gp
from geju.legalservices.v1 import card_handout_pb2 as cards
from geju.legalservices.v1 import complaint_pb2 as cp
from geju.legalservices.v1 import counsel_service_pb2 as csp
from geju.legalservices.v1 import firm_pb2 as fp
from geju.legalservices.v1 import firm_status_pb2 as stp
from geju.legalservices.v1 import pairing_pb2 as pap
from geju.legalservices.v1 import practitioner_pb2 as pp
from geju.legalservices.v1 import sanction_pb2 as sp
from geju.legalservices.v1 import service_event_pb2 as ep

from services.recount.counting import Tally, day_of, exists, holds, name_of

AREA = "legalservices."
LICENSED = ("licensed_from_date", "licensed_to_date")
NO_SANCTION = {sp.SANCTION_KIND_UNSPECIFIED, sp.SANCTION_KIND_TO_ASSOCIATION, sp.SANCTION_KIND_PENALTY_PROPOSAL}
PLEASED = {"very_satisfied", "satisfied"}
#: What has one name among firms and another among practitioners would be taken for the same.
ASSESSED_FIRMS = {"grassroots": "grassroots_office"}
ASSESSED_PRACTITIONERS = {"grassroots": "grassroots_worker"}
STANDING = {
    "scale_firms": stp.FIRM_STATUS_KIND_SCALE,
    "brand_firms": stp.FIRM_STATUS_KIND_BRAND,
    "specialised_firms": stp.FIRM_STATUS_KIND_SPECIALISED,
}


class LegalServicesCount:
    """Adds the figures of legal services to a recount."""

    def __init__(self, whole: Tally) -> None:
        self.whole, self.as_of = whole, whole.as_of

    def count(self) -> None:
        """Count everything."""
        for c in self.whole.records("complaint"):
            self.complaint(c)
            self.in_time(c)
        self.sanctions()
        self.outreach()
        for period, (start, at) in self.whole.spans().items():
            self.registers(period, start, at)
            self.coverage(period, at)
            if len(period) == 4:
                self.yearly(period, start, at)

    def add(self, code: str, record: Any, field: str, n: int = 1, total: int = 0, **by: str) -> None:
        """Add a record at a date of its own."""
        self.whole.add(AREA + code, record.office, day_of(record, field), n, total, **by)

    def complaint(self, c: Any) -> None:
        """Count a complaint as it comes in and as it ends."""
        respondent = name_of(cp.RespondentKind, c.respondent_kind, "RESPONDENT_KIND_")
        channel = name_of(cp.ComplaintChannel, c.channel, "COMPLAINT_CHANNEL_")
        self.add("complaints", c, "received_date", respondent_kind=respondent, channel=channel)
        for ground in set(c.grounds):
            key = name_of(cp.ComplaintGround, ground, "COMPLAINT_GROUND_")
            self.whole.under(f"{AREA}complaints", c.office, day_of(c, "received_date"), 1, ground=key)
        self.add("complaint_mean_days", c, "answered_date", c.days, 1)
        outcome = name_of(cp.ComplaintOutcome, c.outcome, "COMPLAINT_OUTCOME_")
        self.add("complaint_substantiated_rate", c, "concluded_date", int(outcome in {"substantiated", "partly"}), 1)
        opinion = name_of(cp.ComplaintSatisfaction, c.satisfaction, "COMPLAINT_SATISFACTION_")
        if opinion != "unspecified":
            self.add("complaint_satisfaction_rate", c, "satisfaction_date", int(opinion in PLEASED), 1)

    def in_time(self, c: Any) -> None:
        """Count whether it was decided and answered in time."""
        ways = [day_of(c, f, self.as_of) for f in ("accepted_date", "refused_date", "transferred_date")]
        decided = min((day for day in ways if day is not None), default=None)
        answered = day_of(c, "answered_date", self.as_of)
        self.limit("complaint_accept_on_time_rate", c, decided, day_of(c, "accept_due"))
        if (due := day_of(c, "answer_due")) is not None:
            self.limit("complaint_reply_on_time_rate", c, answered, due)

    def limit(self, code: str, c: Any, done: date | None, due: date | None) -> None:
        """Count in time where it was done, and late where the limit ended."""
        if done is not None and (due is None or done <= due):
            self.whole.add(AREA + code, c.office, done, 1, 1)
        elif due is not None and due < self.as_of:
            self.whole.add(AREA + code, c.office, due, 0, 1)

    def sanctions(self) -> None:
        """Count penalties proposed, and measures and sanctions."""
        for s in self.whole.records("sanction"):
            if s.kind == sp.SANCTION_KIND_PENALTY_PROPOSAL:
                told = day_of(s, "outcome_date", self.as_of) is not None
                outcome = name_of(sp.ProposalOutcome, s.outcome, "PROPOSAL_OUTCOME_") if told else "pending"
                self.add("penalty_proposals", s, "decided_date", outcome=outcome)
            if s.kind not in NO_SANCTION:
                kind = name_of(sp.SanctionKind, s.kind, "SANCTION_KIND_")
                self.add("sanctions", s, "decided_date", kind=kind)

    def outreach(self) -> None:
        """Count what was done on a day."""
        for s in self.whole.records("counsel_service"):
            kind = name_of(csp.CounselServiceKind, s.kind, "COUNSEL_SERVICE_KIND_")
            self.add("village_counsel_services", s, "given_date", kind=kind)
        groups = dict(self.whole.named("advice_group"))
        for m in self.whole.records("advised_matter"):
            advised_by = groups[m.group].kind if m.group in groups else gp.ADVICE_GROUP_KIND_UNSPECIFIED
            group = name_of(gp.AdviceGroupKind, advised_by, "ADVICE_GROUP_KIND_")
            advised = day_of(m, "advised_date")
            if advised is not None and advised >= self.whole.profile.valid_from:  # a census begins with the district
                self.add("government_matters", m, "advised_date", group=group)
        for v in self.whole.records("leader_visit"):
            self.add("leader_visit_rate", v, "held_date", int(v.lawyers > 0), 1)
        for e in self.whole.records("service_event"):
            self.add("service_events", e, "held_date", kind=name_of(ep.ServiceEventKind, e.kind, "SERVICE_EVENT_KIND_"))
            self.add("persons_served", e, "held_date", e.people_served)
        for h in self.whole.records("card_handout"):
            kind = name_of(cards.ContactCardKind, h.kind, "CONTACT_CARD_KIND_")
            group = name_of(cards.ContactCardGroup, h.group, "CONTACT_CARD_GROUP_")
            self.add("contact_cards", h, "handed_out_date", h.copies, kind=kind, group=group)
        for code, kind, field in (
            ("symposia", "symposium", "held_date"),
            ("proposals", "suggestion", "handed_in_date"),
            ("liaison_meetings", "liaison_meeting", "held_date"),
        ):
            for record in self.whole.records(kind):
                self.add(code, record, field)

    def put(self, code: str, office: str, period: str, n: int, total: int, **by: str) -> None:
        """Add to one period."""
        self.whole.put(AREA + code, office, period, n, total, **by)

    def registers(self, period: str, start: date, at: date) -> None:
        """Count firms, practitioners, interns, and complaints against lawyers there are."""
        for c in self.whole.records("complaint"):
            received = day_of(c, "received_date")
            against = c.respondent_kind in {cp.RESPONDENT_KIND_LAWYER, cp.RESPONDENT_KIND_FIRM}
            if received is not None and start <= received <= at and against:
                self.put("complaints_per_100_lawyers", c.office, period, 100, 0)
        for p in self.whole.records("practitioner"):
            if holds(p, at, *LICENSED):
                kind = name_of(pp.PractitionerKind, p.kind, "PRACTITIONER_KIND_")
                self.put("practitioners", p.office, period, 1, 0, kind=kind)
                self.put("complaints_per_100_lawyers", p.office, period, 0, int(kind == "lawyer"))
        standing_of = self.whole.by("firm", "firm_status")
        for number, firm in self.whole.named("firm"):
            if not holds(firm, at, *LICENSED):
                continue
            statuses = {s.kind for s in standing_of.get(number, ()) if holds(s, at)}
            for code, standing in STANDING.items():
                self.put(code, firm.office, period, int(standing in statuses), 0)
            self.put("outside_branches", firm.office, period, int(firm.kind == fp.FIRM_KIND_OUTSIDE_BRANCH), 0)
        for intern in self.whole.records("internship"):
            if holds(intern, at):
                self.put("interns", intern.office, period, 1, 0)

    def coverage(self, period: str, at: date) -> None:
        """Count villages with counsel, offices and projects with a firm."""
        served = {c.place for c in self.whole.records("counsel_contract") if holds(c, at)}
        for place in self.whole.profile.places:
            if place.kind == "village" and exists(place, at):
                self.put("village_counsel_coverage", place.office, period, int(place.code in served), 1)
        pairings = [p for p in self.whole.records("pairing") if holds(p, at)]
        for p in pairings:
            self.put("rural_pairings", p.office, period, int(p.partner == pap.PAIRING_PARTNER_GRASSROOTS), 0)
        paired = {p.office for p in pairings if p.partner == pap.PAIRING_PARTNER_JUDICIAL_OFFICE}
        for office in self.whole.profile.offices:
            if exists(office, at):
                self.put("office_pairing_rate", office.code, period, int(office.code in paired), 1)
        tracked = {p.project for p in pairings}
        for number, project in self.whole.named("key_project"):
            if holds(project, at):
                self.put("tracked_projects", project.office, period, int(number in tracked), 0)

    def yearly(self, period: str, start: date, at: date) -> None:
        """Count who was trained in a year, and who assessed for it: who was not assessed only once the year is over."""
        over = at < self.as_of
        for office, key, done in self.assessed(start.year, at):
            if done or over:
                self.put("assessment_rate", office, period, int(done), 1, kind=key)
        trained = self.whole.by("practitioner", "training")
        for number, p in self.whole.named("practitioner"):
            if holds(p, start, *LICENSED) and holds(p, at, *LICENSED):
                days = [(day_of(t, "held_date"), t.hours) for t in trained.get(number, ())]
                enough = sum(hours for day, hours in days if day is not None and start <= day <= at) >= 40
                self.put("training_rate", p.office, period, int(enough), 1)

    def assessed(self, year: int, at: date) -> Iterator[tuple[str, str, bool]]:
        """Give those licensed on a day: office, sort, and whether they have been assessed for the year by now."""
        results = [
            a
            for a in self.whole.records("yearly_assessment")
            if a.year == year and day_of(a, "assessed_date", self.as_of) is not None
        ]
        firms, persons = {a.firm for a in results}, {a.practitioner for a in results}
        for number, firm in self.whole.named("firm"):
            if holds(firm, at, *LICENSED):
                kind = name_of(fp.FirmKind, firm.kind, "FIRM_KIND_")
                yield firm.office, ASSESSED_FIRMS.get(kind, kind), number in firms
        for number, p in self.whole.named("practitioner"):
            if holds(p, at, *LICENSED):
                kind = name_of(pp.PractitionerKind, p.kind, "PRACTITIONER_KIND_")
                yield p.office, ASSESSED_PRACTITIONERS.get(kind, kind), number in persons
