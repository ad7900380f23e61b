"""Columns: what the contract says becomes headings, hints and choices."""

from __future__ import annotations

from geju.funds.v1 import fund_entry_pb2
from geju.mediation.v1 import dispute_service_pb2, session_service_pb2

from services.cli import kinds
from services.cli.sheets.columns import HINT_MARK, Column, of_row


def test_every_kind_has_columns_with_labels_of_their_own() -> None:
    """No two columns of a template bear the same heading, and none bears a bare field name."""
    for kind in kinds.all_kinds().values():
        headings = [column.label for column in kind.columns]
        assert len(set(headings)) == len(headings), kind.name
        assert not [heading for heading in headings if heading.isascii()], kind.name


def test_output_only_fields_are_no_columns_of_a_template() -> None:
    """Nobody is asked to fill in what the service sets."""
    names = {column.field.name for column in kinds.get("fund_entry").columns}
    assert not names & {"name", "etag", "revision", "recorded_time", "occurred_date"}


def test_amounts_are_headed_in_yuan() -> None:
    """The contract counts fen; people read and write yuan."""
    assert "金额(元)" in [column.label for column in kinds.get("fund_entry").columns]


def test_a_flat_row_gives_its_own_fields() -> None:
    """A row that carries no record is a table of its own fields, the two that people do not fill in excepted."""
    columns = of_row(dispute_service_pb2.DisputeImportRow.DESCRIPTOR)
    fields = {field.name for field in dispute_service_pb2.DisputeImportRow.DESCRIPTOR.fields}
    assert fields - {"row", "cleared"} == {column.field.name for column in columns}


def test_office_and_number_are_required_everywhere() -> None:
    """A row is found again by its office and number, a month's duties by person and month: no template lacks them."""
    for kind in kinds.all_kinds().values():
        found_by = {"office", "person", "month_date"} if kind.name == "duty" else {"office", "key"}
        assert found_by <= {column.field.name for column in kind.columns if column.required}


def test_hints_are_marked() -> None:
    """The mark tells the hint row from data when the sheet comes back."""
    for column in kinds.get("mediator").columns:
        assert column.hint.startswith(HINT_MARK)


def test_a_column_puts_and_gets_the_same() -> None:
    """What is read into a message is shown as it was written."""
    entry = fund_entry_pb2.FundEntry()
    values = {"office": "a", "year": "2012", "kind": "支出", "amount_fen": "12.50", "entry_date": "2012-05-06"}
    columns = {column.field.name: column for column in kinds.get("fund_entry").exported}
    for name, value in values.items():
        columns[name].put(entry, value)
    assert (1250, fund_entry_pb2.FUND_ENTRY_KIND_SPENDING) == (entry.amount_fen, entry.kind)
    assert "支出" == columns["kind"].get(entry)
    assert 12.5 == columns["amount_fen"].get(entry)
    assert "2012-05-06" == str(columns["entry_date"].get(entry))


def test_funds_of_each_department_are_a_kind_of_their_own() -> None:
    """A name that several services bear is told apart by the service; alone it means the first one's."""
    assert ["mediation", "correction"] == [kinds.get(name).service for name in ("fund_entry", "correction.fund_entry")]


def test_kinds_are_found_by_code_and_by_name() -> None:
    """People may say 纠纷 where programs say dispute."""
    assert kinds.get("dispute") is kinds.get("纠纷")


def _invited() -> dict[str, Column]:
    return {c.field.name: c for c in of_row(session_service_pb2.SessionImportRow.DESCRIPTOR) if "invited" in c.path}


def test_several_of_a_group_share_a_row() -> None:
    """Each column of a repeated group lists one value for each element, and an empty part keeps its place."""
    row = session_service_pb2.SessionImportRow()
    columns = _invited()
    assert ["邀请人员·姓名", "邀请人员·单位", "邀请人员·专家"] == [column.label for column in columns.values()]
    for column, cell in zip(columns.values(), ("张某甲、李某乙", "、示例单位", "是、否"), strict=True):
        column.put(row, cell)
    found = [(one.full_name, one.department, one.expert) for one in row.session.invited]
    assert [("张某甲", "", True), ("李某乙", "示例单位", False)] == found
    assert ["张某甲、李某乙", "、示例单位", "是、否"] == [column.get(row) for column in columns.values()]


def test_a_group_may_be_left_out() -> None:
    """A row without elements is shown empty, and none of their columns is required."""
    row = session_service_pb2.SessionImportRow()
    assert [(None, False)] * 3 == [(column.get(row), column.required) for column in _invited().values()]


def test_a_row_has_one_way_to_write_a_group() -> None:
    """Where the row has a column of its own for it, the group has none."""
    headings = [column.label for column in kinds.get("helping_agreement").columns]
    assert ["帮教人员"] == [heading for heading in headings if heading.startswith("帮教人员")]
