"""A naive recount of every figure, in plain Python over facts messages; it shares no code with what it checks.

Slow on purpose: for each indicator it walks over all records and writes down the definition of the plan in words of
its own. Dates that lie after the day asked for have not happened; due dates are known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from geju.funds.v1 import fund_entry_pb2 as fe
from geju.mediation.v1 import committee_pb2 as cm
from geju.mediation.v1 import dispute_pb2 as dp
from geju.mediation.v1 import mediator_pb2 as md

DAY = timedelta(days=1)
Key = tuple[str, str, str, str, str]  # indicator, breakdown, key, unit, period
Figures = dict[Key, tuple[int, int]]
Store = Mapping[str, Mapping[str, Any]]  # facts (of correction also records) by kind and record id


def day_of(message: Any, field: str, as_of: date | None = None) -> date | None:
    """Read a date; with `as_of`, a later one has not happened."""
    value = getattr(message, field)
    if value.year == 0:
        return None
    found = date(value.year, value.month, value.day)
    return None if as_of is not None and found > as_of else found


def name_of(enum: Any, number: int, prefix: str) -> str:
    """Return "wages" for DISPUTE_TYPE_WAGES."""
    return enum.Name(number)[len(prefix) :].lower()


def months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Give first and last day of every month from that of `first` to that of `last`."""
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        following = date(year + month // 12, month % 12 + 1, 1)
        yield date(year, month, 1), following - DAY
        year, month = following.year, following.month


def periods(day: date) -> tuple[str, str, str]:
    """Return the month, quarter and year of a day."""
    return f"{day:%Y-%m}", f"{day.year}-Q{(day.month - 1) // 3 + 1}", f"{day.year}"


def spans(first: date, last: date) -> Mapping[str, tuple[date, date]]:
    """Give the first and the last day of every month, quarter and year from a day on, none after `last`."""
    found: dict[str, tuple[date, date]] = {}
    for begin, end in months(first, last):
        for period, length in zip(periods(begin), (1, 3, 12), strict=True):
            start = date(begin.year, (begin.month - 1) // length * length + 1, 1)
            found[period] = start, min(end, last)
    return found


class Recount:
    """Figures as of a day, from the latest facts of every record and the profile."""

    def __init__(self, store: Store, profile: Any, as_of: date) -> None:
        self.store, self.profile, self.as_of = store, profile, as_of
        self.found: defaultdict[Key, list[int]] = defaultdict(lambda: [0, 0])

    def figures(self) -> Figures:
        """Count everything; figures with neither n nor N are left out."""
        for count in (self.disputes, self.rounds, self.money, self.screening, self.registers):
            count()
        # They are built on this module.
        from tests.support.recount_correction import CorrectionCount  # noqa: PLC0415
        from tests.support.recount_legalservices import LegalServicesCount  # noqa: PLC0415
        from tests.support.recount_publicity import PublicityCount  # noqa: PLC0415
        from tests.support.recount_records import as_facts  # noqa: PLC0415

        self.store = as_facts(self.store, self.profile)
        CorrectionCount(self).count()
        LegalServicesCount(self).count()
        PublicityCount(self).count()
        self.growth()
        return {key: (n, total) for key, (n, total) in self.found.items() if n or total}

    def records(self, kind: str) -> Iterable[Any]:
        """Give the facts of a kind that are not deleted."""
        return [facts for facts in self.store.get(kind, {}).values() if not facts.deleted]

    def add(self, code: str, office: str, when: date | None, n: int, total: int, **by: str) -> None:
        """Add to the month, quarter and year of a day that has come, for the office and the district."""
        if when is None or when > self.as_of:
            return
        for breakdown, key in [("", ""), *by.items()]:
            for unit in (office, ""):
                for period in periods(when):
                    self.found[code, breakdown, key, unit, period][0] += n
                    self.found[code, breakdown, key, unit, period][1] += total

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
        """Count sessions, warnings, reception days, breaches."""
        from geju.mediation.v1 import session_pb2, warning_pb2  # noqa: PLC0415

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

    def money(self) -> None:
        """Count piece rates paid and the funds."""
        for s in self.records("piece_rate_statement"):
            self.add("mediation.subsidy_paid", s.office, day_of(s, "paid_date"), s.amount_fen, 0)
        for e in self.records("fund_entry"):
            entered = day_of(e, "entry_date", self.as_of)
            if entered is None:
                continue
            year, fen = date(e.year, 1, 1) if e.year else None, e.amount_fen
            if e.kind == fe.FUND_ENTRY_KIND_BUDGET:
                self.add("funds.budget", e.office, year, fen, 0, earmark=e.earmark)
                self.add("funds.execution_rate", e.office, year, 0, fen, earmark=e.earmark)
            if e.kind == fe.FUND_ENTRY_KIND_SPENDING:
                self.add("funds.spent", e.office, entered, fen, 0, earmark=e.earmark)
                self.add("funds.execution_rate", e.office, year, fen, 0, earmark=e.earmark)

    def screening(self) -> None:
        """Count screening rounds by office and month."""
        rounds = list(self.records("screening"))
        for r in rounds:
            month = day_of(r, "month_date")
            if day_of(r, "reported_date", self.as_of) is not None:
                self.add("mediation.screened_disputes", r.office, month, r.disputes_found, 0)
        for first, last in months(self.profile.valid_from, self.as_of):
            if last >= self.as_of:
                continue
            due = last + timedelta(days=5)
            for office in self.profile.offices:
                if not office.valid_from <= last or (office.valid_to is not None and office.valid_to < last):
                    continue
                reports = [
                    day_of(r, "reported_date", self.as_of)
                    for r in rounds
                    if r.office == office.code and not r.key_period and day_of(r, "month_date") == first
                ]
                given = [day for day in reports if day is not None]
                if given or self.as_of > due:
                    done = int(any(day <= due for day in given))
                    self.add("mediation.screening_rate", office.code, first, done, 1)

    def registers(self) -> None:
        """Count what is in force at the end of each period."""
        moments: dict[str, date] = {}
        for first, last in months(self.profile.valid_from, self.as_of):
            for period in periods(first):
                moments[period] = min(last, self.as_of)
        for period, at in moments.items():
            self.stocks(period, at)
            self.shares(period, at)

    def put(self, code: str, office: str, period: str, n: int, total: int, **by: str) -> None:
        """Add to one period for the office and the district."""
        for breakdown, key in [("", ""), *by.items()]:
            for unit in (office, ""):
                self.found[code, breakdown, key, unit, period][0] += n
                self.found[code, breakdown, key, unit, period][1] += total

    def stocks(self, period: str, at: date) -> None:
        """Count centres, committees, windows, mediators."""
        from geju.mediation.v1 import centre_pb2  # noqa: PLC0415

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
        committees = {i: c for i, c in self.store.get("committee", {}).items() if not c.deleted and holds(c, at)}
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

    def growth(self) -> None:
        """Compare each year's budget with that of the year before."""
        budgets = {key: n for key, (n, _) in self.found.items() if key[0] == "funds.budget" and len(key[4]) == 4}
        for (_, breakdown, key, unit, year), before in budgets.items():
            following = f"{int(year) + 1:04d}"
            if before and int(following) <= self.as_of.year:
                now = budgets.get(("funds.budget", breakdown, key, unit, following), 0)
                self.found["funds.budget_growth", breakdown, key, unit, following] = [now - before, before]


def holds(record: Any, at: date, begin: str = "from_date", end: str = "to_date") -> bool:
    """Tell whether a record is in force on a day, its last day included."""
    first, last = day_of(record, begin), day_of(record, end)
    return first is not None and first <= at and (last is None or last >= at)


def exists(entry: Any, at: date) -> bool:
    """Tell whether an office or place exists on a day."""
    return bool(entry.valid_from <= at and (entry.valid_to is None or at <= entry.valid_to))


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
recount: Callable[[Store, Any, date], Figures] = lambda store, profile, as_of: Recount(store, profile, as_of).figures()  # noqa: E731
