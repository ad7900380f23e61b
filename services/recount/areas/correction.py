"""A naive recount of what is counted of persons under correction and of released persons.

Plain loops over records, every definition written down once more in words of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from geju.correction.v1 import correction_officer_pb2 as op
from geju.correction.v1 import duty_pb2 as dp
from geju.correction.v1 import help_act_pb2 as hp
from geju.correction.v1 import measure_pb2 as mp
from geju.correction.v1 import placement_pb2 as pp
from geju.correction.v1 import released_person_pb2 as rp
from geju.correction.v1 import resettlement_base_pb2 as bp
from geju.correction.v1 import supervised_person_pb2 as sp

from services.recount.counting import DAY, Tally, day_of, holds, name_of

DUTIES = {
    dp.DUTY_KIND_REPORT: ("correction.reporting_rate", "met_due"),
    dp.DUTY_KIND_ASSESSMENT: ("correction.assessment_rate", "met_due"),
    dp.DUTY_KIND_EDUCATION: ("correction.education_rate", "month_date"),
    dp.DUTY_KIND_COMMUNITY_WORK: ("correction.community_work_rate", "month_date"),
}
OF_PERSONS = ("duty", "absconding", "new_offence", "helping_agreement", "placement", "lost_contact", "released_visit")
NO_VIOLATION = {mp.MEASURE_KIND_UNSPECIFIED, mp.MEASURE_KIND_PRAISE, mp.MEASURE_KIND_PROPOSE_COMMUTE}


class CorrectionCount:
    """Adds the figures of correction and resettlement to a recount."""

    def __init__(self, whole: Tally) -> None:
        self.whole, self.as_of = whole, whole.as_of
        kinds = (
            "duty",
            "absconding",
            "new_offence",
            "helping_agreement",
            "placement",
            "lost_contact",
            "released_visit",
        )
        self.of = {kind: whole.by("person", kind) for kind in kinds}

    def some(self, kind: str, person: str, test: Callable[[Any], bool]) -> bool:
        """Tell whether a person has any record of a kind of which something is true."""
        return any(test(record) for record in self.of[kind].get(person, ()))

    def count(self) -> None:
        """Count everything."""
        self.handover()
        self.duties()
        self.acts()
        self.released()
        for period, (start, at) in self.whole.spans().items():
            self.registers(period, start, at)

    def handover(self) -> None:
        """Count who came, who left, who came in time and who never came."""
        for _, p in self.whole.named("supervised_person"):
            taken, due = day_of(p, "taken_over_date", self.as_of), day_of(p, "report_due")
            sentence = name_of(sp.SentenceKind, p.sentence, "SENTENCE_KIND_")
            ground = name_of(sp.EndGround, p.end_ground, "END_GROUND_")
            self.whole.add("correction.received", p.office, taken, 1, 0, sentence=sentence)
            self.whole.add("correction.ended", p.office, day_of(p, "ended_date"), 1, 0, ground=ground)
            if due is None:
                continue
            if taken is not None or self.as_of > due:
                in_time = int(taken is not None and taken <= due)
                self.whole.add("correction.handover_on_time_rate", p.office, due, in_time, 1)
            if taken is not None or (self.as_of - due).days > 30:
                lost = int(taken is None or (taken - due).days > 30)
                self.whole.add("correction.missed_handover_rate", p.office, due, lost, 1)

    def duties(self) -> None:
        """Count what was owed and is done or overdue."""
        for d in self.whole.records("duty"):
            if d.kind not in DUTIES or d.excuse:
                continue
            code, when = DUTIES[d.kind]
            met, due = day_of(d, "met_date", self.as_of), day_of(d, "met_due")
            if met is not None or (due is not None and self.as_of > due):
                in_time = int(met is not None and due is not None and met <= due)
                self.whole.add(code, d.office, day_of(d, when), in_time, 1)

    def acts(self) -> None:
        """Count measures, help, meetings, drills."""
        for m in self.whole.records("measure"):
            if m.kind not in NO_VIOLATION and m.state in {mp.Measure.STATE_DECIDED, mp.Measure.STATE_ANSWERED}:
                kind = name_of(mp.MeasureKind, m.kind, "MEASURE_KIND_")
                self.whole.add("correction.violations", m.office, day_of(m, "decided_date"), 1, 0, kind=kind)
        for h in self.whole.records("help_act"):
            if not h.released:
                kind = name_of(hp.HelpKind, h.kind, "HELP_KIND_")
                self.whole.add("correction.help_given", h.office, day_of(h, "given_date"), 1, 0, kind=kind)
        for meeting in self.whole.records("member_unit_meeting"):
            held = day_of(meeting, "held_date")
            self.whole.add("correction.member_unit_meetings", meeting.office, held, 1, 0)
        for drill in self.whole.records("emergency_drill"):
            self.whole.add("correction.emergency_drills", drill.office, day_of(drill, "held_date"), 1, 0)

    def released(self) -> None:
        """Count what became of those released, and what was paid and asked."""
        for _, r in self.whole.named("released_person"):
            released, due = day_of(r, "released_date"), day_of(r, "link_due")
            linked, convicted = day_of(r, "linked_date", self.as_of), day_of(r, "convicted_date", self.as_of)
            self.whole.add("resettlement.reoffending_rate", r.office, released, int(convicted is not None), 1)
            if linked is not None or (due is not None and self.as_of > due):
                in_time = int(linked is not None and due is not None and linked <= due)
                self.whole.add("resettlement.handover_rate", r.office, released, in_time, 1)
        for g in self.whole.records("transition_grant"):
            self.whole.add("resettlement.transition_grants", g.office, day_of(g, "paid_date"), g.amount_fen, 0)
        for job in self.whole.records("placement"):
            half_year, left = day_of(job, "six_months_due"), day_of(job, "to_date", self.as_of)
            if job.kind == pp.PLACEMENT_KIND_JOB and half_year is not None:
                kept = int(left is None or left >= half_year)
                self.whole.add("resettlement.employment_rate", job.office, half_year, kept, 1)
        for s in self.whole.records("situation_survey"):
            self.whole.add("resettlement.survey_coverage", s.office, day_of(s, "closed_date"), s.answers, s.sample)

    def registers(self, period: str, start: date, at: date) -> None:
        """Count what is in force at the end of a period, and who was there on any day of it."""
        for number, p in self.whole.named("supervised_person"):
            self.supervised(number, p, period, at)
            self.lost(number, p, period, start, at)
        for a in self.whole.records("absconding"):
            # Not by the first day: how long whereabouts may be unknown is the district's to say.
            due, found = day_of(a, "unknown_due"), day_of(a, "to_date", at)
            if due is not None and due < at and (found is None or found >= at):
                self.whole.put("correction.out_of_control", a.office, period, 1, 0)
        for officer in self.whole.records("correction_officer"):
            if holds(officer, at) and officer.kind in {op.OFFICER_KIND_FULL_TIME, op.OFFICER_KIND_SOCIAL_WORKER}:
                self.whole.put("correction.officers_ratio", officer.office, period, 100, 0)
        for volunteer in self.whole.records("correction_volunteer"):
            if holds(volunteer, at):
                self.whole.put("correction.volunteers", volunteer.office, period, 1, 0)
        for number, r in self.whole.named("released_person"):
            self.registered(number, r, period, at)
        self.bases(period, at)

    def supervised(self, number: str, p: Any, period: str, at: date) -> None:
        """Count a person under correction on the day, and whether a key person's contacts were all made."""
        if not holds(p, at, "taken_over_date", "ended_date"):
            return
        sentence = name_of(sp.SentenceKind, p.sentence, "SENTENCE_KIND_")
        self.whole.put("correction.supervised", p.office, period, 1, 0, sentence=sentence)
        self.whole.put("correction.officers_ratio", p.office, period, 0, 1)
        if holds(p, at, "key_from_date", "key_to_date"):
            missing = self.some("duty", number, lambda duty: is_missing(duty, at))
            self.whole.put("correction.key_person_control_rate", p.office, period, int(not missing), 1)

    def lost(self, number: str, p: Any, period: str, start: date, at: date) -> None:
        """Count a person once who was under correction on any day of the period."""
        taken, ended = day_of(p, "taken_over_date"), day_of(p, "ended_date")
        if taken is None or taken > at or (ended is not None and ended < max(start, taken)):
            return

        def away(a: Any) -> bool:
            begun, back = day_of(a, "from_date"), day_of(a, "to_date")
            if begun is None or begun > at:
                return False
            return back is None or (back >= start and back >= begun)

        def offended(o: Any) -> bool:
            committed = day_of(o, "committed_date")
            return committed is not None and start <= committed <= at and not o.released

        absconded, again = self.some("absconding", number, away), self.some("new_offence", number, offended)
        self.whole.put("correction.absconding_rate", p.office, period, int(absconded), 1)
        self.whole.put("correction.reoffending_rate", p.office, period, int(again), 1)

    def registered(self, number: str, r: Any, period: str, at: date) -> None:
        """Count a released person on the books at each end, and once in the district."""
        opened, ends = day_of(r, "registered_date"), (day_of(r, "closed_date"), day_of(r, "five_years_due"))
        if opened is None or opened > at or any(end is not None and end < at for end in ends):
            return
        household = name_of(rp.HouseholdKind, r.household, "HOUSEHOLD_KIND_")
        self.whole.at_both("resettlement.registered", r, period, 1, 0, household=household)
        for name, counted in self.shares(number, r, at).items():
            if counted is not None:
                self.whole.at_both(f"resettlement.{name}", r, period, int(counted), 1)

    def shares(self, number: str, r: Any, at: date) -> Mapping[str, bool | None]:
        """Tell of every share whether a person on the books is in it; None: cannot be or is not yet asked."""
        helped = self.some("helping_agreement", number, lambda a: holds(a, at))
        paired = self.some("helping_agreement", number, lambda a: holds(a, at) and a.helpers > 0)
        placed = self.some("placement", number, lambda one: holds(one, at))
        visited = self.some("released_visit", number, lambda v: was(v, "visit_date", at))
        fresh = self.some("released_visit", number, lambda v: until(v, "visit_date", "next_visit_due", at))
        seen = self.some("released_visit", number, lambda v: until(v, "visit_date", "confirmed_due", at))
        linked, first, young = day_of(r, "linked_date", at), day_of(r, "first_visit_due"), day_of(r, "youth_due")
        known = seen or (linked is not None and (at - linked).days <= 90)
        asked = visited or (first is not None and first < at)
        key = holds(r, at, "key_from_date", "key_to_date")
        return {
            "help_rate": helped,
            "placement_rate": placed if r.placeable else None,
            "visit_fresh_rate": fresh if asked else None,
            "tracking_rate": known,
            "lost_rate": self.some("lost_contact", number, lambda one: holds(one, at)),
            "key_person_control_rate": fresh if asked and key else None,
            "dual_listing_rate": was(r, "listed_date", at) if r.separated else None,
            "youth_pairing_rate": paired if young is not None and young >= at else None,
            "three_none_placement_rate": placed if r.three_none else None,
        }

    def bases(self, period: str, at: date) -> None:
        """Count bases, their places and who takes them."""
        for b in self.whole.records("resettlement_base"):
            if holds(b, at):
                kind = name_of(bp.BaseKind, b.kind, "BASE_KIND_")
                self.whole.put("resettlement.bases", b.office, period, 1, 0, kind=kind)
                self.whole.put("resettlement.base_places", b.office, period, 0, b.places, kind=kind)
        for stay in self.whole.records("base_stay"):
            if holds(stay, at):
                kind = name_of(bp.BaseKind, stay.kind, "BASE_KIND_")
                self.whole.put("resettlement.base_places", stay.office, period, 1, 0, kind=kind)


def is_missing(duty: Any, at: date) -> bool:
    """Tell whether a contact of the stricter schedule is overdue on a day: not made yet, and for 30 days at most."""
    due, met = day_of(duty, "met_due"), day_of(duty, "met_date")
    if due is None or not duty.stricter or duty.excuse:
        return False
    return due < at <= due + 30 * DAY and (met is None or at < met)


def was(record: Any, field: str, at: date) -> bool:
    """Tell whether something has happened by a day."""
    return day_of(record, field, at) is not None


def until(record: Any, since: str, last: str, at: date) -> bool:
    """Tell whether a day lies between two days that are both known."""
    begun, end = day_of(record, since), day_of(record, last)
    return begun is not None and end is not None and begun <= at <= end
