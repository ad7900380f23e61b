"""A naive recount of what is counted of legal aid: applications, cases, practitioners, stations.

Plain loops over records, every definition written down once more in words of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import zip_longest
from typing import Any

from geju.funds.v1 import fund_entry_pb2 as fe
from geju.legalaid.v1 import aid_case_pb2 as ap
from geju.legalaid.v1 import aid_survey_answer_pb2 as sp
from geju.legalaid.v1 import consultation_pb2 as cp
from geju.legalaid.v1 import station_pb2
from geju.legalservices.v1 import practitioner_pb2 as pp

from services.recount.counting import Tally, day_of, exists, holds, months, name_of, periods

AREA = "legalaid."
#: The store's own name for the fund entries that the service of legal aid keeps; a fund entry does not say whose it is.
OWN_FUNDS = "fund_entry of geju/legalaid"
LICENSED = ("licensed_from_date", "licensed_to_date")
NOTIFIED = {"notified_defence", "notified_representation"}
KEY_GROUPS = {"minor", "disabled", "elderly", "woman", "farmer", "migrant_resident", "migrant_worker"}


class LegalAidCount:
    """Adds the figures of legal aid to a recount."""

    def __init__(self, whole: Tally) -> None:
        self.whole, self.as_of = whole, whole.as_of

    def count(self) -> None:
        """Count everything."""
        for c in self.whole.records("aid_case"):
            self.application(c)
            self.assignment(c)
            self.case(c)
        self.growth()
        self.others()
        for period, (start, at) in self.whole.spans().items():
            self.registers(period, at)
            if len(period) == 4:
                self.duty(period, start, at)

    def add(self, code: str, record: Any, day: date | None, n: int = 1, total: int = 0, **by: str) -> None:
        """Add a record at a date."""
        self.whole.add(AREA + code, record.office, day, n, total, **by)

    def done(self, record: Any, field: str) -> date | None:
        """Return the day of something that has happened."""
        return day_of(record, field, self.as_of)

    def application(self, c: Any) -> None:
        """Count an application as it comes in and is decided; a notice is none."""
        received, decided, granted = (self.done(c, f"{f}_date") for f in ("received", "decided", "granted"))
        if c.through_green_channel:
            self.add("green_channel_cases", c, received)
        if name_of(ap.AidPath, c.path, "AID_PATH_") in NOTIFIED:
            return
        if decided is not None:
            through = str(c.through_green_channel).lower()
            self.add("mean_review_days", c, decided, c.review_days, 1, green_channel=through)
            corrected = self.done(c, "objection_decided_date") is not None
            wrong = corrected and c.objection_outcome == ap.OBJECTION_OUTCOME_OVERTURNED
            if c.eligible and granted is not None:
                self.add("grant_rate", c, decided, int(not wrong), 1)
        due = day_of(c, "review_due")
        left = [day for f in ("withdrawn_date", "transferred_date") if (day := self.done(c, f)) is not None]
        nothing_owed = decided is None and bool(left) and (due is None or min(left) <= due)
        if not nothing_owed:
            self.limit("review_on_time_rate", c, decided, due)

    def limit(self, code: str, c: Any, done: date | None, due: date | None) -> None:
        """Count in time where it was done, and late where the limit ended."""
        if done is not None and (due is None or done <= due):
            self.add(code, c, done, 1, 1)
        elif due is not None and due < self.as_of:
            self.add(code, c, due, 0, 1)

    def assignment(self, c: Any) -> None:
        """Count whether the first handler was assigned in time; what ended before that owed none."""
        assigned, due, ended = self.done(c, "first_assigned_date"), day_of(c, "assign_due"), self.done(c, "ended_date")
        if assigned is not None or ended is None or (due is not None and ended > due):
            self.limit("assigned_on_time_rate", c, assigned, due)

    def case(self, c: Any) -> None:
        """Count a case as it is granted, closed and rated."""
        granted = self.done(c, "granted_date")
        kind, matter = name_of(ap.AidKind, c.kind, "AID_KIND_"), name_of(ap.AidMatter, c.matter, "AID_MATTER_")
        self.add("accepted", c, granted, kind=kind, matter=matter)
        if matter in {"work_injury", "unpaid_wages"}:
            self.add("key_matter_cases", c, granted, matter=matter)
        groups = {name_of(ap.AidGroup, group, "AID_GROUP_") for group in c.groups} & KEY_GROUPS
        if groups:
            self.add("key_group_cases", c, granted)
        for group in groups:
            self.whole.under(f"{AREA}key_group_cases", c.office, granted, 1, group=group)
        closed = self.done(c, "closed_date")
        self.add("recovered_amount", c, closed, c.recovered_fen)
        if kind == "civil":
            self.add("pre_litigation_settlement_rate", c, closed, int(c.settled_before_litigation), 1)
        if c.grade:
            self.add("quality_pass_rate", c, self.done(c, "rated_date"), int(c.grade != ap.FILE_GRADE_FAIL), 1)

    def growth(self) -> None:
        """Compare the cases of every period that has begun with those of the year before."""
        accepted = {key[1:]: n for key, (n, _) in self.whole.found.items() if key[0] == f"{AREA}accepted"}
        begun = {period for first, _ in months(date(2009, 1, 1), self.as_of) for period in periods(first)}
        for (breakdown, key, unit, period), before in accepted.items():
            following = f"{int(period[:4]) + 1:04d}{period[4:]}"
            if before and following in begun:
                now = accepted.get((breakdown, key, unit, following), 0)
                where = (f"{AREA}accepted_growth", breakdown, key, unit, following)
                self.whole.found[where] = [now - before, before]

    def others(self) -> None:
        """Count what was done on a day beside cases."""
        for c in self.whole.records("consultation"):
            channel = name_of(cp.ConsultationChannel, c.channel, "CONSULTATION_CHANNEL_")
            self.add("consultations", c, day_of(c, "held_date"), channel=channel)
        for s in self.whole.records("volunteer_shift"):
            self.add("volunteer_shifts", s, day_of(s, "served_date"))
        for r in self.whole.records("fee_relief"):
            self.add("fee_relief_cases", r, day_of(r, "granted_date"))
        for a in self.whole.records("aid_survey_answer"):
            opinion = name_of(sp.AidSatisfaction, a.satisfaction, "AID_SATISFACTION_")
            if opinion != "unspecified":
                pleased = int(opinion in {"very_satisfied", "satisfied"})
                self.add("satisfaction_rate", a, day_of(a, "answered_date"), pleased, 1)
        for e in self.whole.records(OWN_FUNDS):
            if e.kind == fe.FUND_ENTRY_KIND_DONATION:
                self.add("donations", e, day_of(e, "entry_date"), e.amount_fen)

    def put(self, code: str, office: str, period: str, n: int, total: int, **by: str) -> None:
        """Add to one period."""
        self.whole.put(AREA + code, office, period, n, total, **by)

    def registers(self, period: str, at: date) -> None:
        """Count stations and volunteers there are, and places from which a station is within an hour."""
        stations = {i: s for i, s in self.whole.named("station") if holds(s, at)}
        for s in stations.values():
            kind = name_of(station_pb2.StationKind, s.kind, "STATION_KIND_")
            self.put("stations", s.office, period, 1, 0, kind=kind)
        for v in self.whole.records("aid_volunteer"):
            if holds(v, at):
                self.put("volunteers", v.office, period, 1, 0)
        ways = [t for t in self.whole.records("travel_time") if holds(t, at) and t.station in stations]
        near = {t.place for t in ways if t.minutes <= 60}
        for place in self.whole.profile.places:
            if exists(place, at):
                self.put("one_hour_coverage", place.office, period, int(place.code in near), 1)

    def duty(self, period: str, start: date, at: date) -> None:
        """Count who of those licensed on a day of a year, so far, had a case by now."""
        for number, p in self.whole.named("practitioner"):
            first, last = (day_of(p, field) for field in LICENSED)
            there = first is not None and first <= at and (last is None or last >= max(start, first))
            if not there or p.kind not in {pp.PRACTITIONER_KIND_LAWYER, pp.PRACTITIONER_KIND_GRASSROOTS}:
                continue
            handled = any(begin <= at and end >= start for begin, end in self.terms.get(number, ()))
            self.put("practitioner_duty_rate", p.office, period, int(handled), 1)

    @cached_property
    def terms(self) -> Mapping[str, Sequence[tuple[date, date]]]:
        """From when to when cases that were granted were a practitioner's."""
        found: defaultdict[str, list[tuple[date, date]]] = defaultdict(list)
        for c in self.whole.records("aid_case"):
            for who, first, last in terms(c) if self.done(c, "granted_date") is not None else ():
                found[who].append((first, last))
        return found


def terms(c: Any) -> Iterator[tuple[str, date, date]]:
    """Give from when to when a case was whose."""
    begins = [day for f in ("provided_date", "first_assigned_date") if (day := day_of(c, f)) is not None]
    began, assigned = min(begins, default=None), day_of(c, "assigned_date")
    ends = [day for f in ("closed_date", "ended_date") if (day := day_of(c, f)) is not None]
    found = [(c.practitioner, assigned if c.former_practitioner else began, min(ends, default=None))]
    found += zip_longest(c.former_practitioner, c.former_from_date, c.former_until_date)
    for who, first, last in found:
        if who and first is not None:
            yield who, first, last or date.max
