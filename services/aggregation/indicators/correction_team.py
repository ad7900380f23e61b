"""Who does the work of correction and how it is kept together: officers, volunteers, meetings, drills (队伍、协作)."""

from __future__ import annotations

from geju.correction.v1 import correction_officer_pb2 as pb
from geju.correction.v1.facts_pb2 import (
    CorrectionOfficerFacts,
    CorrectionVolunteerFacts,
    EmergencyDrillFacts,
    MemberUnitMeetingFacts,
)
from sqlalchemy import BigInteger, literal

from services.aggregation.indicator import Better, Census, Condition, Flow, Form, Indicator
from services.aggregation.indicators.correction_persons import PERSON, p
from services.aggregation.tables import facts_table

OFFICER = facts_table(CorrectionOfficerFacts)
VOLUNTEER = facts_table(CorrectionVolunteerFacts)
MEETING = facts_table(MemberUnitMeetingFacts)
DRILL = facts_table(EmergencyDrillFacts)
officer, volunteer = OFFICER.c, VOLUNTEER.c
NOTHING = literal(0, BigInteger)
# Officers are held against hundreds of persons; both are kept a hundredfold so that they stay whole numbers.
PER = 100

full_time = Condition(
    officer.kind.in_((pb.OFFICER_KIND_FULL_TIME, pb.OFFICER_KIND_SOCIAL_WORKER)), "part_time", "不是专职力量"
)

OFFICERS_RATIO = Indicator(
    code="correction.officers_ratio",
    zh="专职力量配比",
    form=Form.SHARE,
    department="correction",
    better=Better.UP,
    clauses=("correction.team",),
    censuses=(
        Census(
            OFFICER,
            officer.from_date,
            officer.to_date,
            over=(full_time,),
            n=literal(PER, BigInteger),
            total=NOTHING,
        ),
        Census(PERSON, p.taken_over_date, p.ended_date, n=NOTHING),
    ),
    unit="人/百人",
    scale=PER,
)
VOLUNTEERS = Indicator(
    code="correction.volunteers",
    zh="矫正志愿者数",
    form=Form.STOCK,
    department="correction",
    better=Better.UP,
    clauses=("correction.team",),
    censuses=(Census(VOLUNTEER, volunteer.from_date, volunteer.to_date),),
    unit="人",
)
MEMBER_UNIT_MEETINGS = Indicator(
    code="correction.member_unit_meetings",
    zh="成员单位会议数",
    form=Form.COUNT,
    department="correction",
    better=Better.UP,
    clauses=("correction.member-units",),
    flows=(Flow(MEETING, MEETING.c.held_date),),
    unit="次",
)
EMERGENCY_DRILLS = Indicator(
    code="correction.emergency_drills",
    zh="应急演练数",
    form=Form.COUNT,
    department="correction",
    better=Better.NONE,
    clauses=("correction.emergency",),
    flows=(Flow(DRILL, DRILL.c.held_date),),
    unit="次",
)

INDICATORS = (OFFICERS_RATIO, VOLUNTEERS, MEMBER_UNIT_MEETINGS, EMERGENCY_DRILLS)
