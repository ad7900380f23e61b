# ruff: noqa: INP001 - a script, no package
"""Writes the demonstration district's templates of the documents of legal aid (文书).

Run after a change: python deploy/documents/legalaid.py. A bureau edits the .docx files with a word processor instead;
the names in double braces are those of services/legalaid/cases/document_texts.py. Of the person a document has only the
names that the domain permits it, and of the handler the reference in the register of practitioners.
"""

from __future__ import annotations

from wordfile import NUMBER, SERVED, seal, write

CENTRE = "{{ district }}法律援助中心"
SEAL = seal(CENTRE)
TO_APPLICANT = ("{{ person_name }}:",)
BLANK_LINE = "　　　　　　　　　　　　　　　　　　　　　　　　　　　　"
CASE = ("案件类别:{{ kind }}　援助事项:{{ matter }}",)
RECEIVED = "　　你于{{ received_date }}提出的法律援助申请(援助事项:{{ matter }})收悉。"
OBJECTION = (
    "　　如不服本决定,可以向{{ district }}书面提出异议。"
    "{% if objection.length %}{{ district }}自收到异议之日起{{ objection.length }}内进行审查,"
    "作出维持本决定或者责令给予法律援助的决定"
    "{% if objection.basis %}(依据:{{ objection.basis }}){% endif %}。{% endif %}"
)
RECOURSE = "　　对维持本决定的决定不服的,可以依法申请行政复议或者提起行政诉讼。"
OVERTURNED = (
    "　　你对本中心{{ decided_date }}作出的不予法律援助决定提出的异议,经{{ district }}审查成立,并责令给予法律援助。"
    "本中心决定对你给予法律援助。"
)
GRANTED = (
    "　　经审查,你的申请符合法律援助条件{% if hardship %}(经济困难依据:{{ hardship }}){% endif %},"
    "本中心决定对你给予法律援助。"
)
PROVIDED = "　　因{{ provide_first }},本中心已于{{ provided_date }}先行提供法律援助,现补办决定手续,由原承办人继续承办。"
NOTICE = (
    "　　贵单位关于{{ person_name }}一案的{{ path }}函,本中心于{{ received_date }}收悉。现指派承办人"
    "(执业人员登记标识:{{ handler }})自{{ assigned_date }}起为其提供法律援助,请予安排会见、阅卷等事宜。"
)
ASSIGNED = (
    "　　本中心于{{ granted_date }}决定对{{ person_name }}给予法律援助,现指派你自{{ assigned_date }}起承办本案。"
    "请及时与受援人联系,依法维护其合法权益。"
)
DUTIES = (
    "　　承办期间不得收取受援人任何财物,无正当理由不得拒绝、拖延或者终止承办;与本案有利害关系的,应当及时报告本中心。"
)

TEMPLATES = {
    "application": (
        "# 法律援助申请表",
        *NUMBER,
        "申请日期:{{ received_date }}　来源:{{ path }}",
        "申请人:{{ person_name }}　证件号码:{{ id_number }}",
        "住址:{{ address }}　电话:{{ phone }}",
        "所属群体:{{ groups }}",
        *CASE,
        "{%p if green_channel %}",
        "绿色通道事由:{{ green_channel }}",
        "{%p endif %}",
        "经济困难状况:{{ hardship }}",
        "{%p if monthly_income_fen %}",
        "家庭人均月收入:{{ monthly_income_fen }}",
        "{%p endif %}",
        "{%p if standard %}",
        "申请之日的经济困难标准:家庭人均月收入不高于{{ standard }}",
        "{%p endif %}",
        "案情简介和申请事由:",
        "　　{{ summary }}",
        "　　本人承诺以上内容和所提供的材料真实;如有虚假,愿承担相应的法律责任,并支付已实施法律援助的费用。",
        "申请人(签名或者按指印):　　　　　　　　　　　　年　　月　　日",
        "代理申请人(签名):　　　　　　　　与申请人的关系:　　　　　　　　",
        *SEAL,
    ),
    "receipt": (
        "# 申请材料接收凭证",
        *NUMBER,
        *TO_APPLICANT,
        "　　你提出的法律援助申请(援助事项:{{ matter }})及下列材料,已于{{ received_date }}收到:",
        "一、法律援助申请表　　　　份",
        "二、身份证明材料　　　　份",
        "三、经济困难状况说明或者证明材料　　　　份",
        "四、与申请事项有关的材料　　　　份",
        "五、其他:" + BLANK_LINE,
        "{%p if review.length %}",
        "　　本中心自收到申请之日起{{ review.length }}内作出是否给予法律援助的决定。",
        "{%p endif %}",
        "　　申请材料不齐全的,将一次性告知需要补充的内容,补充材料所用时间不计入审查期限。",
        "接收人(签名):　　　　　　　　提交人(签名):　　　　　　　　",
        *SEAL,
    ),
    "supplement": (
        "# 补充材料通知书",
        *NUMBER,
        *TO_APPLICANT,
        RECEIVED,
        "　　经审查,尚需补充下列材料或者作出说明:",
        "　　{{ requested }}",
        "　　请在{{ supplement_due_date }}前(含当日)提交。自本通知之日起至收到补充材料之日止,审查期限停止计算。",
        "　　未在上述期限内补充材料或者作出说明的,视为撤回申请。提交材料确有困难的,请及时与本中心联系。",
        *SEAL,
        *SERVED,
    ),
    "grant": (
        "# 给予法律援助决定书",
        *NUMBER,
        *TO_APPLICANT,
        RECEIVED,
        "{%p if overturned %}",
        OVERTURNED,
        "{%p else %}",
        GRANTED,
        "{%p endif %}",
        *CASE,
        "{%p if provided_date %}",
        PROVIDED,
        "{%p else %}",
        "　　本中心将{% if assign.length %}自本决定作出之日起{{ assign.length }}内{% endif %}指派承办人。",
        "{%p endif %}",
        "　　你有权了解援助进展,有权依法申请变更承办人;承办人不得收取任何财物。",
        "　　你应当如实陈述案情,提供证据,配合承办人办理案件;经济状况或者案件情况发生变化的,应当及时告知本中心。",
        *SEAL,
        *SERVED,
    ),
    "refusal": (
        "# 不予法律援助决定书",
        *NUMBER,
        *TO_APPLICANT,
        RECEIVED,
        "　　经审查,本中心决定不予法律援助。理由:{{ refusal_ground }}。",
        "{%p if not_in_hardship and standard %}",
        "　　你提出申请之日的经济困难标准为:家庭人均月收入不高于{{ standard }}。",
        "{%p endif %}",
        OBJECTION,
        RECOURSE,
        "{%p if overturned %}",
        "　　(附注:本决定经异议审查,已于{{ objection_decided_date }}被责令改正。)",
        "{%p endif %}",
        *SEAL,
        *SERVED,
    ),
    "assignment": (
        "# 法律援助指派函",
        *NUMBER,
        "{%p if notified %}",
        "{{ notifying_organ }}:",
        NOTICE,
        "{%p else %}",
        "承办人(执业人员登记标识:{{ handler }}):",
        ASSIGNED,
        "受援人:{{ person_name }}　电话:{{ phone }}",
        DUTIES,
        "{%p if return_file.length %}",
        "　　结案后,请自结案之日起{{ return_file.length }}内向本中心提交结案报告和案卷材料。",
        "{%p endif %}",
        "{%p endif %}",
        *CASE,
        *SEAL,
        "{%p if notified %}",
        "抄送:承办人",
        "{%p endif %}",
    ),
    "transfer": (
        "# 法律援助转交函",
        *NUMBER,
        "{{ transferred_unit }}:",
        "{%p if notified %}",
        "　　{{ notifying_organ }}关于{{ person_name }}一案的{{ path }}函,本中心于{{ received_date }}收悉。",
        "{%p else %}",
        "　　{{ person_name }}提出的法律援助申请,本中心于{{ received_date }}收到。",
        "{%p endif %}",
        *CASE,
        "　　经审查,该案不属于本中心管辖。现将有关材料转交你单位,请依法审查办理。",
        "　　转交情况由本中心告知{% if notified %}通知机关{% else %}申请人{% endif %}。",
        "　　附:案件材料　　　　份",
        *SEAL,
        "",
        "收件人(签名):　　　　　　　　收件日期:　　　　年　　月　　日",
    ),
    "closing": (
        "# 结案报告表",
        *NUMBER,
        "受援人:{{ person_name }}　所属群体:{{ groups }}",
        "案件来源:{{ path }}{% if notifying_organ %}　通知机关:{{ notifying_organ }}{% endif %}",
        *CASE,
        "收到日期:{{ received_date }}　给予援助日期:{{ granted_date }}",
        "承办人(执业人员登记标识):{{ handler }}",
        "指派日期:{{ assigned_date }}　承办日期:{{ begun_date }}　结案日期:{{ closed_date }}",
        "案情简介:",
        "　　{{ summary }}",
        "承办经过:",
        BLANK_LINE,
        BLANK_LINE,
        "{%p if referred_date %}",
        "移送调解日期:{{ referred_date }}",
        "{%p endif %}",
        "办理结果:{{ result }}{% if settled_before_litigation %}(诉前和解){% endif %}",
        "为受援人取得利益或者挽回损失:{{ recovered }}",
        "承办人(签名):　　　　　　　　　　　　年　　月　　日",
        "审核意见:" + BLANK_LINE,
        *SEAL,
    ),
    "subsidy": (
        "# 办案补贴发放表",
        *NUMBER,
        *CASE,
        "案件来源:{{ path }}",
        "承办人(执业人员登记标识):{{ handler }}",
        "{%p if closed_date %}",
        "结案日期:{{ closed_date }}　办理结果:{{ result }}",
        "{%p else %}",
        "援助终止日期:{{ ended_date }}",
        "{%p endif %}",
        "补贴金额:{{ subsidy }}　发放日期:{{ subsidy_date }}",
        "{%p if earmark %}",
        "经费来源:{{ earmark }}",
        "{%p endif %}",
        "领款人(签名):　　　　　　　　收款账号:　　　　　　　　　　　　",
        "经办人(签名):　　　　　　　　审批人(签名):　　　　　　　　",
        *SEAL,
    ),
    "service_return": (
        "# 送达回证",
        *NUMBER,
        "受送达人:{% if notified %}{{ notifying_organ }}{% else %}{{ person_name }}{% endif %}",
        "{%p if notified %}",
        "案由:{{ person_name }}一案({{ path }})",
        "{%p else %}",
        "案由:{{ matter }}",
        "{%p endif %}",
        "送达文书:",
        "{%p for paper in served %}",
        "{{ loop.index }}. {{ paper.title }}({{ paper.dated }})",
        "{%p endfor %}",
        "送达方式:直接送达□　留置送达□　委托送达□　邮寄送达□　电子送达□",
        "送达地点:" + BLANK_LINE,
        "受送达人(签名或者盖章):　　　　　　　　　　　　年　　月　　日",
        "代收人(签名):　　　　　　　　与受送达人的关系:　　　　　　　　",
        "送达人(签名):　　　　　　　　见证人(签名):　　　　　　　　",
        "备注:" + BLANK_LINE,
        "",
        "> " + CENTRE + "(盖章)",
        "承办单位:{{ office }}",
    ),
}


def main() -> None:
    """Write every template."""
    for stem, lines in TEMPLATES.items():
        write(f"legalaid_{stem}", lines)


if __name__ == "__main__":
    main()
