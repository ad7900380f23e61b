"""Complaints: received, decided on, answered, found true; measured against lawyers; and the sanctions that followed."""

from __future__ import annotations

from datetime import date

from geju.legalservices.v1 import complaint_pb2 as cp
from geju.legalservices.v1 import practitioner_pb2 as pp
from geju.legalservices.v1 import sanction_pb2 as sp
from geju.legalservices.v1.facts_pb2 import ComplaintFacts, PractitionerFacts, SanctionFacts

from services.aggregation import catalogue
from services.aggregation.asof import measure_as_of
from services.aggregation.measure import advance_date
from tests.support import histories
from tests.support.counting import Counting, on

LAWYER, FIRM = cp.RESPONDENT_KIND_LAWYER, cp.RESPONDENT_KIND_FIRM
STAFF, OFFICE = cp.RESPONDENT_KIND_BUREAU_STAFF, cp.RESPONDENT_KIND_JUDICIAL_OFFICE
#: The district's own code, of records of the bureau itself.
BUREAU = histories.profile().code


async def test_a_complaint_counts_once_and_once_in_each_of_its_grounds(counting: Counting) -> None:
    """legalservices.complaints: by day of receipt, whatever is decided; a ground named twice counts once."""
    negligence, charging = cp.COMPLAINT_GROUND_NEGLIGENCE, cp.COMPLAINT_GROUND_CHARGING
    web = cp.COMPLAINT_CHANNEL_WEB
    march = on(2012, 3, 1)
    await counting.put(
        ComplaintFacts(
            received_date=march, respondent_kind=LAWYER, channel=web, grounds=[negligence, charging, charging]
        ),
        ComplaintFacts(received_date=march, refused_date=march, respondent_kind=FIRM, grounds=[charging]),
        ComplaintFacts(received_date=on(2012, 3, 21)),
        ComplaintFacts(received_date=march, deleted=True, grounds=[negligence]),
        ComplaintFacts(office="03", received_date=on(2012, 2, 29), grounds=[negligence]),
    )

    async def by(breakdown: str, key: str) -> int:
        return (await counting.figure("legalservices.complaints", "2012-03", "", breakdown, key))[0]

    assert (2, 0) == await counting.figure("legalservices.complaints", "2012-03")
    assert (3, 0) == await counting.figure("legalservices.complaints", "2012")
    assert (1, 2) == (await by("ground", "negligence"), await by("ground", "charging"))
    assert (1, 1) == (await by("respondent_kind", "lawyer"), await by("respondent_kind", "firm"))
    assert (1, 1) == (await by("channel", "web"), await by("channel", "unspecified"))
    assert ["counted", "counted", "deleted", "not_yet"] == await counting.reasons("legalservices.complaints", "2012-03")


async def test_grounds_that_change_move_from_cell_to_cell(counting: Counting) -> None:
    """The figure of a ground that was taken back is gone, and the whole stays."""
    complaint = ComplaintFacts(office="01", received_date=on(2012, 3, 1), grounds=[1, 2])
    for revision, grounds in enumerate(([1, 2], [2, 3]), 1):
        complaint.grounds[:] = grounds
        event = histories.event("complaint", 1, revision, complaint, sequence=revision)
        await counting.projection.apply(counting.conn, [event], counting.today)
    keys = ("negligence", "charging", "conflict_of_interest")
    found = [await counting.figure("legalservices.complaints", "2012", "01", "ground", key) for key in keys]
    assert [(0, 0), (1, 0), (1, 0)] == found
    assert (1, 0) == await counting.figure("legalservices.complaints", "2012", "01")


async def test_a_complaint_about_the_bureau_shows_in_no_offices_figure(counting: Counting) -> None:
    """About staff or a judicial office: in the district's own unit and the whole, never at an office."""
    await counting.put(
        *(
            ComplaintFacts(
                office=BUREAU, sealed=True, received_date=on(2012, 3, 1), answered_date=on(2012, 3, 8), days=7,
                respondent_kind=kind, concluded_date=on(2012, 3, 5), answer_due=on(2012, 3, 12), grounds=[8],
            )
            for kind in (STAFF, OFFICE)
        )
    )  # fmt: skip
    rows = await measure_as_of(counting.conn, counting.projection, counting.today)
    own = [row for row in rows if row.indicator.startswith("legalservices.complaint") and row.n + row.total]
    assert {"", BUREAU} == {row.unit for row in own}
    assert (2, 0) == await counting.figure("legalservices.complaints", "2012-03", BUREAU)
    assert frozenset({"respondent_kind"}) == catalogue.BY_CODE["legalservices.complaints"].sensitive


async def test_the_decision_to_accept_is_judged_by_its_last_day(counting: Counting) -> None:
    """legalservices.complaint_accept_on_time_rate: by then accepted, refused or handed over, late from the next day."""
    due = on(2012, 3, 9)
    await counting.put(
        ComplaintFacts(received_date=on(2012, 3, 2), accept_due=due, accepted_date=due),
        ComplaintFacts(received_date=on(2012, 3, 2), accept_due=due, refused_date=on(2012, 3, 5)),
        ComplaintFacts(received_date=on(2012, 3, 2), accept_due=due, transferred_date=on(2012, 3, 12)),
        # Its limit ends today; one that passed needs no event.
        ComplaintFacts(received_date=on(2012, 3, 13), accept_due=on(2012, 3, 20)),
        ComplaintFacts(received_date=on(2012, 3, 12), accept_due=on(2012, 3, 19)),
        # Withdrawn before any decision: nothing was owed. Refused while it waited for a supplement: no limit ended.
        ComplaintFacts(received_date=on(2012, 3, 2), concluded_date=on(2012, 3, 5)),
        ComplaintFacts(received_date=on(2012, 2, 20), refused_date=on(2012, 3, 7)),
    )
    code = "legalservices.complaint_accept_on_time_rate"
    assert (3, 5) == await counting.figure(code, "2012-03")
    assert ["counted"] * 3 + ["decided_late"] * 2 + ["pending"] == await counting.reasons(code, "2012-03")
    assert (3, 3) == await counting.as_of(date(2012, 3, 9), code, "2012-03")
    assert (3, 4) == await counting.as_of(date(2012, 3, 19), code, "2012-03")
    await advance_date(counting.conn, counting.projection, date(2012, 3, 21))
    assert (3, 6) == await counting.figure(code, "2012-03")


async def test_a_supplement_puts_off_the_last_day(counting: Counting) -> None:
    """With the clock stopped there is no last day; once it runs again the later one counts, in its own month."""
    complaint = ComplaintFacts(office="01", received_date=on(2012, 2, 20), accept_due=on(2012, 2, 27))
    code, found = "legalservices.complaint_accept_on_time_rate", []
    for revision, due in enumerate((on(2012, 2, 27), None, on(2012, 3, 19)), 1):
        complaint.ClearField("accept_due")
        if due is not None:
            complaint.accept_due.CopyFrom(due)
        event = histories.event("complaint", 1, revision, complaint, sequence=revision)
        await counting.projection.apply(counting.conn, [event], counting.today)
        found.append([await counting.figure(code, month) for month in ("2012-02", "2012-03")])
    assert [[(0, 1), (0, 0)], [(0, 0), (0, 0)], [(0, 0), (0, 1)]] == found


async def test_the_answer_is_judged_by_its_last_day(counting: Counting) -> None:
    """legalservices.complaint_reply_on_time_rate: late in the month of the limit, whenever the answer comes."""
    due = on(2012, 2, 29)
    await counting.put(
        ComplaintFacts(accepted_date=on(2012, 1, 5), answer_due=due, answered_date=due),
        ComplaintFacts(accepted_date=on(2012, 1, 5), answer_due=due, answered_date=on(2012, 3, 1)),
        ComplaintFacts(accepted_date=on(2012, 1, 5), answer_due=due),
        ComplaintFacts(accepted_date=on(2012, 1, 20), answer_due=on(2012, 3, 20)),
        # Not accepted: told, but no answer is owed.
        ComplaintFacts(refused_date=on(2012, 2, 10), answered_date=on(2012, 2, 13)),
    )
    code = "legalservices.complaint_reply_on_time_rate"
    assert (1, 3) == await counting.figure(code, "2012-02")
    assert (0, 0) == await counting.figure(code, "2012-03")
    words = await counting.words(code, "2012-02")
    assert {"counted", "answered_late", "no_answer_due"} == set(words)
    assert "未受理,无答复期限" == words["no_answer_due"]
    assert ["pending"] == await counting.reasons(code, "2012-03")
    assert (1, 1) == await counting.as_of(date(2012, 2, 29), code, "2012-02")


async def test_what_came_of_complaints(counting: Counting) -> None:
    """complaint_mean_days, complaint_substantiated_rate, complaint_satisfaction_rate: each by its own day."""
    march = on(2012, 3, 5)
    await counting.put(
        ComplaintFacts(concluded_date=march, outcome=cp.COMPLAINT_OUTCOME_PARTLY, answered_date=march, days=20),
        ComplaintFacts(concluded_date=march, outcome=cp.COMPLAINT_OUTCOME_SUBSTANTIATED, answered_date=march, days=9),
        ComplaintFacts(concluded_date=march, outcome=cp.COMPLAINT_OUTCOME_UNSUBSTANTIATED),
        ComplaintFacts(concluded_date=march, outcome=cp.COMPLAINT_OUTCOME_WITHDRAWN),
        ComplaintFacts(satisfaction_date=march, satisfaction=cp.COMPLAINT_SATISFACTION_SATISFIED),
        ComplaintFacts(satisfaction_date=march, satisfaction=cp.COMPLAINT_SATISFACTION_VERY_SATISFIED),
        ComplaintFacts(satisfaction_date=march, satisfaction=cp.COMPLAINT_SATISFACTION_FAIR),
        ComplaintFacts(satisfaction_date=march),
        ComplaintFacts(satisfaction=cp.COMPLAINT_SATISFACTION_DISSATISFIED),
    )
    assert (29, 2) == await counting.figure("legalservices.complaint_mean_days", "2012-03")
    assert (2, 4) == await counting.figure("legalservices.complaint_substantiated_rate", "2012-03")
    assert (2, 3) == await counting.figure("legalservices.complaint_satisfaction_rate", "2012-03")
    reasons = await counting.reasons("legalservices.complaint_satisfaction_rate", "2012-03")
    assert ["counted", "counted", "no_opinion", "not_satisfied"] == reasons
    reasons = await counting.reasons("legalservices.complaint_substantiated_rate", "2012-03")
    assert ["counted", "counted", "not_substantiated", "not_substantiated"] == reasons


async def test_complaints_of_a_period_are_held_against_the_lawyers_at_its_end(counting: Counting) -> None:
    """legalservices.complaints_per_100_lawyers: months of complaints add up, those of lawyers do not."""
    lawyer = pp.PRACTITIONER_KIND_LAWYER
    await counting.put(
        ComplaintFacts(received_date=on(2012, 1, 31), respondent_kind=LAWYER),
        ComplaintFacts(received_date=on(2012, 2, 1), respondent_kind=FIRM, refused_date=on(2012, 2, 3)),
        ComplaintFacts(received_date=on(2012, 2, 1), respondent_kind=cp.RESPONDENT_KIND_NOTARY),
        ComplaintFacts(office="03", received_date=on(2011, 12, 31), respondent_kind=LAWYER),
        PractitionerFacts(kind=lawyer, licensed_from_date=on(2011, 1, 1)),
        PractitionerFacts(kind=lawyer, licensed_from_date=on(2011, 1, 1), licensed_to_date=on(2012, 1, 31)),
        PractitionerFacts(kind=lawyer, licensed_from_date=on(2012, 3, 1)),
        PractitionerFacts(kind=pp.PRACTITIONER_KIND_NOTARY, licensed_from_date=on(2011, 1, 1)),
    )
    code = "legalservices.complaints_per_100_lawyers"
    periods = ("2011-12", "2012-01", "2012-02", "2012-03", "2012-Q1", "2012")
    found = [await counting.figure(code, period) for period in periods]
    assert [(100, 2), (100, 2), (100, 1), (0, 2), (200, 2), (200, 2)] == found
    assert (100, 0) == await counting.figure(code, "2011-12", "03")
    assert found[-1] == await counting.adds(code, "2012")
    # What came in before the period is not listed; who left before it is.
    sides = await counting.sides(code, "2012-02")
    assert {"complaints n": 1, "complaints out": 1, "practitioners total": 1, "practitioners out": 2} == sides
    assert {"counted", "not_about_lawyers", "no_lawyer", "ended"} == set(await counting.reasons(code, "2012-02"))
    assert (100, 2) == await counting.as_of(date(2012, 1, 31), code, "2012")


async def test_the_outcome_of_a_proposal_is_known_from_its_day_on(counting: Counting) -> None:
    """legalservices.penalty_proposals: pending until told, also when asked for a day before."""
    proposal, adopted = sp.SANCTION_KIND_PENALTY_PROPOSAL, sp.PROPOSAL_OUTCOME_ADOPTED
    await counting.put(
        SanctionFacts(
            kind=proposal, decided_date=on(2012, 2, 1), outcome=adopted, outcome_date=on(2012, 3, 10)
        ),
        SanctionFacts(kind=proposal, decided_date=on(2012, 2, 1), outcome=sp.PROPOSAL_OUTCOME_PENDING),
        SanctionFacts(kind=proposal, decided_date=on(2012, 2, 1), outcome=adopted, outcome_date=on(2012, 3, 22)),
        SanctionFacts(kind=sp.SANCTION_KIND_ADMONITION, decided_date=on(2012, 2, 1)),
    )  # fmt: skip
    code = "legalservices.penalty_proposals"

    async def by_outcome() -> list[int]:
        keys = ("pending", "adopted", "not_adopted")
        return [(await counting.figure(code, "2012-02", "", "outcome", key))[0] for key in keys]

    assert (3, 0) == await counting.figure(code, "2012-02")
    assert [2, 1, 0] == await by_outcome()
    assert ["counted", "counted", "counted", "no_proposal"] == await counting.reasons(code, "2012-02")
    past = await measure_as_of(counting.conn, counting.projection, date(2012, 3, 9), [""], ["2012-02"])
    assert {("", ""): 3, ("outcome", "pending"): 3} == {(r.breakdown, r.key): r.n for r in past if r.indicator == code}
    await advance_date(counting.conn, counting.projection, date(2012, 3, 22))
    assert [1, 2, 0] == await by_outcome()
    assert "已采纳" == catalogue.key_label(catalogue.BY_CODE[code], "outcome", "adopted")


async def test_sanctions_are_what_binds_and_not_what_is_proposed(counting: Counting) -> None:
    """legalservices.sanctions: by kind, on the day decided; handing over and proposing are none."""
    kinds = (
        sp.SANCTION_KIND_ORDER_TO_CORRECT,
        sp.SANCTION_KIND_ADMONITION,
        sp.SANCTION_KIND_TO_ASSOCIATION,
        sp.SANCTION_KIND_PENALTY_PROPOSAL,
        sp.SANCTION_KIND_ASSOCIATION_SANCTION,
        sp.SANCTION_KIND_ADMINISTRATIVE_PENALTY,
    )
    await counting.put(*(SanctionFacts(kind=kind, decided_date=on(2012, 3, 1)) for kind in kinds))
    assert (4, 0) == await counting.figure("legalservices.sanctions", "2012-03")
    assert (1, 0) == await counting.figure("legalservices.sanctions", "2012-03", "01", "kind", "admonition")
    assert ["counted"] * 4 + ["no_sanction"] * 2 == await counting.reasons("legalservices.sanctions", "2012-03")
