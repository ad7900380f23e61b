"""A year that is settled after its end: what came after its report is restated, record by record."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from uuid import uuid4

from geju.aggregation.v1 import report_pb2
from geju.aggregation.v1 import report_service_pb2 as pb
from geju.legalservices.v1 import practitioner_pb2
from geju.legalservices.v1.facts_pb2 import PractitionerFacts, YearlyAssessmentFacts

from services.chassis.domain.dates import from_date
from tests.integration.aggregation.serving.conftest import Board

RATE = "legalservices.assessment_rate"


async def test_an_assessment_after_the_report_restates_the_year_it_is_of(board: Board) -> None:
    """The report keeps what was known; the restatement names the practitioner who has been assessed since."""
    await board.start()
    await board.ready()
    lawyer = PractitionerFacts(
        office="wuma",
        kind=practitioner_pb2.PRACTITIONER_KIND_LAWYER,
        licensed_from_date=from_date(date(2011, 12, 31)),
    )
    first, second = [await board.publish(lawyer) for _ in range(2)]
    assessment = YearlyAssessmentFacts(
        office="wuma", practitioner=str(first), year=2011, assessed_date=from_date(date(2012, 3, 1))
    )
    await board.publish(assessment)
    await board.becomes(RATE, 1, 2, "2011")
    await board.reports().ClosePeriod(pb.ClosePeriodRequest(period="2011", request_id=str(uuid4())))
    board.clock.advance(timedelta(minutes=1))
    assessment.practitioner = str(second)
    late = await board.publish(assessment, actor="补录员")
    await board.becomes(RATE, 2, 2, "2011")
    request = pb.ListRestatementsRequest(name="reports/2011.1")
    answer = await board.reports("auditor").ListRestatements(request)
    found = next(r for r in answer.restatements if r.published.indicator == RATE and not r.published.breakdown)
    assert (1, 2, 1, 0) == (
        found.published.n, found.published.denominator, found.n_change, found.denominator_change,
    )  # fmt: skip
    causes = [(cause.record, cause.cause, cause.n_change) for cause in found.causes]
    assert [(f"practitioners/{second}", report_pb2.CAUSE_KIND_JUDGED, 1)] == causes
    # The practitioner is as before; whose entry it was is told by what is judged by.
    told = [(one.record, one.kind, one.change, one.actor) for one in found.causes[0].evidence]
    assert [(f"yearlyAssessments/{late}", "yearly_assessment", "created", "补录员")] == told
    assert board.clock.now() == found.causes[0].evidence[0].recorded_time.ToDatetime(UTC)
    assert [] == list(answer.redefined)
