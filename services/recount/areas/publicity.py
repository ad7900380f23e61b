"""A naive recount of what is counted of publicity: activities and whom they reached, places, organisations.

Plain loops over records, every definition written down once more in words of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from geju.publicity.v1 import activity_pb2 as ap
from geju.publicity.v1 import exam_pb2 as xp
from geju.publicity.v1 import facility_pb2 as fp
from geju.publicity.v1 import material_handout_pb2 as hp
from geju.publicity.v1 import news_item_pb2 as np
from geju.publicity.v1 import study_session_pb2 as sp

from services.recount.counting import Tally, day_of, existed, exists, holds, name_of

AREA = "publicity."
AUDIENCE = (
    "officials", "pupils", "staff", "villagers", "residents", "migrants", "elderly", "women_children", "disabled",
    "released",
)  # fmt: skip
PLAN, REST = "plan_date", ("hours_date", "textbooks_date", "teachers_date", "begins_date")
OWN_STUDIES = {"village": sp.STUDY_ORGANISATION_VILLAGE, "community": sp.STUDY_ORGANISATION_COMMUNITY}


class PublicityCount:
    """Adds the figures of publicity to a recount."""

    def __init__(self, whole: Tally) -> None:
        self.whole, self.as_of = whole, whole.as_of

    def count(self) -> None:
        """Count everything."""
        for activity in self.whole.records("activity"):
            self.activity(activity)
        self.handed_out()
        self.exams()
        for period, (start, at) in self.whole.spans().items():
            self.coverage(period, at)
            self.registers(period, at)
            if len(period) == 4:
                self.yearly(period, start, at)

    def add(self, code: str, record: Any, field: str, n: int = 1, total: int = 0, **by: str) -> None:
        """Add a record at a date of its own."""
        self.whole.add(AREA + code, record.office, day_of(record, field), n, total, **by)

    def under(self, code: str, record: Any, field: str, n: int, **by: str) -> None:
        """Add a record to keys of a breakdown only."""
        self.whole.under(AREA + code, record.office, day_of(record, field), n, **by)

    def activity(self, a: Any) -> None:
        """Count an activity and whom it reached."""
        form = name_of(ap.ActivityForm, a.form, "ACTIVITY_FORM_")
        venue = name_of(ap.ActivityVenue, a.venue, "ACTIVITY_VENUE_")
        channel = name_of(ap.ActivityChannel, a.channel, "ACTIVITY_CHANNEL_")
        self.add("activities", a, "held_date", form=form, venue=venue, channel=channel)
        for topic in set(a.topics):
            key = name_of(ap.ActivityTopic, topic, "ACTIVITY_TOPIC_")
            self.under("activities", a, "held_date", 1, topic=key)
        if a.campaign:
            campaign = name_of(ap.Campaign, a.campaign, "CAMPAIGN_")
            self.add("campaign_activities", a, "held_date", campaign=campaign)
        reached = {group: getattr(a, group) for group in AUDIENCE}
        self.add("audience", a, "held_date", a.people or sum(reached.values()))
        for group, people in reached.items():
            self.under("audience", a, "held_date", people, group=group)
        self.add("migrant_audience", a, "held_date", reached["migrants"])

    def handed_out(self) -> None:
        """Count materials and news."""
        for h in self.whole.records("material_handout"):
            self.add(
                "materials", h, "handed_out_date", h.copies, kind=name_of(hp.MaterialKind, h.kind, "MATERIAL_KIND_")
            )
        for item in self.whole.records("news_item"):
            self.add("news_items", item, "published_date", medium=name_of(np.NewsMedium, item.medium, "NEWS_MEDIUM_"))

    def exams(self) -> None:
        """Count those who had to sit, sat and passed; an exam that nobody had to sit or sat is none."""
        for x in self.whole.records("exam"):
            grade = name_of(xp.ExamGrade, x.grade, "EXAM_GRADE_")
            if x.had_to_sit:
                self.add("exam_participation_rate", x, "held_date", x.sat, x.had_to_sit, grade=grade)
            if x.sat:
                self.add("exam_pass_rate", x, "held_date", x.passed, x.sat, grade=grade)

    def put(self, code: str, office: str, period: str, n: int, total: int) -> None:
        """Add to one period."""
        self.whole.put(AREA + code, office, period, n, total)

    def coverage(self, period: str, at: date) -> None:
        """Count which offices, communities and markets have their facility, and what there is for the young."""
        used = [f for f in self.whole.records("facility") if holds(f, at)]
        stations = {f.office for f in used if f.kind == fp.FACILITY_KIND_COUNSELLING_STATION}
        boards = {f.place for f in used if f.kind == fp.FACILITY_KIND_NOTICE_BOARD}
        libraries = {f.place for f in used if f.kind == fp.FACILITY_KIND_LAW_LIBRARY}
        guides = {f.market for f in used if f.kind == fp.FACILITY_KIND_GUIDE_BOARD}
        for office in self.whole.profile.offices:
            if exists(office, at):
                self.put("counselling_station_coverage", office.code, period, int(office.code in stations), 1)
        for place in self.whole.profile.places:
            if place.kind == "community" and exists(place, at):
                self.put("notice_board_coverage", place.office, period, int(place.code in boards), 1)
                self.put("law_library_coverage", place.office, period, int(place.code in libraries), 1)
        for number, market in self.whole.named("market"):
            if market.large and holds(market, at):
                self.put("market_guide_coverage", market.office, period, int(number in guides), 1)
        for f in used:
            of_young = f.kind in {fp.FACILITY_KIND_YOUTH_BASE, fp.FACILITY_KIND_YOUTH_LAW_SCHOOL}
            self.put("youth_bases", f.office, period, int(of_young), 0)

    def registers(self, period: str, at: date) -> None:
        """Count enterprises in the programme, and schools that have all four in the school year of the day."""
        for e in self.whole.records("enterprise"):
            if holds(e, at) and holds(e, at, "sized_from_date", "sized_to_date"):
                joined = holds(e, at, "programme_from_date", "programme_to_date")
                self.put("integrity_enterprise_rate", e.office, period, int(joined), 1)
        ready = set()
        for y in self.whole.records("school_year"):
            ends = day_of(y, "ends_date")
            if ends is not None and at <= ends and all(day_of(y, field, at) is not None for field in (PLAN, *REST)):
                ready.add(y.school)
        for number, school in self.whole.named("school"):
            if holds(school, at):
                self.put("school_four_in_place_rate", school.office, period, int(number in ready), 1)

    def yearly(self, period: str, start: date, at: date) -> None:
        """Count who of those there in a year, so far, studied and educated by now."""
        for code, owed, owing in (
            ("cadre_study_rate", 4, self.obliged),
            ("enterprise_education_rate", 1, self.educating),
        ):
            for office, done in owing(start, at):
                self.put(code, office, period, int(done >= owed), 1)

    def held(self, kind: str, start: date, at: date) -> Iterator[Any]:
        """Give the sessions of a kind that were held from a day to a day."""
        for record in self.whole.records(kind):
            held = day_of(record, "held_date")
            if held is not None and start <= held <= at:
                yield record

    def obliged(self, start: date, at: date) -> Iterator[tuple[str, int]]:
        """Give streets, townships, villages and communities of a year: office, studies held."""
        held = list(self.held("study_session", start, at))
        of_streets = Counter(s.office for s in held if s.organisation == sp.STUDY_ORGANISATION_STREET)
        of_places = Counter((s.place, s.organisation) for s in held)
        for office in self.whole.profile.offices:
            if existed(office, start, at):
                yield office.code, of_streets[office.code]
        for place in self.whole.profile.places:
            if existed(place, start, at):
                yield place.office, of_places[place.code, OWN_STUDIES[place.kind]]

    def educating(self, start: date, at: date) -> Iterator[tuple[str, int]]:
        """Give enterprises of a year: office, sessions held."""
        held = Counter(session.enterprise for session in self.held("education_session", start, at))
        for number, e in self.whole.named("enterprise"):
            first, last = day_of(e, "from_date"), day_of(e, "to_date")
            if first is not None and first <= at and (last is None or last >= max(start, first)):
                yield e.office, held[number]
