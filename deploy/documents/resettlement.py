# ruff: noqa: INP001 - a script, no package
"""Writes the demonstration district's templates of resettlement documents (文书).

Run after a change: python deploy/documents/resettlement.py. A bureau edits the .docx files with a word processor
instead; the names in double braces are those of services/correction/resettlement/document_texts.py.
"""

from __future__ import annotations

from wordfile import write

PERSON = (
    "姓名:{{ full_name }}　性别:{{ sex }}　出生年份:{{ birth_year }}　证件号码:{{ id_number }}",
    "居住地:{{ address }}　电话:{{ phone }}　户籍:{{ household }}",
    "来源:{{ source }}　释放单位:{{ released_from }}　释放日期:{{ released_date }}",
)
SEAL = ("> {{ office }}(印章)", "> {{ today }}")
TEMPLATES = {
    "helping_agreement": (
        "# 帮教协议书",
        "> 编号:{{ agreement.number }}",
        "甲方(帮教小组)成员:",
        "{%p for helper in agreement.helpers %}",
        "{{ helper.full_name }}({{ helper.kind }})　电话:{{ helper.phone }}",
        "{%p endfor %}",
        "乙方(归正人员):",
        *PERSON,
        "为帮助乙方顺利回归社会,甲乙双方自愿订立本协议:",
        "一、甲方定期走访、谈心,了解乙方的思想、生活和就业情况,帮助解决实际困难;",
        "二、甲方为乙方提供政策法律咨询、技能培训和就业信息;",
        "三、乙方遵守法律法规,主动汇报思想和生活情况,外出或者变更住所及时告知甲方;",
        "四、双方约定:{{ agreement.content }}",
        "本协议自{{ agreement.from_date }}起,至{{ agreement.to_date }}止,一式三份,甲方、乙方、司法所各执一份。",
        "甲方代表(签名):　　　　　　　　乙方(签名):　　　　　　　　",
        *SEAL,
    ),
    "grant_statement": (
        "# 过渡性安置补助金发放表",
        "> 编号:{{ grant.number }}",
        *PERSON,
        "补助事由:{{ grant.ground }}",
        "补助金额:{{ grant.amount }}　审批日期:{{ grant.granted_date }}",
        "发放日期:{{ grant.paid_date }}",
        "领款人(签名):　　　　　　　　　发放人(签名):　　　　　　　　",
        "审批人(签名):　　　　　　　　　",
        *SEAL,
    ),
}


def main() -> None:
    """Write every template."""
    for stem, lines in TEMPLATES.items():
        write(f"resettlement_{stem}", lines)


if __name__ == "__main__":
    main()
