"""Measures against violations, and help."""

from __future__ import annotations

from datetime import date

from geju.correction.v1 import help_act_pb2 as hp
from geju.correction.v1 import measure_pb2 as pb
from geju.correction.v1.facts_pb2 import HelpActFacts, MeasureFacts

from tests.support.counting import Counting, on

DAY = on(2012, 3, 5)
DECIDED, ANSWERED = pb.Measure.STATE_DECIDED, pb.Measure.STATE_ANSWERED


async def test_measures_against_violations_count_once_decided(counting: Counting) -> None:
    """correction.violations: neither praise nor mitigation, nothing only proposed or rejected; by kind."""
    await counting.put(
        MeasureFacts(kind=pb.MEASURE_KIND_REPRIMAND, decided_date=DAY, state=DECIDED),
        MeasureFacts(kind=pb.MEASURE_KIND_PROPOSE_REVOKE, decided_date=DAY, state=ANSWERED, answered_date=DAY),
        MeasureFacts(office="03", kind=pb.MEASURE_KIND_WARNING, decided_date=on(2012, 2, 1), state=DECIDED),
        MeasureFacts(kind=pb.MEASURE_KIND_PRAISE, decided_date=DAY, state=DECIDED),
        MeasureFacts(kind=pb.MEASURE_KIND_PROPOSE_COMMUTE, decided_date=DAY, state=DECIDED),
        MeasureFacts(kind=pb.MEASURE_KIND_WARNING, decided_date=DAY, state=pb.Measure.STATE_REJECTED),
        MeasureFacts(kind=pb.MEASURE_KIND_WARNING, proposed_date=DAY, state=pb.Measure.STATE_PROPOSED),
    )
    assert (2, 0) == await counting.figure("correction.violations", "2012-03")
    assert (3, 0) == await counting.figure("correction.violations", "2012-Q1")
    assert (1, 0) == await counting.figure("correction.violations", "2012", "03", "kind", "warning")
    assert (1, 0) == await counting.figure("correction.violations", "2012-03", "", "kind", "propose_revoke")
    assert (0, 0) == await counting.as_of(date(2012, 3, 4), "correction.violations", "2012-03")
    assert ["counted", "counted", "no_violation", "no_violation", "not_decided"] == await counting.reasons(
        "correction.violations", "2012-03"
    )


async def test_help_counts_for_persons_under_correction(counting: Counting) -> None:
    """correction.help_given: by kind; help for a released person belongs to no figure of correction."""
    await counting.put(
        HelpActFacts(given_date=DAY, kind=hp.HELP_KIND_JOB),
        HelpActFacts(office="03", given_date=DAY, kind=hp.HELP_KIND_MEDICAL),
        HelpActFacts(given_date=DAY, kind=hp.HELP_KIND_JOB, released=True),
        HelpActFacts(given_date=DAY, kind=hp.HELP_KIND_JOB, deleted=True),
    )
    assert (2, 0) == await counting.figure("correction.help_given", "2012-03")
    assert (1, 0) == await counting.figure("correction.help_given", "2012-03", "03")
    assert (1, 0) == await counting.figure("correction.help_given", "2012-03", "", "kind", "job")
    assert ["counted", "counted", "deleted", "released_person"] == await counting.reasons(
        "correction.help_given", "2012-03"
    )
