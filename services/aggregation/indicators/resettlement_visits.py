"""Whether released persons are visited at the interval of their class, and known to be somewhere (走访、动态掌控)."""

from __future__ import annotations

from datetime import date

from geju.correction.v1.facts_pb2 import ReleasedVisitFacts
from sqlalchemy import ColumnElement, Date, false, func, literal, null, select

from services.aggregation.indicator import Better, Condition, Task, Work
from services.aggregation.indicators.resettlement_persons import THIS, of_registered, r, share
from services.aggregation.sql import AS_OF, covered, in_force, plus
from services.aggregation.tables import facts_table

VISIT = facts_table(ReleasedVisitFacts)
v = VISIT.c
# Whereabouts confirmed when the office linked up with the person, or at a visit, are known for so many days.
CONFIRMED_DAYS = 90
NEVER = date(9999, 12, 31)
FOR_GOOD: ColumnElement[date] = null().cast(Date)
OF_THIS = (v.person == THIS, ~v.deleted)

visited_in_time = Condition(
    covered((v.visit_date, v.next_visit_due), where=(*OF_THIS, v.next_visit_due.is_not(None))),
    "visit_overdue",
    "未按期走访",
)
# Until the first visit is due, nothing can be said of somebody who was not visited yet.
visit_called_for = Condition(
    covered((v.visit_date, FOR_GOOD), where=OF_THIS) | (r.first_visit_due < AS_OF),
    "first_visit_not_due",
    "首次走访期限未到",
)
confirmed = Condition(
    covered((v.visit_date, v.confirmed_due), where=(*OF_THIS, v.confirmed_due.is_not(None)))
    | ((r.linked_date <= AS_OF) & (plus(r.linked_date, CONFIRMED_DAYS) >= AS_OF)),
    "not_confirmed",
    "90日内未确认去向",
)
key_person = Condition(in_force(r.key_from_date, r.key_to_date), "no_key_person", "该日不是重点人员")

# The next visit is due by the class on the day of the last one, where one is called for; the first once a file is open.
next_due = (
    select(func.max(func.coalesce(v.next_visit_due, literal(NEVER, Date))))
    .where(*OF_THIS, v.visit_date <= AS_OF)
    .scalar_subquery()
)
to_visit = Condition(false(), "visit_to_make", "走访将到期或已逾期")

VISIT_FRESH_RATE = share(
    "resettlement.visit_fresh_rate",
    "走访及时率",
    Better.UP,
    of_registered(visit_called_for, of=visited_in_time),
    work=Work(
        "待走访的归正人员", "走访", (Task(of_registered(of=to_visit), func.coalesce(next_due, r.first_visit_due)),)
    ),
)
TRACKING_RATE = share(
    "resettlement.tracking_rate",
    "动态掌控率",
    Better.UP,
    of_registered(of=confirmed),
    "resettlement.five-years",
    work=Work("90日内未确认去向的归正人员", "确认去向"),
)
KEY_PERSON_CONTROL_RATE = share(
    "resettlement.key_person_control_rate",
    "重点归正人员管控到位率",
    Better.UP,
    of_registered(key_person, visit_called_for, of=visited_in_time),
    "resettlement.loss",
    office_sensitive=True,
    work=Work("管控未到位的重点归正人员", "走访"),
)

INDICATORS = (VISIT_FRESH_RATE, TRACKING_RATE, KEY_PERSON_CONTROL_RATE)
