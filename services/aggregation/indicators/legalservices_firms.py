"""Firms and practitioners: how many, of what standing, assessed and trained every year; interns (机构、人员)."""

from __future__ import annotations

from collections.abc import Mapping

from geju.legalservices.v1 import firm_pb2 as fp
from geju.legalservices.v1 import firm_status_pb2 as sp
from geju.legalservices.v1 import practitioner_pb2 as pp
from geju.legalservices.v1 import yearly_assessment_pb2 as ap
from geju.legalservices.v1.facts_pb2 import (
    FirmFacts,
    FirmStatusFacts,
    InternshipFacts,
    TrainingFacts,
    YearlyAssessmentFacts,
)
from sqlalchemy import ColumnElement, Integer, Table, Text, cast, func, literal

from services.aggregation.indicator import PENDING, Better, Census, Condition, Form, Indicator, Steps, Work
from services.aggregation.indicators.legalservices_complaints import PRACTITIONER, p
from services.aggregation.periods import Level
from services.aggregation.sql import AS_OF, KNOWN, START, covered, happened, in_force, keyed, outer, year_start
from services.aggregation.tables import facts_table

FIRM = facts_table(FirmFacts)
STATUS = facts_table(FirmStatusFacts)
ASSESSMENT = facts_table(YearlyAssessmentFacts)
TRAINING = facts_table(TrainingFacts)
INTERNSHIP = facts_table(InternshipFacts)
f, status, a, t, intern = FIRM.c, STATUS.c, ASSESSMENT.c, TRAINING.c, INTERNSHIP.c
# Hours of training that a practitioner owes in a year.
HOURS = 40
YEARLY = frozenset({Level.YEAR})
FIRM_KEYS: Mapping[int, str] = {
    fp.FIRM_KIND_PARTNERSHIP: "partnership",
    fp.FIRM_KIND_INDIVIDUAL: "individual",
    fp.FIRM_KIND_OUTSIDE_BRANCH: "outside_branch",
    fp.FIRM_KIND_GRASSROOTS: "grassroots_office",
    fp.FIRM_KIND_NOTARY_OFFICE: "notary_office",
}
PRACTITIONER_KEYS: Mapping[int, str] = {
    pp.PRACTITIONER_KIND_LAWYER: "lawyer",
    pp.PRACTITIONER_KIND_GRASSROOTS: "grassroots_worker",
    pp.PRACTITIONER_KIND_NOTARY: "notary",
}


def has_status(kind: int, reason: str, zh: str) -> Condition:
    """Return that a firm has a status at the moment."""
    where = (status.firm == cast(outer(f["_id"]), Text), status.kind == kind, ~status.deleted)
    return Condition(covered((status.from_date, status.to_date), where=where), reason, zh)


def assessed(subject: ColumnElement[str], id_: ColumnElement[object]) -> ColumnElement[bool]:
    """Tell whether a firm or practitioner has been assessed for the year, be it after its end."""
    where = (subject == cast(outer(id_), Text), year_start(a.year) == START, a.assessed_date <= KNOWN, ~a.deleted)
    return happened(literal(1, Integer), where) > 0


def assessment(table: Table, subject: ColumnElement[str], keys: Mapping[int, str]) -> Census:
    """Return those licensed at the end of the year, once they can be judged, and whether they were assessed."""
    since, until, done = table.c.licensed_from_date, table.c.licensed_to_date, assessed(subject, table.c["_id"])
    return Census(
        table,
        since,
        until,
        over=(
            Condition(in_force(since, until), "not_at_end", "年末不在执业"),
            Condition((KNOWN > AS_OF) | done, *PENDING),
        ),
        of=(Condition(done, "not_assessed", "未作年度考核"),),
        by={"kind": keyed(table.c.kind, keys)},
        window=True,
    )


hours = happened(t.hours, where=(t.practitioner == cast(outer(p["_id"]), Text), t.held_date >= START, ~t.deleted))
all_year = Condition(
    (p.licensed_from_date <= START) & (p.licensed_to_date.is_(None) | (p.licensed_to_date >= AS_OF)),
    "part_of_year",
    "未全年执业",
)
trained = Condition(
    hours >= HOURS,
    "too_few_hours",
    f"当年培训未满{HOURS}学时",
    func.concat("已培训 ", hours, f" 学时,全年应满 {HOURS} 学时"),
)
outside_branch = Condition(f.kind == fp.FIRM_KIND_OUTSIDE_BRANCH, "no_outside_branch", "不是外地律师事务所分所")


def firms(code: str, zh: str, clause: str, condition: Condition) -> Indicator:
    """Return the number of licensed firms of some sort."""
    return Indicator(
        code=f"legalservices.{code}",
        zh=zh,
        form=Form.STOCK,
        department="legalservices",
        better=Better.UP,
        clauses=(f"legalservices.{clause}",),
        censuses=(Census(FIRM, f.licensed_from_date, f.licensed_to_date, over=(condition,)),),
        unit="家",
    )


ASSESSMENT_RATE = Indicator(
    code="legalservices.assessment_rate",
    zh="年度考核率",
    form=Form.QUOTA,
    department="legalservices",
    better=Better.UP,
    clauses=("legalservices.assessment",),
    censuses=(
        assessment(FIRM, a.firm, FIRM_KEYS),
        assessment(PRACTITIONER, a.practitioner, PRACTITIONER_KEYS),
    ),
    unit="%",
    levels=YEARLY,
    key_enum={"kind": ap.AssessedKind.DESCRIPTOR},
    note="年末在执业的机构和人员;考核多在次年进行,按所考核的年度计;年度未结束时只计已考核的。",
)
PRACTITIONERS = Indicator(
    code="legalservices.practitioners",
    zh="执业人员数",
    form=Form.STOCK,
    department="legalservices",
    better=Better.NONE,
    censuses=(Census(PRACTITIONER, p.licensed_from_date, p.licensed_to_date, by={"kind": p.kind}),),
    unit="人",
    note="期末在执业的人员,按现所在机构的单位计。",
)
SCALE_FIRMS = firms("scale_firms", "规模所数", "firms", has_status(sp.FIRM_STATUS_KIND_SCALE, "no_scale", "不是规模所"))
BRAND_FIRMS = firms("brand_firms", "品牌所数", "firms", has_status(sp.FIRM_STATUS_KIND_BRAND, "no_brand", "不是品牌所"))
SPECIALISED_FIRMS = firms(
    "specialised_firms",
    "专业特色所数",
    "specialised",
    has_status(sp.FIRM_STATUS_KIND_SPECIALISED, "not_specialised", "不是专业特色所"),
)
OUTSIDE_BRANCHES = firms("outside_branches", "引进分所数", "branches", outside_branch)
TRAINING_RATE = Indicator(
    code="legalservices.training_rate",
    zh="培训达标率",
    form=Form.QUOTA,
    department="legalservices",
    better=Better.UP,
    clauses=("legalservices.training",),
    censuses=(
        Census(
            PRACTITIONER,
            p.licensed_from_date,
            p.licensed_to_date,
            over=(all_year,),
            of=(trained,),
            window=True,
        ),
    ),
    unit="%",
    levels=YEARLY,
    note=f"全年执业的人员,当年各次培训合计满{HOURS}学时为达标;年度未结束时,年初至今一直执业的都计入总数。",
    work=Work("今年培训未满学时的执业人员", "参加培训", steps=(Steps(hours, HOURS, "学时"),)),
)
INTERNS = Indicator(
    code="legalservices.interns",
    zh="实习人员数",
    form=Form.STOCK,
    department="legalservices",
    better=Better.NONE,
    clauses=("legalservices.interns",),
    censuses=(Census(INTERNSHIP, intern.from_date, intern.to_date),),
    unit="人",
)

INDICATORS = (
    ASSESSMENT_RATE,
    PRACTITIONERS,
    SCALE_FIRMS,
    BRAND_FIRMS,
    SPECIALISED_FIRMS,
    OUTSIDE_BRANCHES,
    TRAINING_RATE,
    INTERNS,
)
