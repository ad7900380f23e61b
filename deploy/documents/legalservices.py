# ruff: noqa: INP001 - a script, no package
"""Writes the demonstration district's templates of the documents of legal services (文书).

Run after a change: python deploy/documents/legalservices.py. A bureau edits the .docx files with a word processor
instead; the names in double braces are those of services/legalservices/*/document_texts.py and letters.py. Whoever
complained is in no name that a document for the respondent or for another authority can use.
"""

from __future__ import annotations

from wordfile import NUMBER, SERVED, seal, write

TO_COMPLAINANT = ("{{ complainant }}:",)
TO_RESPONDENT = ("{{ respondent.name }}:",)
SEAL = seal("{{ district }}")
RESPONDENT = (
    "被投诉人:{{ respondent.name }}({{ respondent.kind }})",
    "{%p if respondent.firm %}",
    "所在机构:{{ respondent.firm }}",
    "{%p endif %}",
)
LICENCE = (
    "{%p if respondent.licence_number %}",
    "执业证(许可证)号:{{ respondent.licence_number }}",
    "{%p endif %}",
)
ALSO = "属于行政复议、行政诉讼受理范围的,也可以依法申请行政复议或者提起行政诉讼。"
APPEAL = (
    "　　如不服本{0},可以自收到之日起六十日内依法向本级人民政府或者上一级司法行政机关申请行政复议,"
    "也可以在法定期限内依法向人民法院提起行政诉讼。"
)
FOLLOWING = (
    "　　凭查询码可以通过本局公布的查询渠道了解办理状态和下一办理期限,无需登录,也无需说明身份。"
    "查询码只记载于本回执,请妥善保管,不要告知他人。"
)
WARNED = (
    "　　告知事项:调查人员已出示证件。被调查人有权陈述、申辩和提供证据;认为调查人员与本案有利害关系的,"
    "有权申请回避;应当如实回答询问,不得打听投诉人的情况,不得打击报复。"
)
REVIEW = "　　如不服本答复,可以自收到本答复书之日起三十日内向本局书面申请复查,并说明理由;" + ALSO
REVIEWED = (
    "　　你(单位)不服本局{{ answered_date }}的投诉答复,于{{ review_asked_date }}申请复查。"
    "本局由未参与原调查和签发的人员进行了复查。"
)
REVIEW_AGAIN = "　　如不服本复查决定,可以自收到之日起三十日内向上一级行政机关申请复核;" + ALSO
OF_PERSON = (
    "　　兹证明{{ subject.kind }}{{ subject.name }}(执业证号:{{ subject.licence_number }}"
    "{% if subject.firm %},执业机构:{{ subject.firm }}{% endif %}),"
    "在{{ year }}年度考核中,考核等次为:{{ grade }}。"
)
OF_FIRM = (
    "　　兹证明{{ subject.name }}({{ subject.kind }},执业许可证号:{{ subject.licence_number }}),"
    "在{{ year }}年度考核中,考核等次为:{{ grade }}。"
)

TEMPLATES = {
    "receipt": (
        "# 投诉登记回执",
        *NUMBER,
        *TO_COMPLAINANT,
        "　　你(单位)提出的投诉,本局已于{{ received_date }}收到并登记。",
        "投诉方式:{{ channel }}",
        *RESPONDENT,
        "投诉事由:{{ grounds }}",
        "{%p if evidence %}",
        "收到的证据材料:",
        "{%p for item in evidence %}",
        "{{ loop.index }}. {{ item }}",
        "{%p endfor %}",
        "{%p endif %}",
        "{%p if accept_due %}",
        "　　本局将在{{ accept_due }}前决定是否受理;需要补正材料的,另行通知,补正所用时间不计算在内。",
        "{%p endif %}",
        "查询码:{{ receipt_code }}",
        FOLLOWING,
        "　　本局对投诉人的信息予以保密,不向被投诉人透露。",
        *SEAL,
    ),
    "acceptance": (
        "# 投诉受理通知书",
        *NUMBER,
        *TO_COMPLAINANT,
        "　　你(单位)于{{ received_date }}提出的投诉收悉。",
        *RESPONDENT,
        "投诉事由:{{ grounds }}",
        "　　经审查,该投诉属于本局职责范围,本局决定自{{ accepted_date }}起受理。",
        "{%p if conclude_due %}",
        "　　本局将在{{ conclude_due }}前办结;情况复杂的,经批准可以依法延长一次。办结后书面答复你(单位)。",
        "{%p endif %}",
        "　　调查人员与被投诉人有利害关系的,你(单位)有权申请其回避。办理期间可以补充证据,也可以撤回投诉。",
        "　　办理进展可以凭投诉登记回执所载查询码查询。",
        *SEAL,
    ),
    "refusal": (
        "# 投诉不予受理通知书",
        *NUMBER,
        *TO_COMPLAINANT,
        "　　你(单位)于{{ received_date }}提出的投诉收悉。",
        *RESPONDENT,
        "投诉事由:{{ grounds }}",
        "　　经审查,该投诉存在下列情形:{{ refusal_ground }}。本局决定不予受理。",
        "　　对本决定有异议的,可以向本局书面陈述理由并补充材料;有新的事实和证据的,可以重新投诉。",
        APPEAL.format("决定"),
        *SEAL,
    ),
    "supplement": (
        "# 补正材料通知书",
        *NUMBER,
        *TO_COMPLAINANT,
        "　　你(单位)于{{ received_date }}提出的投诉收悉。",
        *RESPONDENT,
        "　　经审查,尚需补正下列材料或者说明:",
        "　　{{ supplement.requested }}",
        "　　请在{{ supplement.due }}前向本局提交。自本通知之日起至收到补正材料之日止,办理期限停止计算。",
        "　　无正当理由逾期不补正的,本局可以不予受理或者根据现有材料办理。",
        "　　提交时请注明本通知书编号;不愿透露身份的,可以凭投诉登记回执所载查询码说明来意。",
        *SEAL,
    ),
    "investigation": (
        "# 投诉调查笔录",
        *NUMBER,
        "调查时间:{{ investigating_date }}至{{ investigated_date }}",
        "调查地点:　　　　　　　　　　　　　　　　",
        *RESPONDENT,
        *LICENCE,
        "调查事项:{{ grounds }}",
        WARNED,
        "查明情况:",
        "　　{{ findings }}",
        "被调查人的陈述和申辩:",
        "　　　　　　　　　　　　　　　　　　　　　　　　　　　　",
        "　　　　　　　　　　　　　　　　　　　　　　　　　　　　",
        "以上笔录已阅(已向我宣读),与所述一致。",
        "被调查人(签名):　　　　　　　　　　　　年　　月　　日",
        "调查人(签名):　　　　　　　　记录人(签名):　　　　　　　　",
        *SEAL,
    ),
    "decision": (
        "# 投诉处理决定书",
        *NUMBER,
        *TO_RESPONDENT,
        *RESPONDENT,
        *LICENCE,
        "　　关于反映你(单位){{ grounds }}的投诉,本局于{{ accepted_date }}受理并依法进行了调查,现已办结。",
        "{%p if findings %}",
        "　　经查明:",
        "　　{{ findings }}",
        "{%p endif %}",
        "{%p if not changed %}",
        "　　本局认定:投诉事项{{ outcome }}。",
        "{%p endif %}",
        "　　处理决定:",
        "　　{{ decision }}",
        "{%p if changed %}",
        "　　经复查,本局于{{ review_decided_date }}将认定变更为:投诉事项{{ outcome }}。",
        "{%p endif %}",
        APPEAL.format("决定"),
        "　　不得以任何方式打听投诉人情况或者对其打击报复;违反的,依法追究责任。",
        *SEAL,
        *SERVED,
    ),
    "answer": (
        "# 投诉答复书",
        *NUMBER,
        *TO_COMPLAINANT,
        "　　你(单位)于{{ received_date }}提出的投诉,本局已办结。",
        *RESPONDENT,
        "投诉事由:{{ grounds }}",
        "{%p if outcome and not changed %}",
        "处理结论:{{ outcome }}",
        "{%p endif %}",
        "　　现答复如下:",
        "　　{{ answer }}",
        REVIEW,
        *SEAL,
        *SERVED,
    ),
    "review_decision": (
        "# 投诉复查决定书",
        *NUMBER,
        *TO_COMPLAINANT,
        REVIEWED,
        *RESPONDENT,
        "投诉事由:{{ grounds }}",
        "复查结论:{{ review_outcome }}原处理结论",
        "{%p if changed and outcome %}",
        "变更后的处理结论:{{ outcome }}",
        "{%p endif %}",
        "　　复查决定如下:",
        "　　{{ review_decision }}",
        REVIEW_AGAIN,
        *SEAL,
        *SERVED,
    ),
    "penalty_proposal": (
        "# 行政处罚建议书",
        *NUMBER,
        "市司法局:",
        *RESPONDENT,
        *LICENCE,
        "{%p if grounds %}",
        "涉嫌违法事项:{{ grounds }}",
        "{%p endif %}",
        "{%p if findings %}",
        "　　经我局调查,查明:",
        "　　{{ findings }}",
        "{%p endif %}",
        "　　上述行为应否给予行政处罚,超出我局职权。现提出如下建议:",
        "　　{{ content }}",
        "　　请依法审查决定,并将结果书面告知我局。",
        "　　附:调查材料(投诉人信息已作保密处理)",
        *SEAL,
    ),
    "certificate": (
        "# 年度考核结果证明",
        *NUMBER,
        "{%p if person %}",
        OF_PERSON,
        "{%p else %}",
        OF_FIRM,
        "{%p endif %}",
        "考核机关:{{ assessed_by }}",
        "考核日期:{{ dated }}",
        "　　对考核结果有异议的,可以依法向考核机关申请复核。",
        "　　特此证明。",
        "",
        "> {{ district }}(盖章)",
        "> {{ today }}",
    ),
}


def main() -> None:
    """Write every template."""
    for stem, lines in TEMPLATES.items():
        write(f"legalservices_{stem}", lines)


if __name__ == "__main__":
    main()
