"""Spreadsheets as streets send them: with bad rows, of another kind, or none at all."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from geju.common.v1 import import_pb2
from geju.mediation.v1 import dispute_service_pb2 as rpc

from services.cli import importing
from services.cli.app import execute
from services.cli.failure import Failure
from services.cli.importing import Result, Wish
from services.cli.kinds import get
from services.cli.sheets import read
from services.client import Geju
from tests.support.publicity import facility
from tests.support.records import ref
from tests.support.refusals import nothing_written, said
from tests.support.sheets import fill
from tests.support.system import System

REMEMBERED, WRITTEN = "mediation request", ("mediation dispute", "mediation event")
ROWS = 10_000
HEADINGS = ["司法所", "编号", "纠纷类型", "来源渠道", "申请人", "被申请人", "登记日期", "受理日期"]
GOOD = ["wuma", "{}", "邻里", "当事人申请", "张某某", "测试甲", "2012-03-01", "2012-03-02"]
#: Line -> what is wrong with it: column, what stands there, the field and reason it is refused for.
BAD: Mapping[int, tuple[str, str, str, str]] = {
    17: ("司法所", "nowhere", "office", "UNKNOWN_OFFICE"),
    4711: ("登记日期", "2099-01-01", "registered_date", "FUTURE_DATE"),
    9999: ("申请人", "张\u202e某", "applicants", "BAD_TEXT"),
}
CREATED, UNCHANGED = import_pb2.ROW_OUTCOME_CREATED, import_pb2.ROW_OUTCOME_UNCHANGED


def write(path: Path, lines: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS) -> Path:
    """Write a spreadsheet."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([headings, *lines])
    return path


def good(key: str, **cells: str) -> list[str]:
    """Return the cells of a line, some of them replaced by column."""
    return [cells.get(column, cell.format(key)) for column, cell in zip(HEADINGS, GOOD, strict=True)]


@pytest.fixture
def geju(system: System) -> Iterator[Geju]:
    """Give the client that the command uses."""
    with Geju(system.home.targets(), system.token("department")) as client:
        yield client


def take(geju: Geju, path: Path, **wish: Any) -> Result:
    """Import a sheet of disputes as the command does."""
    kind, wished = get("dispute"), Wish(**wish)
    return importing.take(geju, kind, importing.load(path, kind, wished), wished, lambda _: None)


CELLS: Mapping[str, tuple[str, str, str]] = {
    "unknown office": ("司法所", "nowhere", "office"),
    "unknown type": ("纠纷类型", "不存在的类型", "type"),
    "no day": ("登记日期", "2012-02-30", "registered_date"),
    "future": ("受理日期", "2099-01-01", "accepted_date"),
    "wrong order": ("受理日期", "2012-02-01", "accepted_date"),
    "text turned around": ("被申请人", "测试\u202e甲", "respondents"),
    "NUL": ("被申请人", "测试\x00甲", "respondents"),
    "NUL in a number": ("编号", "\x001", "key"),
    "no number": ("编号", "", "key"),
}


@pytest.mark.parametrize("cell", CELLS)
async def test_a_bad_cell_keeps_its_whole_file_out(system: System, geju: Geju, tmp_path: Path, cell: str) -> None:
    """A file with one bad row is not written; line, field and a sentence in Chinese say what to mend."""
    column, wrong, field = CELLS[cell]
    sheet = write(tmp_path / "disputes.csv", [good(f"{cell}-1"), good(f"{cell}-2", **{column: wrong})])
    async with nothing_written(system):
        result = take(geju, sheet)
    assert (False, [(3, field, column)]) == (result.written, [(n, e.field, e.label) for n, e in result.errors])
    assert any("\u4e00" <= character <= "\u9fff" for character in result.errors[0][1].message)


async def test_one_number_twice_is_refused(system: System, geju: Geju, tmp_path: Path) -> None:
    """Of two rows with the same number, nobody can know which is meant."""
    sheet = write(tmp_path / "disputes.csv", [good("T-1"), good("T-1", 纠纷类型="家庭")])
    async with nothing_written(system):
        result = take(geju, sheet)
    assert [(3, "key")] == [(line, error.field) for line, error in result.errors]


FILES: Mapping[str, tuple[bytes, str]] = {
    "committees.csv": (
        "司法所,编号,名称,类别,层级,起始日期\nwuma,T,测试,村,村居级,2010-01-01\n".encode(),
        "调解委员会",
    ),
    "nothing.csv": (b"", "空"),
    "strange.csv": ("甲,乙,丙\n1,2,3\n".encode(), "没有"),
    "headings.csv": (",".join(HEADINGS).encode() + b"\n", "只有标题"),
    "picture.xlsx": (b"\x89PNG\r\n\x1a\n" + bytes(64), "不是"),
    "torn.xlsx": (b"PK\x03\x04" + bytes(64), "不是完好的"),
    "old.xls": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(64), "旧格式"),
}


@pytest.mark.parametrize("name", FILES)
async def test_a_wrong_file_is_refused_in_words(system: System, geju: Geju, tmp_path: Path, name: str) -> None:
    """A file of another kind, or none at all, is refused with what it is and what to do."""
    content, words = FILES[name]
    path = tmp_path / name
    path.write_bytes(content)
    async with nothing_written(system):
        with pytest.raises(Failure) as refused:
            take(geju, path)
    assert words in refused.value.message


async def test_a_row_of_a_newer_client_is_refused_and_the_others_are_taken(system: System) -> None:
    """A choice that the service does not know spoils its row only."""
    rows = [
        rpc.DisputeImportRow(row=n, office="wuma", key=f"N-{n}", type=kind, channel=1) for n, kind in ((2, 4), (3, 99))
    ]
    answer = await system.caller("clerk", offices=("wuma",))("DisputeService/ImportDisputes", rows=rows)
    [taken, refused] = answer.verdicts
    assert (CREATED, import_pb2.ROW_OUTCOME_REJECTED) == (taken.outcome, refused.outcome)
    assert [("type", "UNKNOWN_ENUM_VALUE")] == [(error.field, error.reason) for error in refused.errors]


@pytest.mark.parametrize("count", [0, 1001])
async def test_too_few_and_too_many_rows_are_refused(system: System, count: int) -> None:
    """One call takes from 1 to 1,000 rows."""
    rows = [rpc.DisputeImportRow(row=n, office="wuma", key=f"M-{n}", type=4, channel=1) for n in range(count)]
    async with nothing_written(system):
        failure = await system.caller("clerk").refused("DisputeService/ImportDisputes", rows=rows)
    assert ("INVALID_ARGUMENT", "INVALID_FIELD", "rows") == said(failure)


async def test_rows_of_another_office_are_refused(system: System) -> None:
    """A clerk's sheet cannot write into an office that is not his."""
    row = rpc.DisputeImportRow(row=2, office="nanmen", key="X-1", type=4, channel=1)
    before = await system.traces()
    answer = await system.caller("clerk", offices=("wuma",))("DisputeService/ImportDisputes", rows=[row])
    after = await system.traces()
    assert [import_pb2.ROW_OUTCOME_REJECTED] == [verdict.outcome for verdict in answer.verdicts]
    # That it was answered is remembered, and nothing else.
    assert {**before, REMEMBERED: before[REMEMBERED] + 1} == after


@pytest.mark.timeout(240)
async def test_three_bad_rows_of_ten_thousand(system: System, geju: Geju, tmp_path: Path) -> None:
    """The good rows are written once, the bad ones refused by line and field, and the board follows."""
    lines = [good(f"P-{n}", **({BAD[n][0]: BAD[n][1]} if n in BAD else {})) for n in range(2, ROWS + 2)]
    sheet, before = write(tmp_path / "disputes.csv", lines), await system.traces()
    result = take(geju, sheet, partial=True, check=False)
    assert ROWS - 3 == result.outcomes[CREATED]
    found = sorted((line, error.field, error.reason) for line, error in result.errors)
    assert [(line, field, reason) for line, (_, _, field, reason) in BAD.items()] == found
    shown = read.read(importing.write_errors(sheet, result.errors))[0].rows[1:]
    assert [(line, column) for line, (column, *_) in BAD.items()] == [(int(str(row[0])), row[1]) for row in shown]
    after = await system.traces()
    assert 2 * (ROWS - 3) == after[WRITTEN[0]] - before[WRITTEN[0]]
    again = take(geju, sheet, partial=True, check=False)
    assert (ROWS - 3, 3) == (again.outcomes[UNCHANGED], again.bad)
    unchanged = await system.traces()
    assert [after[name] for name in WRITTEN] == [unchanged[name] for name in WRITTEN]
    await system.until_equal()


UNIT = "仰义司法所"
#: Registers of legal services as an office fills them in, each after those that it names.
REGISTERS: Mapping[str, Sequence[Mapping[str, str]]] = {
    "firm": [
        {"机构名称": "示例律师事务所", "机构种类": "合伙律师事务所", "执业许可证号": "示例许可S1",
         "负责人": "示例负责人",
         "许可起始日期": "2005-01-01"},
        {"机构名称": "示例法律服务所", "机构种类": "基层法律服务所", "执业许可证号": "示例许可S2",
         "许可起始日期": "2006-01-01"},
    ],
    "practitioner": [
        {"姓名": "示例甲", "身份证号": "示例证件号1", "联系电话": "示例电话", "人员种类": "律师",
         "执业证号": "示例证S1", "执业机构": "firm-1", "执业起始日期": "2008-01-01", "人大代表或政协委员": "是"},
        {"姓名": "示例乙", "人员种类": "基层法律服务工作者", "执业证号": "示例证S2", "执业机构": "示例许可S2",
         "执业起始日期": "2009-01-01", "执业终止日期": "2012-03-31", "终止事由": "退休"},
    ],
    "yearly_assessment": [
        {"考核年度": "2011", "执业人员": "示例证S1", "考核等次": "优秀", "考核日期": "2012-05-04",
         "考核机关": "示例协会"},
        {"考核年度": "2011", "机构": "firm-2", "考核等次": "称职(合格)", "考核日期": "2012-05-04",
         "考核机关": "区司法局"},
    ],
    "counsel_contract": [
        {"村居": "VILLAGE", "机构": "示例许可S1", "顾问": "practitioner-1", "起始日期": "2009-01-01",
         "终止日期": "2009-05-31"},
    ],
    "card_handout": [
        {"联系卡种类": "公证联系卡", "发放对象": "企业", "发放日期": "2012-04-02", "发放数量": "120"},
        {"联系卡种类": "村法律顾问联系卡", "发放对象": "村民", "发放日期": "2012-04-03", "发放数量": "80"},
    ],
}  # fmt: skip


#: Cases, journeys and a call centre's consultations.
OF_LEGAL_AID: Mapping[str, Sequence[Mapping[str, str]]] = {
    "aid_case": [
        {"收到日期": "2012-03-01", "案件来源": "申请", "受援人姓名": "示例甲", "身份证号": "示例证件号",
         "受援人群体": "妇女、农民工", "案件类别": "民事", "援助事项": "赡养、抚养、扶养",
         "经济困难依据": "收入低于标准(有证明)", "人均月收入(元)": "500.50", "补正·中止日期": "2012-03-02、2012-03-07",
         "补正·恢复日期": "2012-03-06、2012-03-08", "补正·补正截止日期": "2012-03-20、2012-03-21",
         "补正·需补正材料": '"示例证明、""示例""材料"、示例证明',
         "审查决定日期": "2012-03-08", "给予援助日期": "2012-03-08",
         "承办人": ref("practitioners"), "指派日期": "2012-03-10", "曾承办人·承办人": ref("practitioners", 2),
         "曾承办人·指派日期": "2012-03-09", "曾承办人·变更日期": "2012-03-10", "曾承办人·变更事由": "利益冲突",
         "承办日期": "2012-03-12", "结案日期": "2012-05-08", "办理结果": "部分支持", "挽回损失(元)": "12000",
         "诉前和解": "是", "交卷日期": "2012-05-20", "评查·评查人": "示例一、示例二", "评查·评查等次": "合格、合格",
         "评查·评查日期": "2012-06-01、2012-06-04", "评查·评查意见": "示例意见、"},
        {"收到日期": "2012-03-02", "案件来源": "羁押场所转交", "受援人姓名": "示例乙", "案件类别": "刑事",
         "援助事项": "刑事辩护", "羁押场所收到申请时间": "2012-03-01 09:30", "转交时间": "2012-03-02 10:00",
         "审查决定日期": "2012-03-07", "不予援助事由": "不属于援助范围", "提出异议日期": "2012-03-09"},
        {"收到日期": "2012-03-05", "案件来源": "通知辩护", "受援人姓名": "示例丙", "案件类别": "刑事",
         "援助事项": "刑事辩护", "可能判处的最重刑罚": "无期徒刑", "通知机关": "示例法院",
         "答复通知机关日期": "2012-03-07", "给予援助日期": "2012-03-07"},
    ],
    "consultation": [
        {"咨询渠道": "12348热线", "咨询事项": "劳动争议", "咨询日期": "2012-05-02", "咨询人群体": "妇女、农民工",
         "等待秒数": "20", "时长(分钟)": "6", "引出的申请": "aid_case-1"},
        {"咨询渠道": "12348热线", "咨询事项": "消费", "咨询日期": "2012-05-02"},
    ],
    "station": [
        {"站点名称": "示例工作站", "站点种类": "街道(乡镇)工作站", "地址": "示例地址", "无障碍": "是",
         "起始日期": "2010-01-01"},
    ],
    "travel_time": [
        {"村居": "VILLAGE", "站点": "station-1", "分钟": "70", "起始日期": "2010-01-01", "终止日期": "2011-12-31"},
        {"村居": "VILLAGE", "站点": "station-1", "分钟": "40", "起始日期": "2012-01-01"},
    ],
}  # fmt: skip


@pytest.mark.parametrize("registers", [REGISTERS, OF_LEGAL_AID], ids=["legal services", "legal aid"])
async def test_records_go_through_sheets_unchanged(
    system: System, tmp_path: Path, registers: Mapping[str, Sequence[Mapping[str, str]]]
) -> None:
    """A filled template is taken over; what is exported, with all that others have made, comes back unchanged."""
    village = next(place for place in system.profile.places if place.office == "yangyi" and place.kind == "village")
    with Geju(system.home.targets(), system.token()) as geju:
        for kind, lines in registers.items():
            blank, out = tmp_path / f"{kind}.xlsx", tmp_path / f"{kind}-out.xlsx"
            run(system, "template", kind, "--out", str(blank))
            keyed = [{"司法所": UNIT, "编号": f"{kind}-{n}", **line} for n, line in enumerate(lines, 1)]
            fill(blank, [{label: village.code if cell == "VILLAGE" else cell for label, cell in line.items()}
                         for line in keyed])  # fmt: skip
            wish = Wish(codes=codes(system))
            first = importing.take(geju, get(kind), importing.load(blank, get(kind), wish), wish, lambda _: None)
            assert ([], len(lines)) == (first.errors, first.outcomes[CREATED])
            purpose = ("--purpose", "季度考核") if get(kind).purpose else ()
            run(system, "export", kind, "--out", str(out), "--office", UNIT, "--as-template", *purpose)
            parsed = importing.load(out, get(kind), wish)
            again = importing.take(geju, get(kind), parsed, wish, lambda _: None)
            assert ([], len(parsed)) == (again.errors, again.outcomes[UNCHANGED])
            assert len(parsed) >= len(lines)
    await system.until_equal(60)


#: What is said of a month: the first two rows are held, the third is planned.
MONTH: Sequence[Mapping[str, str]] = (
    {"编号": "2012-05-1", "活动名称": "示例宣讲", "活动形式": "法制宣讲", "宣传内容": "劳动就业、安全生产",
     "活动场所": "广场", "宣传渠道": "现场", "举办日期": "2012-05-04", "社区居民人数": "30", "老年人人数": "20",
     "受众总人数": "40", "手册(册)": "300", "卡片(张)": "50", "使用阵地": "辅导站-1"},
    {"编号": "2012-05-2", "活动名称": "示例展览", "活动形式": "展览", "宣传内容": "宪法",
     "活动场所": "学校", "宣传渠道": "现场", "主题活动": "青少年法律学校", "举办日期": "2012-05-10", "学生人数": "120"},
    {"编号": "2012-05-3", "活动名称": "示例咨询", "活动形式": "现场咨询", "宣传内容": "消费维权",
     "活动场所": "市场", "宣传渠道": "现场", "计划日期": "2012-06-30"},
)  # fmt: skip


async def test_a_streets_month_goes_through_a_sheet_unchanged(system: System, tmp_path: Path) -> None:
    """A filled template of activities is taken over; exported and taken over once more, nothing doubles."""
    blank, out, kind, wish = tmp_path / "month.xlsx", tmp_path / "out.xlsx", get("activity"), Wish(codes=codes(system))
    station = facility(office="yangyi", key="辅导站-1")
    await system.caller("clerk", service="publicity")("FacilityService/CreateFacility", facility=station)
    run(system, "template", "activity", "--out", str(blank))
    fill(blank, [{"司法所": UNIT, **line} for line in MONTH])
    with Geju(system.home.targets(), system.token()) as geju:
        first = importing.take(geju, kind, importing.load(blank, kind, wish), wish, lambda _: None)
        assert ([], len(MONTH)) == (first.errors, first.outcomes[CREATED])
        before = await _of_month(system)
        run(system, "export", "activity", "--out", str(out), "--office", UNIT, "--as-template")
        for sheet in (blank, out):
            parsed = importing.load(sheet, kind, wish)
            again = importing.take(geju, kind, parsed, wish, lambda _: None)
            assert ([], len(parsed)) == (again.errors, again.outcomes[UNCHANGED])
    assert {("2012-05-1", 40): [50, 300], ("2012-05-2", 0): [], ("2012-05-3", 0): []} == before
    assert before == await _of_month(system)
    await system.until_equal(60)


async def _of_month(system: System) -> Mapping[tuple[str, int], list[int]]:
    """Return number and people of each activity of the sheet, and what was handed out at it."""
    clerk, found = system.caller("clerk", service="publicity"), {}
    listed = await clerk("ActivityService/ListActivities", page_size=1000, filter={"office": "yangyi"})
    for activity in listed.activities:
        if activity.key in {line["编号"] for line in MONTH}:
            its = {"activity": activity.name.partition("/")[2]}
            handouts = await clerk("MaterialHandoutService/ListMaterialHandouts", filter=its)
            copies = sorted(handout.copies for handout in handouts.material_handouts)
            found[activity.key, activity.people] = copies
    return found


def codes(system: System) -> Mapping[str, Mapping[str, str]]:
    """Return the codes of offices by their names."""
    return {"office": {office.zh: office.code for office in system.profile.offices}}


def run(system: System, *arguments: str) -> None:
    """Run the command in this process."""
    assert execute(["--home", str(system.home.root), *arguments]) == 0, arguments
