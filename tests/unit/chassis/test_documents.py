"""Documents are made of records in words, through the district's templates."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from geju.mediation.v1 import warning_pb2
from google.type.date_pb2 import Date

from services.chassis.documents import Form, file_name, in_words, template_of, zh_date, zh_value, zh_yuan
from services.chassis.domain.dates import from_date
from services.chassis.domain.papers import DocumentNotApplicable, NoTemplate, first_of, needs

Record = warning_pb2.Warning
FORM: Form[Record] = Form("toy_notice", "通知书", lambda record: record.state == Record.STATE_OPEN)
PROFILE: Any = SimpleNamespace(documents={"toy_notice": Path("notice.docx")})


def test_a_form_is_for_records_in_the_right_state() -> None:
    """A document that the state does not call for is refused, and one without a template."""
    assert Path("notice.docx") == template_of(FORM, Record(state=Record.STATE_OPEN), PROFILE)
    with pytest.raises(DocumentNotApplicable):
        template_of(FORM, Record(state=Record.STATE_SETTLED), PROFILE)
    with pytest.raises(NoTemplate):
        template_of(FORM._replace(template="other"), Record(state=Record.STATE_OPEN), PROFILE)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (Record(name="warnings/0198c0de", key="北〔2012〕1号/甲"), "通知书-北_2012_1号_甲.docx"),
        (Record(name="warnings/0198c0de"), "通知书-0198c0de.docx"),
    ],
)
def test_a_file_is_called_by_title_and_number(record: Record, expected: str) -> None:
    """A document's file is called by its title and the record's number, else its id, in safe characters."""
    assert expected == file_name(FORM, record)


def test_what_is_missing_first_is_told() -> None:
    """A table of papers names the first thing that a record lacks; nothing when it has all."""
    lack = first_of(needs("key", "尚无编号"), needs("level", "尚未定级"))
    red = warning_pb2.WARNING_LEVEL_RED
    assert ["尚无编号", "尚未定级", ""] == [lack(Record()), lack(Record(key="1")), lack(Record(key="1", level=red))]


def test_values_are_told_in_words() -> None:
    """Dates, codes and amounts are written out; what is missing leaves room or nothing."""
    record = Record(level=warning_pb2.WARNING_LEVEL_RED)
    assert ("2012年3月1日", "2012年3月1日") == (zh_date(from_date(date(2012, 3, 1))), in_words(date(2012, 3, 1)))
    assert "　　　　年　　月　　日" == zh_date(Date())
    assert ("红色", "") == (zh_value(record, "level"), zh_value(Record(), "level"))
    assert ("1,234.50元", "") == (zh_yuan(123450), zh_yuan(0))
