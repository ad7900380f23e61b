# ruff: noqa: INP001 - a script, no package
"""Writes the demonstration district's templates of the documents of supervision (监督管理文书).

Run after a change: python deploy/documents/supervision.py. A bureau edits the .docx files with a word processor
instead; the names in double braces are those of services/correction/supervision/document_texts.py.
"""

from __future__ import annotations

from wordfile import write

HEAD = ("> 编号:{{ number }}",)
PERSON = (
    "姓名:{{ full_name }}　性别:{{ sex }}　出生年份:{{ birth_year }}",
    "证件号码:{{ id_number }}　联系电话:{{ phone }}",
    "居住地:{{ address }}",
    "矫正类别:{{ sentence }}　罪名类别:{{ offence_class }}",
    "矫正期限:{{ term_from_date }}至{{ term_to_date }}",
)
SEAL = ("> {{ office }}(盖章)", "> {{ today }}")
BUREAU = ("> {{ district }}(盖章)", "> {{ today }}")
RECEIVED = ("本人已收到并知悉上述内容。", "社区矫正对象(签名):　　　　　　　　年　　月　　日")
MEASURE = (
    "经查明:{{ measure.facts_found }}",
    "以上事实属于:{{ measure.ground }}。{{ measure.rule }}",
)

TEMPLATES = {
    "notice": (
        "# 社区矫正对象报到通知书",
        *HEAD,
        "{{ full_name }}:",
        "{{ notifying_unit }}({{ notifier }})的判决、裁定或决定已于{{ judgment_date }}生效,",
        "对你实行社区矫正({{ sentence }}),",
        "矫正期限自{{ term_from_date }}起至{{ term_to_date }}止。",
        "请你于{{ report_due }}前持本通知书到{{ office }}报到,接受社区矫正。",
        "逾期不报到的,依法承担相应的法律后果。",
        *RECEIVED,
        *SEAL,
    ),
    "plan": (
        "# 社区矫正方案",
        *HEAD,
        *PERSON,
        "报到日期:{{ taken_over_date }}　宣告日期:{{ declared_date }}",
        "管理等级:{{ level }}　重点对象事由:{{ key_ground }}",
        "责任人:{{ officer }}",
        "矫正措施:",
        "{{ plan }}",
        "矫正小组成员(签名):",
        *RECEIVED,
        *SEAL,
    ),
    "reprimand": (
        "# 社区矫正对象训诫决定书",
        "> 文号:{{ measure.number }}",
        *PERSON,
        *MEASURE,
        "决定自{{ measure.decided_date }}起给予训诫。望引以为戒,遵守法律和监督管理规定。",
        *RECEIVED,
        *SEAL,
    ),
    "warning": (
        "# 社区矫正对象警告决定书",
        "> 文号:{{ measure.number }}",
        *PERSON,
        *MEASURE,
        "依据{{ measure.basis }},决定自{{ measure.decided_date }}起给予警告。",
        "如再违反监督管理规定,将依法提请从严处理。",
        *RECEIVED,
        *BUREAU,
    ),
    "proposal": (
        "# {{ measure.kind }}建议书",
        "> 文号:{{ measure.number }}",
        "{{ notifying_unit }}:",
        *PERSON,
        *MEASURE,
        "依据{{ measure.basis }},现{{ measure.kind }}。",
        "请依法审查,并将结果书面答复我局。",
        "附:社区矫正档案材料",
        *BUREAU,
    ),
    "end_certificate": (
        "# 解除社区矫正证明书",
        *HEAD,
        *PERSON,
        "社区矫正对象{{ full_name }},因{{ end_ground }},自{{ ended_date }}起解除社区矫正。",
        "特此证明。",
        *BUREAU,
        "领取人(签名):　　　　　　　　年　　月　　日",
    ),
}


def main() -> None:
    """Write every template."""
    for stem, lines in TEMPLATES.items():
        write(f"correction_{stem}", lines)


if __name__ == "__main__":
    main()
