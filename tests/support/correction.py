"""Records of persons under correction for tests; whoever they tell of is invented."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from geju.correction.v1 import (
    absconding_pb2,
    duty_pb2,
    help_act_pb2,
    leave_pb2,
    measure_pb2,
    new_offence_pb2,
    positioning_pb2,
)
from geju.correction.v1 import supervised_person_pb2 as pb
from google.type.date_pb2 import Date

OFFICE, OTHER_OFFICE = "wuma", "nanmen"


def on(day: str) -> Date:
    """Return a day "2012-03-01" as a message."""
    year, month, day_ = day.split("-")
    return Date(year=int(year), month=int(month), day=int(day_))


def supervised(**fields: Any) -> pb.SupervisedPerson:
    """Return a person as notified: a suspended sentence of two years from 1 March 2012."""
    given: dict[str, Any] = {
        "office": OFFICE,
        "full_name": "张某某",
        "id_number": "测试证件号",
        "sex": pb.SEX_MALE,
        "birth_year": 1980,
        "sentence": pb.SENTENCE_KIND_SUSPENDED,
        "offence_class": pb.OFFENCE_CLASS_PROPERTY,
        "notifier": pb.NOTIFIER_COURT,
        "judgment_date": on("2012-03-01"),
        "term_from_date": on("2012-03-01"),
        "term_to_date": on("2014-02-28"),
        "notified_date": on("2012-03-02"),
    }
    return pb.SupervisedPerson(**given | fields)


def own(message: Any, **fields: Any) -> Callable[[str], Any]:
    """Return what makes a record about a person."""
    return lambda person: message(office=OFFICE, person=person, **fields)


#: What makes a record of a kind about a person who is named, under correction since March 2012.
RECORDS: dict[str, Callable[[str], Any]] = {
    "duty": own(duty_pb2.Duty, kind=duty_pb2.DUTY_KIND_REPORT, due_date=on("2012-07-01")),
    "leave": own(leave_pb2.Leave, kind=1, destination="测试地", ground="探亲", from_date=on("2012-05-30"),
                 to_date=on("2012-06-02")),
    "absconding": own(absconding_pb2.Absconding, from_date=on("2012-05-20")),
    "new_offence": own(new_offence_pb2.NewOffence, offence_class=4, committed_date=on("2012-05-20")),
    "measure": own(measure_pb2.Measure, kind=2, ground=2, facts_found="测试事实"),
    "positioning": own(positioning_pb2.Positioning, approved_date=on("2012-05-01"), from_date=on("2012-05-01"),
                       to_date=on("2012-06-01"), ground="测试"),
    "help_act": own(help_act_pb2.HelpAct, kind=1, given_date=on("2012-05-20")),
}  # fmt: skip
