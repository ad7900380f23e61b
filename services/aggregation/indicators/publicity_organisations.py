"""Who sees to it that the law is learnt: cadres, officials, enterprises, schools (干部、公务员、企业、学校)."""

from __future__ import annotations

from datetime import date

from geju.publicity.v1 import study_session_pb2 as pb
from geju.publicity.v1.facts_pb2 import (
    EducationSessionFacts,
    EnterpriseFacts,
    ExamFacts,
    SchoolFacts,
    SchoolYearFacts,
    StudySessionFacts,
)
from sqlalchemy import ColumnElement, Integer, Table, Text, and_, case, cast, func, literal, null, or_, type_coerce

from services.aggregation.indicator import Better, Census, Condition, Flow, Form, Indicator, Steps, Work
from services.aggregation.periods import Level
from services.aggregation.sql import AS_OF, START, covered, happened, in_force, outer
from services.aggregation.tables import OFFICES, PLACES, facts_table

ENTERPRISE = facts_table(EnterpriseFacts)
EDUCATION = facts_table(EducationSessionFacts)
SCHOOL = facts_table(SchoolFacts)
SCHOOL_YEAR = facts_table(SchoolYearFacts)
STUDY = facts_table(StudySessionFacts)
EXAM = facts_table(ExamFacts)
e, education, school, y, study, exam = (table.c for table in (ENTERPRISE, EDUCATION, SCHOOL, SCHOOL_YEAR, STUDY, EXAM))
# Collective studies of law that an organisation owes in a year.
STUDIES = 4
BEHIND = "behind_pace"
YEARLY = frozenset({Level.YEAR})


next_year = func.make_date(cast(func.extract("year", START), Integer) + 1, 1, 1)
passed, in_all = (type_coerce(day - START, Integer) for day in (AS_OF, next_year))
# What of a year's studies is needed by now: whole ones, by the share of the year that has passed.
needed = (STUDIES * (passed + 1)) // in_all


def over_for(until: ColumnElement[date]) -> ColumnElement[bool]:
    """Tell whether nothing can be added any more: the year is at its last day, or what owed it is no longer there."""
    return (passed + 1 >= in_all) | (until < AS_OF)


def studies(mine: ColumnElement[bool]) -> ColumnElement[int]:
    """Return how often an organisation has studied in the year."""
    return happened(literal(1, Integer), where=(mine, study.held_date >= START, ~study.deleted))


def studying(table: Table, mine: ColumnElement[bool]) -> Census:
    """Return the organisations of a table, and which of them studied often enough by now."""
    done = studies(mine)
    reached, settled = done >= STUDIES, over_for(table.c.last_day)
    detail = func.concat("已学 ", done, " 次,按进度应满 ", needed, f" 次,全年 {STUDIES} 次")
    all_told = func.concat("共学 ", done, f" 次,全年应满 {STUDIES} 次")
    return Census(
        table,
        table.c.since,
        table.c.last_day,
        of=(
            # All are failed by whoever has not reached it; which is said tells how that stands against the year.
            Condition(settled | (done >= needed), BEHIND, "年度未结束,已落后于时间进度", detail),
            Condition(settled | reached, "on_pace", "年度未结束,未落后于时间进度", detail),
            Condition(reached, "too_few", f"全年集中学法不足{STUDIES}次", all_told),
        ),
        window=True,
    )


def in_place(*days: ColumnElement[date]) -> ColumnElement[bool]:
    """Tell whether, in the school year that runs, all this is in place by now."""
    mine = y.school == cast(outer(school["_id"]), Text)
    spans = ((day, y.ends_date) for day in (y.begins_date, *days))
    return covered(*spans, where=(mine, y.ends_date.is_not(None), ~y.deleted))


# A village's and a community's own studies; what the street holds for them is the street's.
of_place = and_(
    study.place == outer(PLACES.c["_id"]),
    or_(
        and_(outer(PLACES.c.kind) == "village", study.organisation == pb.STUDY_ORGANISATION_VILLAGE),
        and_(outer(PLACES.c.kind) == "community", study.organisation == pb.STUDY_ORGANISATION_COMMUNITY),
    ),
)
of_street = and_(study.office == outer(OFFICES.c["_id"]), study.organisation == pb.STUDY_ORGANISATION_STREET)
sessions = happened(
    literal(1, Integer),
    where=(education.enterprise == cast(outer(e["_id"]), Text), education.held_date >= START, ~education.deleted),
)
above_size = Condition(in_force(e.sized_from_date, e.sized_to_date), "below_size", "不在规模以上")
in_programme = Condition(
    in_force(e.programme_from_date, e.programme_to_date), "not_in_programme", "未参加诚信守法企业创建"
)
educated = Condition(sessions > 0, "no_session", "当年未对职工开展法制教育")
not_waiting = Condition(over_for(e.to_date) | educated.test, "no_session_yet", "年度未结束,尚未对职工开展法制教育")
FOUR = {"规划": y.plan_date, "课时": y.hours_date, "教材": y.textbooks_date, "师资": y.teachers_date}
four_in_place = Condition(
    in_place(*FOUR.values()),
    "not_in_place",
    "本学年四落实不全",
    func.concat("缺", func.concat_ws("、", *(case((in_place(day), null()), else_=zh) for zh, day in FOUR.items()))),
)
had_to_sit = Condition(exam.had_to_sit > 0, "nobody_had_to", "无应考人员")
sat = Condition(exam.sat > 0, "nobody_sat", "无人参考")

INTEGRITY_ENTERPRISE_RATE = Indicator(
    code="publicity.integrity_enterprise_rate",
    zh="诚信守法企业创建率",
    form=Form.SHARE,
    department="publicity",
    better=Better.UP,
    clauses=("publicity.enterprises",),
    censuses=(Census(ENTERPRISE, e.from_date, e.to_date, over=(above_size,), of=(in_programme,)),),
    unit="%",
    note="期末在册的规模以上企业,不论创建等级。",
    work=Work("未参加诚信守法企业创建的规模以上企业", "动员参加创建"),
)
ENTERPRISE_EDUCATION_RATE = Indicator(
    code="publicity.enterprise_education_rate",
    zh="企业职工法制教育率",
    form=Form.QUOTA,
    department="publicity",
    better=Better.UP,
    clauses=("publicity.employers",),
    censuses=(Census(ENTERPRISE, e.from_date, e.to_date, of=(not_waiting, educated), window=True),),
    unit="%",
    levels=YEARLY,
    note="当年任何一天在册的企业,当年开展过一次职工法制教育的为达标;年度未结束时,尚未开展的也计入总数。",
    work=Work("今年尚未开展职工法制教育的企业", "开展职工法制教育"),
)
SCHOOL_FOUR_IN_PLACE_RATE = Indicator(
    code="publicity.school_four_in_place_rate",
    zh="学校四落实率",
    form=Form.SHARE,
    department="publicity",
    better=Better.UP,
    clauses=("publicity.schools",),
    censuses=(Census(SCHOOL, school.from_date, school.to_date, of=(four_in_place,)),),
    unit="%",
    note="期末所在学年(9月1日至次年8月31日),规划、课时、教材、师资到期末都已落实的学校。",
    work=Work("四落实不全的学校", "落实规划、课时、教材、师资"),
)
CADRE_STUDY_RATE = Indicator(
    code="publicity.cadre_study_rate",
    zh="干部集中学法达标率",
    form=Form.QUOTA,
    department="publicity",
    better=Better.UP,
    clauses=("publicity.cadres",),
    censuses=(studying(OFFICES, of_street), studying(PLACES, of_place)),
    unit="%",
    levels=YEARLY,
    work=Work(
        f"今年集中学法未满{STUDIES}次的单位",
        "组织集中学法",
        behind=BEHIND,
        steps=(Steps(studies(of_street), STUDIES, "次"), Steps(studies(of_place), STUDIES, "次")),
    ),
    note=f"当年任何一天在区划档案中的街道、乡镇、村和社区,各自集中学法满{STUDIES}次为达标;年度未结束时,尚未达标的"
    "也计入总数,并列明已学几次、按时间进度应满几次,落后于进度的在看板上列出。",
)
EXAM_PARTICIPATION_RATE = Indicator(
    code="publicity.exam_participation_rate",
    zh="学法考试参考率",
    form=Form.RATIO,
    department="publicity",
    better=Better.UP,
    clauses=("publicity.officials",),
    flows=(
        Flow(
            EXAM,
            exam.held_date,
            over=(had_to_sit,),
            of=(sat,),
            n=exam.sat,
            total=exam.had_to_sit,
            by={"grade": exam.grade},
        ),
    ),
    unit="%",
    note="参考人数与应考人数之比。",
)
EXAM_PASS_RATE = Indicator(
    code="publicity.exam_pass_rate",
    zh="学法考试合格率",
    form=Form.RATIO,
    department="publicity",
    better=Better.UP,
    clauses=("publicity.officials",),
    flows=(Flow(EXAM, exam.held_date, over=(sat,), n=exam.passed, total=exam.sat, by={"grade": exam.grade}),),
    unit="%",
    note="合格人数与参考人数之比。",
)

INDICATORS = (
    INTEGRITY_ENTERPRISE_RATE,
    ENTERPRISE_EDUCATION_RATE,
    SCHOOL_FOUR_IN_PLACE_RATE,
    CADRE_STUDY_RATE,
    EXAM_PARTICIPATION_RATE,
    EXAM_PASS_RATE,
)
