"""Random lawful histories through the real pipeline: gRPC, outbox, relay, NATS, projection, figures.

Histories are late, corrected, reopened and deleted by their nature (tests/support/story*.py); on the stream old
messages are repeated in any order meanwhile. Every figure of every office and period must equal a naive recount.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Mapping
from datetime import date

import pytest

from services.aggregation.catalogue import INDICATORS
from services.chassis.domain.dates import from_date
from services.chassis.testing import eventually
from services.recount.counting import Figures
from services.recount.recount import recount
from tests.support import broker
from tests.support.load import beginners, count, require_nothing_lost, tell
from tests.support.story import Teller
from tests.support.system import System

pytestmark = pytest.mark.timeout(240)
STEPS = 700
ROUNDS = 4
REPEATS = 80
#: So much longer may the stories become until every kind of step was taken.
MORE, AT_MOST = 100, 20
#: Steps that a history without them would not be worth telling.
OF_MEDIATION = {
    "AcceptDispute",
    "RecordSession",
    "CloseDispute",
    "RecordFulfilment",
    "RecordReturnVisit",
    "ReopenDispute",
    "CorrectDispute",
    "DeleteDispute",
    "ApplyConfirmation",
    "UpdateSession",
    "CreateScreening",
    "RecordBreach",
    "DraftStatements",
    "CreateFundEntry",
    "SettleWarning",
}
OF_CORRECTION = {
    "TakeOverPerson", "RecordNeverReported", "DeclareCorrection", "ChangeLevel", "ChangeKeyStatus", "ChangeTerm",
    "AskTransfer", "AcceptTransfer", "RefuseTransfer", "EndCorrection", "CorrectSupervisedPerson",
    "DeleteSupervisedPerson", "RecordDuty", "ExcuseDuty", "CorrectDuty", "ImportDuties", "ApproveLeave", "RefuseLeave",
    "RecordReturn", "RecordSearch", "RecordFound", "RecordConviction", "DecideMeasure", "RejectMeasure", "RecordAnswer",
    "CreatePositioning", "CreateHelpAct", "LinkPerson", "RecordNotLinked", "RegisterPerson", "AcceptListing",
    "CloseReleasedPerson", "UpdateReleasedPerson", "CorrectReleasedPerson", "DeleteReleasedPerson",
    "CreateHelpingAgreement", "CreateReleasedVisit", "CorrectReleasedVisit", "CreatePlacement", "PayGrant",
    "CorrectTransitionGrant", "RecordRegained", "CreateBaseStay", "CloseSurvey", "CreateMemberUnitMeeting",
    "CreateEmergencyDrill",
}  # fmt: skip
OF_LEGALSERVICES = {
    "AcceptComplaint", "RefuseComplaint", "TransferComplaint", "RequestSupplement", "RecordSupplement",
    "AssignInvestigator", "RecordInvestigation", "ExtendComplaint", "ConcludeComplaint", "TakeMeasure",
    "AnswerComplaint", "ReplyToUnit", "RecordSatisfaction", "AskReview", "DecideReview", "ArchiveComplaint",
    "UpdateComplaint", "CorrectComplaint", "DeleteComplaint", "ImportComplaints", "CreateSanction", "CorrectSanction",
    "RecordProposalOutcome", "TransferPractitioner", "EndLicence", "CloseFirm", "CorrectFirm", "CorrectPractitioner",
    "CreateFirmStatus", "CreateYearlyAssessment", "CreateTraining", "CreateInternship", "CreateCounselContract",
    "CreateCounselService", "CreatePairing", "CreateAdvisedMatter", "CreateLeaderVisit", "CreateServiceEvent",
    "CreateCardHandout", "CreateSymposium", "CreateSuggestion", "CreateLiaisonMeeting", "CreateLiaisonRule",
}  # fmt: skip
#: Others have steps of the same names.
OF_LEGALAID = {
    *(f"AidCaseService/{verb}" for verb in (
        "CreateAidCase", "UpdateAidCase", "CorrectAidCase", "DeleteAidCase", "ImportAidCases", "RequestSupplement",
        "RecordSupplement", "WithdrawApplication", "ProvideFirst", "GrantAid", "RefuseAid", "RecordObjection",
        "DecideObjection", "AnswerNotice", "TransferApplication", "AssignHandler", "ReassignHandler", "BeginCase",
        "ReferToMediation", "CloseCase", "EndAid", "ReturnFile", "RateFile", "PaySubsidy",
    )),
    "ConsultationService/RecordConsultations", "ConsultationService/CorrectConsultation",
    "StationService/CreateStation", "StationService/UpdateStation", "TravelTimeService/CreateTravelTime",
    "TravelTimeService/ImportTravelTimes", "AidVolunteerService/CreateAidVolunteer",
    "VolunteerShiftService/CreateVolunteerShift", "FeeReliefService/CreateFeeRelief",
    "AidSurveyAnswerService/CreateAidSurveyAnswer", "legalaid.FundEntryService/CreateFundEntry",
}  # fmt: skip

OF_PUBLICITY = {
    "CreateActivity", "HoldActivity", "CancelActivity", "RecordHeldActivity", "UpdateActivity", "CorrectActivity",
    "DeleteActivity", "ImportActivities", "CreateMaterialHandout", "CorrectMaterialHandout", "DeleteMaterialHandout",
    "CreateStudySession", "CorrectStudySession", "CreateExam", "CorrectExam", "CreateNewsItem", "CorrectNewsItem",
    "CreateYearPlan", "UpdateYearPlan", "CreateFacility", "UpdateFacility", "DeleteFacility", "CreateMarket",
    "UpdateEnterprise", "CreateEducationSession", "CorrectEducationSession", "CreateSchoolYear", "UpdateSchoolYear",
    "CorrectSchoolYear",
}  # fmt: skip


@pytest.fixture(scope="module")
async def tellers(system: System) -> list[Teller]:
    """Begin two stories."""
    return await beginners(system, 7, 8)


@pytest.mark.parametrize("part", range(ROUNDS))
async def test_every_figure_equals_a_recount(system: System, tellers: list[Teller], part: int) -> None:
    """Whatever happens in whatever order, and however often it is told, all figures are those of the records."""
    chance = random.Random(part)
    await asyncio.gather(*(tell(teller, STEPS) for teller in tellers), _mischief(system, chance))
    await require_nothing_lost(system, tellers)
    await system.until_equal(60)


async def _mischief(system: System, chance: random.Random) -> None:
    for _ in range(3):
        await broker.repeat(system, chance, REPEATS)


def untold(tellers: list[Teller]) -> set[str]:
    """Return the steps that nobody has taken, and what of a referral or a sheet nobody has got."""
    told = {method for teller in tellers for method in teller.told}
    of_any_service = OF_MEDIATION | OF_CORRECTION | OF_LEGALSERVICES | OF_PUBLICITY
    missing = of_any_service - {method.partition("/")[2] for method in told}
    missing |= OF_LEGALAID - told
    for collection, field in (("disputes", "aid_case"), ("aidCases", "origin_dispute"), ("activities", "key")):
        if not any(getattr(one, field) for teller in tellers for one in teller.of(collection)):
            missing.add(f"{collection}.{field}")
    return missing


async def test_the_histories_were_worth_telling(system: System, tellers: list[Teller]) -> None:
    """Most of what was tried is lawful, and every kind of step was taken, rare ones after a while."""
    for _ in range(AT_MOST):
        if untold(tellers):
            await asyncio.gather(*(tell(teller, MORE) for teller in tellers))
    assert set() == untold(tellers)
    await system.until_equal(60)
    shown = {code for code, *_ in await system.figures()}
    assert set() == {one.code for one in INDICATORS if one.area == "publicity"} - shown
    sealed = [one.office for teller in tellers for one in teller.of("complaints") if one.sealed]
    refused = sum((teller.refused for teller in tellers), Counter[tuple[str, str]]())
    assert {tellers[0].profile.code} == set(sealed)
    assert refused.total() < count(tellers) / 2, refused.most_common(20)


async def test_a_replay_of_everything_changes_nothing(system: System, tellers: list[Teller]) -> None:
    """The whole stream told once more in any order leaves every figure as it is."""
    await system.until_equal(60)
    before = await system.figures()
    again = await broker.repeat(system, random.Random(1), 10**6)
    await _until_read(system)
    assert len(again) > STEPS
    assert before == await system.figures()


async def test_a_rebuild_gives_the_same_figures(system: System, tellers: list[Teller]) -> None:
    """A projection built from nothing but the stream equals the one that grew with it."""
    await system.until_equal(60)
    before = await system.figures()
    operations = system.caller("operations", service="aggregation")
    steps = [step async for step in operations.stream("ProofService/Rebuild")]
    assert 0 == steps[-1].differing_figures
    await system.until_equal(60)
    assert before == await system.figures()


async def test_the_board_shows_what_was_recounted(system: System, tellers: list[Teller]) -> None:
    """The board of every unit and year over gRPC holds the recounted n and N, today and as of days gone by."""
    await system.until_equal(60)
    store = await system.store()
    leader = system.caller("bureau_leader", service="aggregation")
    for day in (date(2011, 6, 30), date(2012, 2, 29), system.today):
        counted = recount(store, system.profile, day)
        for unit in ("", *(office.code for office in system.profile.offices)):
            fields = {"unit": unit, "period": str(day.year), "as_of_date": from_date(day)}
            board = (await leader("BoardService/GetBoard", **fields)).board
            shown = {f.indicator: (f.n, f.denominator) for p in board.patterns for f in p.figures}
            assert _of(counted, unit, str(day.year)) == {code: both for code, both in shown.items() if any(both)}


def _of(counted: Figures, unit: str, period: str) -> Mapping[str, tuple[int, int]]:
    return {key[0]: both for key, both in counted.items() if key[1:] == ("", "", unit, period)}


async def _until_read(system: System) -> None:
    """Wait until the aggregation service has acknowledged all that is on the stream."""
    client = await system.nats()
    try:
        js = client.jetstream()

        async def read() -> bool:
            consumers = await js.consumers_info("GEJU_FACTS")
            durable = [one for one in consumers if one.name.startswith("p_")]
            return all(one.num_pending == 0 and one.num_ack_pending == 0 for one in durable)

        await eventually(read, 60)
    finally:
        await client.close()
