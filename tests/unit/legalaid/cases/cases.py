"""Legal-aid cases for tests, in the demonstration district; everybody in them is invented."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from geju.legalaid.v1 import aid_case_pb2 as pb

from services.chassis.domain.rules import Rules
from services.chassis.profile_file import load
from services.legalaid.domain.cases import consistency
from tests.support.records import changed, on, ref, rules_of

PROFILE = load(Path(__file__).parents[4] / "deploy/districts/lucheng")
TODAY = date(2024, 12, 31)
HANDLER, OTHER, THIRD = (ref("practitioners", number) for number in (1, 2, 3))


def rules(today: date = TODAY) -> Rules:
    """Return the rules at 10 o'clock in the morning of a day in Shanghai."""
    return rules_of(PROFILE, today)


RULES = rules()
APPLICATION = pb.AidCase(
    office="wuma",
    person_name="示例甲",
    received_date=on(2024, 3, 1),
    path=pb.AID_PATH_APPLICATION,
    groups=[pb.AID_GROUP_WOMAN],
    kind=pb.AID_KIND_CIVIL,
    matter=pb.AID_MATTER_SUPPORT,
    hardship=pb.HARDSHIP_BASIS_EVIDENCE,
    monthly_income_fen=100_000,
)
NOTICE: dict[str, Any] = {
    "path": pb.AID_PATH_NOTIFIED_DEFENCE,
    "kind": pb.AID_KIND_CRIMINAL,
    "matter": pb.AID_MATTER_CRIMINAL_DEFENCE,
    "hardship": None,
    "monthly_income_fen": None,
    "notifying_organ": "示例法院",
}
GRANTED: dict[str, Any] = {"granted_date": on(2024, 3, 4), "decided_date": on(2024, 3, 4)}
ASSIGNED = GRANTED | {"practitioner": HANDLER, "assigned_date": on(2024, 3, 5), "first_assigned_date": on(2024, 3, 5)}
BEGUN = ASSIGNED | {"begun_date": on(2024, 3, 6)}
CLOSED = BEGUN | {"closed_date": on(2024, 6, 3), "result": pb.AID_RESULT_WON, "recovered_fen": 1_000_000}
RETURNED = CLOSED | {"file_returned_date": on(2024, 6, 10)}
RATED = RETURNED | {"rated_date": on(2024, 7, 1), "grade": pb.FILE_GRADE_GOOD}
REFUSED: dict[str, Any] = {
    "decided_date": on(2024, 3, 4),
    "refusal_ground": pb.AID_REFUSAL_GROUND_OUT_OF_SCOPE,
    "refuser": "somebody",
}
OBJECTED = REFUSED | {"objected_date": on(2024, 3, 8)}
OVERTURNED: dict[str, Any] = OBJECTED | {
    "objection_decided_date": on(2024, 3, 11),
    "objection_outcome": pb.OBJECTION_OUTCOME_OVERTURNED,
    "granted_date": on(2024, 3, 11),
}
WAITING: dict[str, Any] = {
    "pauses": [
        pb.AidPause(from_date=on(2024, 3, 4), supplement_due_date=on(2024, 3, 20), requested="收入证明"),
    ]
}
#: What leads to each state.
STATES: dict[int, dict[str, Any]] = {
    pb.AidCase.STATE_RECEIVED: {},
    pb.AidCase.STATE_SUPPLEMENT_REQUESTED: WAITING,
    pb.AidCase.STATE_WITHDRAWN: {"withdrawn_date": on(2024, 3, 4)},
    pb.AidCase.STATE_TRANSFERRED: {"transferred_date": on(2024, 3, 4), "transferred_unit": "示例中心"},
    pb.AidCase.STATE_REFUSED: REFUSED,
    pb.AidCase.STATE_OBJECTED: OBJECTED,
    pb.AidCase.STATE_GRANTED: GRANTED,
    pb.AidCase.STATE_ASSIGNED: ASSIGNED,
    pb.AidCase.STATE_IN_PROGRESS: BEGUN,
    pb.AidCase.STATE_CLOSED: CLOSED,
    pb.AidCase.STATE_FILE_RETURNED: RETURNED,
    pb.AidCase.STATE_RATED: RATED,
    pb.AidCase.STATE_ENDED: BEGUN | {"ended_date": on(2024, 4, 1), "end_ground": pb.AID_END_GROUND_OWN_WISH},
}


def case(**fields: Any) -> pb.AidCase:
    """Return a case as the check leaves it."""
    made: pb.AidCase = changed(APPLICATION, **fields)
    consistency.check(made, None, RULES)
    return made
