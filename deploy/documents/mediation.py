# ruff: noqa: INP001 - a script, no package
"""Writes the demonstration district's templates of mediation documents (文书).

Run after a change: python deploy/documents/mediation.py. A bureau edits the .docx files with a word processor instead;
the names in double braces are those of services/mediation/document_texts.py.
"""

from __future__ import annotations

from wordfile import write

HEAD = ("> 编号:{{ number }}",)
PARTIES = (
    "当事人基本情况:",
    "{%p for party in parties %}",
    "{{ party.side }}:{{ party.full_name }}　证件号码:{{ party.id_number }}",
    "住址:{{ party.address }}　电话:{{ party.phone }}　代理人:{{ party.representative }}",
    "{%p endfor %}",
)
SIGNED = (
    "当事人(签名盖章或按指印):　　　　　　　　　　　　　　",
    "人民调解员(签名):{{ mediator }}　{{ co_mediators }}",
    "记录人(签名):　　　　　　",
)
SEAL = ("> {{ committee }}(印章)", "> {{ today }}")
RIGHTS = (
    "在人民调解活动中,当事人享有下列权利:",
    "一、选择或者接受人民调解员;",
    "二、接受调解、拒绝调解或者要求终止调解;",
    "三、要求调解公开进行或者不公开进行;",
    "四、自主表达意愿、自愿达成调解协议。",
    "当事人履行下列义务:",
    "一、如实陈述纠纷事实;",
    "二、遵守调解现场秩序,尊重人民调解员;",
    "三、尊重对方当事人行使权利。",
    "经调解达成的调解协议具有法律约束力,当事人应当按照约定履行。",
)
TEMPLATES = {
    "acceptance_form": (
        "# 人民调解受理登记表",
        *HEAD,
        "登记日期:{{ registered_date }}　受理日期:{{ accepted_date }}",
        "来源:{{ channel }}　移送单位:{{ referrer.unit }}　文号:{{ referrer.reference }}",
        "纠纷类型:{{ type }}　调解类型:{{ kind }}　重大纠纷:{{ major }}　涉案金额:{{ amount }}",
        *PARTIES,
        "纠纷简要情况:",
        "{{ summary }}",
        "当事人申请(签名盖章或按指印):　　　　　　　　　　",
        "人民调解员(签名):{{ mediator }}",
        *SEAL,
    ),
    "rights_notice": (
        "# 当事人权利义务告知书",
        *HEAD,
        "{{ applicants }}、{{ respondents }}:",
        *RIGHTS,
        "以上内容已知悉。当事人(签名盖章或按指印):　　　　　　　　",
        "告知日期:　　　　年　　月　　日",
        *SEAL,
    ),
    "record": (
        "# 人民调解记录",
        *HEAD,
        *PARTIES,
        "{%p for session in sessions %}",
        "时间:{{ session.held_date }}　地点:{{ session.venue }}",
        "邀请参加:{{ session.invited }}",
        "调解记录:{{ session.minutes }}",
        "调解结果:{{ session.outcome }}",
        "{%p endfor %}",
        *SIGNED,
        *SEAL,
    ),
    "agreement": (
        "# 人民调解协议书",
        *HEAD,
        *PARTIES,
        "纠纷的主要事实、争议事项:",
        "{{ summary }}",
        "经调解,双方自愿达成如下协议:",
        "{{ agreement.content }}",
        "履行方式、期限:{{ agreement.manner }};{{ agreement.fulfilment }}。",
        "本协议自{{ agreement.in_force_date }}起生效,一式{{ parties|length + 1 }}份,当事人、人民调解委员会各执一份。",
        *SIGNED,
        *SEAL,
    ),
    "oral_agreement": (
        "# 人民调解口头协议登记表",
        *HEAD,
        *PARTIES,
        "纠纷的主要事实、争议事项:",
        "{{ summary }}",
        "口头协议内容:",
        "{{ agreement.content }}",
        "履行方式、期限:{{ agreement.manner }}。",
        "达成协议日期:{{ agreement.in_force_date }}",
        *SIGNED,
        *SEAL,
    ),
    "return_visit": (
        "# 人民调解回访记录",
        *HEAD,
        "当事人:{{ applicants }}、{{ respondents }}",
        "协议生效日期:{{ agreement.in_force_date }}",
        "回访日期:{{ visit.visit_date }}",
        "协议履行情况:{{ visit.fulfilled }}　当事人意见:{{ visit.satisfied }}",
        "回访情况:{{ visit.note }}",
        "被回访人(签名):　　　　　　　回访人(签名):{{ mediator }}",
        *SEAL,
    ),
    "feedback_letter": (
        "# 调解结果反馈函",
        "> 函号:{{ feedback_reference }}",
        "{{ referrer.unit }}:",
        "贵单位移送(委托)的{{ applicants }}与{{ respondents }}{{ type }}纠纷(来文:{{ referrer.reference }}),",
        "本会于{{ accepted_date }}受理,{{ closed_date }}办结。调解结果:{{ outcome }}。",
        "特此函告。",
        *SEAL,
    ),
    "refusal_notice": (
        "# 不予受理通知书",
        *HEAD,
        "{{ applicants }}:",
        "你(单位)与{{ respondents }}的{{ type }}纠纷调解申请收悉。",
        "经审查,因{{ refusal_ground }},依法不予受理。{{ refusal_note }}",
        "你(单位)可以通过仲裁、行政、司法等途径维护自己的权利。",
        "通知日期:{{ refused_date }}",
        *SEAL,
    ),
    "end_notice": (
        "# 终止调解通知书",
        *HEAD,
        "{{ applicants }}、{{ respondents }}:",
        "本会受理的{{ type }}纠纷,经调解{{ outcome }}({{ failure_ground }}),于{{ closed_date }}终止调解。",
        "当事人可以依法通过仲裁、行政、司法等途径维护自己的权利。",
        *SEAL,
    ),
}


def main() -> None:
    """Write every template."""
    for stem, lines in TEMPLATES.items():
        write(f"mediation_{stem}", lines)


if __name__ == "__main__":
    main()
