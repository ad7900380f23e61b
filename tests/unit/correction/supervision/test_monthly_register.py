"""The monthly register: days and hours find the duties that they meet, once and again."""

from __future__ import annotations

from typing import Any

import pytest
from geju.correction.v1 import duty_pb2
from geju.correction.v1.duty_service_pb2 import DutyImportRow as Row

from services.chassis.domain.errors import FutureDate, InvalidField
from services.correction.domain.supervision import monthly_register
from services.correction.domain.supervision.errors import NoDuty, NotFirstOfMonth
from services.correction.domain.supervision.planning import REPORT
from tests.support.records import on
from tests.unit.correction.supervision.people import rules

EDUCATION = duty_pb2.DUTY_KIND_EDUCATION
GOOD = duty_pb2.ASSESSMENT_GRADE_GOOD
MAY = on(2012, 5, 1)


def row(**fields: Any) -> Row:
    """Return a line of May 2012."""
    return Row(**{"office": "wuma", "person": "J-1", "month_date": MAY, **fields})


def reports(*days: Any) -> list[duty_pb2.Duty]:
    """Return reports due on these days."""
    return [duty_pb2.Duty(kind=REPORT, due_date=day) for day in days]


def hours() -> duty_pb2.Duty:
    """Return the education of May 2012."""
    return duty_pb2.Duty(kind=EDUCATION, month_date=MAY, due_date=on(2012, 5, 31), required_hours=8)


def met(duties: list[duty_pb2.Duty]) -> list[Any]:
    """Return the days of May on which duties were met; 0: not yet."""
    return [duty.met_date.day for duty in duties]


def test_days_meet_the_duties_in_order() -> None:
    """A day meets the earliest open duty that is due then or was up to six days before; later ones too late."""
    duties = reports(on(2012, 5, 7), on(2012, 5, 21))
    monthly_register.apply(row(report_dates=[on(2012, 5, 6), on(2012, 5, 22)]), duties, rules())
    assert [6, 22] == met(duties)
    late = reports(on(2012, 5, 7))
    monthly_register.apply(row(report_dates=[on(2012, 5, 28)]), late, rules())
    assert [28] == met(late)


def test_a_day_before_a_duty_of_the_next_days_belongs_to_it() -> None:
    """What is due in the first days of the next month may be done at the end of this one."""
    duties = reports(on(2012, 5, 7), on(2012, 6, 4), on(2012, 6, 18))
    monthly_register.apply(row(report_dates=[on(2012, 5, 7), on(2012, 5, 31)]), duties, rules())
    assert [7, 31, 0] == met(duties)


def test_the_same_row_again_changes_nothing() -> None:
    """A line is taken over once, whatever it tells of."""
    given = row(report_dates=[on(2012, 5, 6)], education_hours=9)
    duties = [*reports(on(2012, 5, 7), on(2012, 5, 21)), hours()]
    assert 2 == len(monthly_register.apply(given, duties, rules()))
    assert [] == monthly_register.apply(given, duties, rules())


def test_a_changed_row_replaces_what_the_register_said() -> None:
    """The register's own days and hours go with it; what somebody recorded stays."""
    duties = [*reports(on(2012, 5, 7), on(2012, 5, 21)), hours()]
    duties[1].met_date.CopyFrom(on(2012, 5, 20))
    duties[2].attendances.add(held_date=on(2012, 5, 2), hours=2, topic="测试课程")
    monthly_register.apply(row(report_dates=[on(2012, 5, 6)], education_hours=8), duties, rules())
    assert (8, 31) == (duties[2].hours, duties[2].met_date.day)
    monthly_register.apply(row(report_dates=[on(2012, 5, 8)], education_hours=4), duties, rules())
    assert [8, 20, 0] == met(duties)
    assert [2, 2] == [sitting.hours for sitting in duties[2].attendances]


def test_hours_of_the_current_month_were_done_by_today() -> None:
    """A row of June is taken over on 15 June: its hours are not in the future."""
    duty = duty_pb2.Duty(kind=EDUCATION, month_date=on(2012, 6, 1), due_date=on(2012, 6, 30), required_hours=8)
    monthly_register.apply(row(month_date=on(2012, 6, 1), education_hours=8), [duty], rules())
    assert on(2012, 6, 15) == duty.met_date


def test_a_duty_that_is_off_is_left_alone() -> None:
    """What is excused is not done."""
    duty = hours()
    duty.excuse = duty_pb2.DUTY_EXCUSE_ILLNESS
    assert [] == monthly_register.apply(row(education_hours=8), [duty], rules())


def test_an_assessment_is_of_the_quarter_that_is_due() -> None:
    """Until the tenth day the quarter before is meant, from then on the month's own."""
    first, second = (
        duty_pb2.Duty(kind=duty_pb2.DUTY_KIND_ASSESSMENT, month_date=month, due_date=due)
        for month, due in ((on(2012, 1, 1), on(2012, 4, 10)), (on(2012, 4, 1), on(2012, 7, 10)))
    )
    april = {"month_date": on(2012, 4, 1), "grade": GOOD}
    monthly_register.apply(row(**april, assessment_date=on(2012, 4, 9)), [first, second], rules())
    assert (on(2012, 4, 9), GOOD, False) == (first.met_date, first.grade, second.HasField("met_date"))
    monthly_register.apply(row(assessment_date=on(2012, 5, 30), grade=GOOD), [first, second], rules())
    assert on(2012, 5, 30) == second.met_date


@pytest.mark.parametrize(
    ("fields", "broken"),
    [
        ({"month_date": on(2012, 5, 2)}, NotFirstOfMonth),
        ({"month_date": on(2012, 7, 1)}, FutureDate),
        ({"report_dates": [on(2012, 4, 30)]}, InvalidField),
        ({"hours_date": on(2012, 6, 1), "education_hours": 8}, InvalidField),
        ({"grade": GOOD}, InvalidField),
        ({"report_dates": [on(2012, 5, 6)]}, NoDuty),
        ({"visit_dates": [on(2012, 5, 6)]}, NoDuty),
        ({"education_hours": 8}, NoDuty),
        ({"thought_report_date": on(2012, 5, 6)}, NoDuty),
        ({"assessment_date": on(2012, 5, 6), "grade": GOOD}, NoDuty),
    ],
)
def test_a_row_that_tells_of_nothing_owed_is_refused(fields: dict[str, Any], broken: type[Exception]) -> None:
    """Months are past or present, days lie in them, and somebody owes what was done."""
    with pytest.raises(broken):
        monthly_register.apply(row(**fields), [], rules())
