"""Records of persons under correction for tests; whoever they tell of is invented."""

from __future__ import annotations

from typing import Any

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
