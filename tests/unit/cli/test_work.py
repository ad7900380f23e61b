"""Work lists as people read them."""

from __future__ import annotations

from typing import Any

from geju.aggregation.v1.silence_pb2 import Silence
from geju.aggregation.v1.work_pb2 import OfficeWork, Pace, WorkItem, WorkList
from google.type.date_pb2 import Date
from rich.text import Text

from services.cli.commands.work import by_office, code_of, item_row, pace_row, row
from services.cli.doctor.finding import Level
from services.cli.doctor.silences import of

VISITS = WorkList(
    list="mediation.return_visit_rate",
    label="待回访的纠纷",
    indicator_label="回访率",
    has_due=True,
    items=9,
    overdue=2,
    due_soon=1,
    offices=[
        OfficeWork(unit=code, unit_label=code, items=n, overdue=1) for n, code in ((4, "甲"), (3, "乙"), (2, "丙"))
    ],
)
GAPS = WorkList(
    list="legalaid.one_hour_coverage", label="到不了", items=1, offices=[OfficeWork(unit_label="甲", items=1)]
)


def plain(cells: Any) -> list[Any]:
    """Return cells without their colours."""
    return [cell.plain if isinstance(cell, Text) else cell for cell in cells]


def test_a_list_names_who_has_the_most() -> None:
    """Three offices beside the counts; where there is no last day, nothing is late."""
    assert ["待回访的纠纷", 9, "2", 1, "甲 4、乙 3、丙 2", "mediation.return_visit_rate"] == plain(row(VISITS))
    assert ["到不了", 1, "", "", "甲 1", "legalaid.one_hour_coverage"] == plain(row(GAPS))


def test_every_office_has_a_line() -> None:
    """Of each list that it has entries of."""
    assert [("甲", 4, 1), ("乙", 3, 1), ("丙", 2, 1), ("甲", 1, "")] == [
        (r[2], r[3], r[4]) for r in by_office([VISITS, GAPS])
    ]


def test_a_list_is_found_by_what_people_call_it() -> None:
    """By its own name or the indicator's; what is neither is asked for as it is."""
    assert [VISITS.list, VISITS.list, "回访"] == [
        code_of([GAPS, VISITS], n) for n in ("待回访的纠纷", "回访率", "回访")
    ]


def test_an_entry_says_until_when_and_why() -> None:
    """The name of what the profile says exists, else the record; both offices where there are two."""
    item = WorkItem(
        record="disputes/1", office_label="甲", act="回访", due_date=Date(year=2012, month=5, day=3), overdue=True
    )
    shown = plain(item_row(item))
    assert ["已逾期", "甲", "disputes/1", "回访", ""] == shown[1:]
    assert "2012-05-03" == str(shown[0])
    place = WorkItem(
        record="profile/w", label="某村", office_label="甲", second_office_label="乙", reason_label="因", detail="果"
    )
    assert ["", "", "甲、乙", "某村", "", "因:果"] == plain(item_row(place))


def test_a_pace_says_whether_it_is_behind() -> None:
    """With what is done, would be by now and in the year."""
    pace = Pace(label="集中学法", unit_label="全区", done=3, needed_now=5, needed=10, measure="次", behind=True)
    assert ["集中学法", "全区", 3, 5, 10, "次", "落后"] == plain(pace_row(pace))


def test_the_doctor_names_who_is_silent() -> None:
    """A warning for each with what to do; one line when there is nobody."""
    found = of([Silence(source="geju/legalaid", text="一"), Silence(unit="wuma", text="二")])
    assert [(Level.WARNING, "一"), (Level.WARNING, "二")] == [(finding.level, finding.found) for finding in found]
    assert found[0].advice != found[1].advice
    assert [Level.OK] == [finding.level for finding in of([])]
