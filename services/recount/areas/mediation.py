"""A naive recount of what is counted of mediation: disputes, rounds, committees and mediators.

Plain loops over records: for each indicator the definition of the plan is written down in words of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from geju.mediation.v1 import centre_pb2, session_pb2, warning_pb2
from geju.mediation.v1 import committee_pb2 as cm
from geju.mediation.v1 import dispute_pb2 as dp
from geju.mediation.v1 import mediator_pb2 as md

from services.recount.counting import Tally, day_of, exists, holds, months, name_of
from services.recount.limits import last_day, rule_of

REFERRALS = {
    "police",
    "labour_window",
    "court_before_filing",
    "court_trial",
    "petition",
    "legal_aid",
    "other_unit",
}
HOT = {"construction", "land_contract", "environment", "labour", "unpaid_wages", "medical", "demolition", "rural"}
PREVENTED = {
    "crime": "prevented_crime_date",
    "mass_incident": "prevented_mass_date",
    "suicide": "prevented_suicide_date",
    "armed_fight": "prevented_fight_date",
}


class MediationCount:
    """Adds the figures of mediation to a recount."""

    def __init__(self, whole: Tally) -> None:
        self.whole, self.as_of = whole, whole.as_of
        self.profile, self.records, self.add, self.put = whole.profile, whole.records, whole.add, whole.put

    def count(self) -> None:
        """Count everything."""
        self.disputes()
        self.rounds()
        self.screening()
        for period, (_, at) in self.whole.spans().items():
            self.stocks(period, at)
            self.shares(period, at)

    def disputes(self) -> None:
        """Count what is counted of disputes."""
        for d in self.records("dispute"):
            self.intake(d)
            self.closing(d)
            self.after(d)

    def intake(self, d: Any) -> None:
        """Count what hangs on acceptance."""
        at = self.as_of
        accepted = day_of(d, "accepted_date", at)
        kind, channel = (
            name_of(dp.DisputeType, d.type, "DISPUTE_TYPE_"),
            name_of(dp.DisputeChannel, d.channel, "DISPUTE_CHANNEL_"),
        )
        self.add("mediation.accepted", d.office, accepted, 1, 0, type=kind, channel=channel)
        if channel in REFERRALS:
            self.add("mediation.linked_cases", d.office, accepted, 1, 0, channel=channel)
        if kind in HOT:
            self.add("mediation.hot_topic_cases", d.office, accepted, 1, 0, type=kind)
        if d.centre:
            self.add("mediation.centre_cases", d.office, accepted, 1, 0)
        held, closed, due = (
            day_of(d, "first_session_date", at),
            day_of(d, "closed_date", at),
            day_of(d, "close_due"),
        )
        limit_over = due is not None and at > due
        withdrawn_first = day_of(d, "withdrawn_date", at) is not None and held is None
        if (held or closed or limit_over) and not withdrawn_first:
            self.add("mediation.mediation_rate", d.office, accepted, int(held is not None), 1)

    def closing(self, d: Any) -> None:
        """Count what hangs on closing."""
        at = self.as_of
        accepted, closed, due = day_of(d, "accepted_date", at), day_of(d, "closed_date", at), day_of(d, "close_due")
        channel = name_of(dp.DisputeChannel, d.channel, "DISPUTE_CHANNEL_")
        if accepted is not None:
            if closed is not None and (due is None or closed <= due):
                self.add("mediation.on_time_rate", d.office, closed, 1, 1)
            elif due is not None and (closed is not None or at > due):
                self.add("mediation.on_time_rate", d.office, due, 0, 1)
            if closed is not None:
                self.add("mediation.mean_days", d.office, closed, (closed - accepted).days, 1)
        if closed is None:
            return
        if d.outcome in {dp.DISPUTE_OUTCOME_AGREED, dp.DISPUTE_OUTCOME_FAILED, dp.DISPUTE_OUTCOME_REFUSED_BY_PARTY}:
            kind = name_of(dp.DisputeType, d.type, "DISPUTE_TYPE_")
            agreed = int(d.outcome == dp.DISPUTE_OUTCOME_AGREED)
            self.add("mediation.success_rate", d.office, closed, agreed, 1, type=kind)
        if d.major:
            discussed, expert = day_of(d, "discussed_date", at), day_of(d, "expert_date", at)
            in_time = int(discussed is not None and discussed <= closed)
            self.add("mediation.major_discussion_rate", d.office, closed, in_time, 1)
            invited = int(expert is not None and expert <= closed)
            self.add("mediation.expert_participation_rate", d.office, closed, invited, 1)
        report_due, reported = day_of(d, "feedback_due"), day_of(d, "feedback_date", at)
        if channel in REFERRALS and report_due is not None and (reported is not None or at > report_due):
            in_time = int(reported is not None and reported <= report_due)
            self.add("mediation.feedback_rate", d.office, closed, in_time, 1, channel=channel)

    def after(self, d: Any) -> None:
        """Count what follows."""
        at = self.as_of
        due, done = day_of(d, "fulfilment_due"), day_of(d, "fulfilled_date", at)
        if due is not None and (at > due or (at == due and done is not None)):
            self.add("mediation.fulfilment_rate", d.office, due, int(done is not None), 1)
        self.add("mediation.judicial_confirmations", d.office, day_of(d, "confirmed_date"), 1, 0)
        for number in "12":
            due, made = day_of(d, f"visit{number}_due"), day_of(d, f"visit{number}_date", at)
            in_time = due is not None and made is not None and made <= due
            if due is not None and (at > due or (at == due and in_time)):
                self.add("mediation.return_visit_rate", d.office, due, int(in_time), 1)
        self.add("mediation.escalated_to_crime", d.office, day_of(d, "escalated_crime_date"), 1, 0)
        self.add("mediation.mass_incidents", d.office, day_of(d, "escalated_mass_date"), 1, 0)
        for kind, field in PREVENTED.items():
            self.add("mediation.escalations_prevented", d.office, day_of(d, field), 1, 0, kind=kind)

    def rounds(self) -> None:
        """Count sessions, warnings, reception days, breaches, piece rates paid."""
        for s in self.records("session"):
            venue = name_of(session_pb2.SessionVenue, s.venue, "SESSION_VENUE_")
            self.add("mediation.sessions", s.office, day_of(s, "held_date"), 1, 0, venue=venue)
        for w in self.records("warning"):
            level = name_of(warning_pb2.WarningLevel, w.level, "WARNING_LEVEL_")
            raised = day_of(w, "raised_date", self.as_of)
            self.add("mediation.early_warnings", w.office, raised, 1, 0, level=level)
            settled, closed = day_of(w, "settled_date", self.as_of), day_of(w, "closed_date", self.as_of)
            due = day_of(w, "settle_due")
            if raised is not None and (settled or closed or (due is not None and self.as_of > due)):
                self.add("mediation.warning_settled_rate", w.office, raised, int(settled is not None), 1)
        for r in self.records("reception_day"):
            held = day_of(r, "held_date")
            self.add("mediation.reception_days", r.office, held, 1, 0)
            self.add("mediation.reception_day_lawyer_rate", r.office, held, int(r.lawyers_present > 0), 1)
        for b in self.records("breach"):
            self.add("mediation.conduct_breaches", b.office, day_of(b, "found_date"), 1, 0)
        for s in self.records("piece_rate_statement"):
            self.add("mediation.subsidy_paid", s.office, day_of(s, "paid_date"), s.amount_fen, 0)

    def screening(self) -> None:
        """Count screening rounds by office and month."""
        reports: defaultdict[tuple[str, date | None], list[date]] = defaultdict(list)
        for r in self.records("screening"):
            month, reported = day_of(r, "month_date"), day_of(r, "reported_date", self.as_of)
            if reported is not None:
                self.add("mediation.screened_disputes", r.office, month, r.disputes_found, 0)
                if not r.key_period:
                    reports[r.office, month].append(reported)
        for first, last in months(self.profile.valid_from, self.as_of):
            if last < self.as_of:
                self.screened(first, last, reports)

    def screened(self, first: date, last: date, reports: Mapping[tuple[str, date | None], Sequence[date]]) -> None:
        """Count which offices of a month reported in time: by what the district says, from the last of the month."""
        rule = rule_of(self.profile, "mediation.screening", last)
        due = None if rule is None else last_day(rule, last)
        for office in self.profile.offices:
            given = reports.get((office.code, first), ())
            if exists(office, last) and due is not None and (given or self.as_of > due):
                done = int(any(day <= due for day in given))
                self.add("mediation.screening_rate", office.code, first, done, 1)

    def stocks(self, period: str, at: date) -> None:
        """Count centres, committees, windows, mediators."""
        for c in self.records("centre"):
            if holds(c, at):
                level = name_of(centre_pb2.CentreLevel, c.level, "CENTRE_LEVEL_")
                self.put("mediation.centres", c.office, period, 1, 0, level=level)
        for c in self.records("committee"):
            if holds(c, at):
                kind = name_of(cm.CommitteeKind, c.kind, "COMMITTEE_KIND_")
                self.put("mediation.committees", c.office, period, 1, 0, kind=kind)
                if c.kind == cm.COMMITTEE_KIND_WINDOW:
                    host = name_of(cm.WindowHost, c.host, "WINDOW_HOST_")
                    self.put("mediation.windows", c.office, period, 1, 0, host=host)
        for m in self.records("mediator"):
            if holds(m, at):
                employment = name_of(md.MediatorEmployment, m.employment, "MEDIATOR_EMPLOYMENT_")
                background = name_of(md.MediatorBackground, m.background, "MEDIATOR_BACKGROUND_")
                self.put("mediation.mediators", m.office, period, 1, 0, employment=employment, background=background)

    def shares(self, period: str, at: date) -> None:
        """Count coverage of buildings, places and offices."""
        for b in self.records("building"):
            if holds(b, at):
                group = holds(b, at, "group_from_date", "group_to_date")
                officer = holds(b, at, "officer_from_date", "officer_to_date")
                self.put("mediation.building_coverage", b.office, period, int(group or officer), 1)
        committees = {i: c for i, c in self.whole.named("committee") if holds(c, at)}
        served = {place for c in committees.values() for place in c.places}
        for place in self.profile.places:
            if exists(place, at):
                covered = int(place.code in served)
                self.put("mediation.village_committee_coverage", place.office, period, covered, 1)
        street = {
            i: c.office
            for i, c in committees.items()
            if c.kind in {cm.COMMITTEE_KIND_STREET, cm.COMMITTEE_KIND_TOWNSHIP}
        }
        full = {
            street[m.committee]
            for m in self.records("mediator")
            if holds(m, at) and m.employment == md.MEDIATOR_EMPLOYMENT_FULL_TIME and m.committee in street
        }
        schemes = {s.office for s in self.records("rate_scheme") if holds(s, at)}
        standard = {p.office for p in self.records("premises") if holds(p, at, "reached_date")}
        for office in self.profile.offices:
            if exists(office, at):
                self.put("mediation.full_time_coverage", office.code, period, int(office.code in full), 1)
                self.put("mediation.piece_rate_coverage", office.code, period, int(office.code in schemes), 1)
                self.put("mediation.offices_up_to_standard", office.code, period, int(office.code in standard), 0)
