"""The recount of correction reads records as well as facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from geju.correction.v1 import (
    base_stay_pb2,
    duty_pb2,
    help_act_pb2,
    helping_agreement_pb2,
    measure_pb2,
    placement_pb2,
    released_person_pb2,
    released_visit_pb2,
    resettlement_base_pb2,
    supervised_person_pb2,
)
from geju.correction.v1.facts_pb2 import CorrectionVolunteerFacts, ReleasedPersonFacts

from services.chassis.domain.limits import LimitRule
from services.chassis.domain.supervision import Supervision, Tracking
from services.recount.recount import recount
from tests.support import histories
from tests.support.as_facts import as_facts
from tests.support.counting import on

TODAY = date(2012, 3, 20)
RULES = tuple(
    LimitRule(rule, "测试时限", "started", 10, "days", "测试", date(2000, 1, 1))
    for rule in ("correction.report", "resettlement.link")
)
TRACKING = Tracking(5, 3, 1, 90, "测试", date(2000, 1, 1))
PROFILE = replace(histories.profile(), limits=RULES, supervision=Supervision(trackings=(TRACKING,)))


def test_days_due_follow_from_the_record() -> None:
    """What is not kept in the record is worked out from it: limits, five years, youth, the first visit."""
    person = released_person_pb2.ReleasedPerson(
        office="01",
        residence_office="03",
        birth_year=1990,
        released_date=on(2012, 2, 29),
        registered_date=on(2012, 3, 1),
        key_from_date=on(2012, 3, 1),
        supervised_person="supervisedPersons/a",
    )
    expected = ReleasedPersonFacts(
        office="01",
        second_office="03",
        supervised_person="a",
        released_date=on(2012, 2, 29),
        registered_date=on(2012, 3, 1),
        key_from_date=on(2012, 3, 1),
        link_due=on(2012, 3, 10),
        five_years_due=on(2017, 2, 27),
        first_visit_due=on(2012, 4, 1),
        youth_due=on(2014, 12, 31),
    )
    assert expected == as_facts({"released_person": {"p": person}}, PROFILE)["released_person"]["p"]


def test_a_day_to_report_that_was_ordered_binds() -> None:
    """Without one the limit does."""
    person = supervised_person_pb2.SupervisedPerson(judgment_date=on(2012, 2, 1))
    ordered = supervised_person_pb2.SupervisedPerson(judgment_date=on(2012, 2, 1), report_due_date=on(2012, 2, 3))
    read = as_facts({"supervised_person": {"p": person, "o": ordered}}, PROFILE)["supervised_person"]
    assert (on(2012, 2, 11), on(2012, 2, 3)) == (read["p"].report_due, read["o"].report_due)


def test_records_of_released_persons_are_counted() -> None:
    """Visits, placements and agreements are held against the person they name, by the person's class."""
    begin, person = on(2012, 1, 10), "releasedPersons/p"
    counted = recount(
        {
            "released_person": {
                "p": released_person_pb2.ReleasedPerson(
                    office="01",
                    registered_date=begin,
                    released_date=begin,
                    placeable=True,
                    key_from_date=on(2012, 2, 1),
                )
            },
            "released_visit": {
                "v": released_visit_pb2.ReleasedVisit(person=person, visit_date=on(2012, 2, 10), confirmed=True)
            },
            "placement": {
                "j": placement_pb2.Placement(
                    office="01", person=person, kind=placement_pb2.PLACEMENT_KIND_JOB, from_date=on(2011, 9, 20)
                )
            },
            "helping_agreement": {
                "h": helping_agreement_pb2.HelpingAgreement(
                    person=person, from_date=begin, helpers=[helping_agreement_pb2.Helper()]
                )
            },
        },
        PROFILE,
        TODAY,
    )
    expected = {
        "resettlement.registered": (1, 0),
        "resettlement.handover_rate": (0, 1),
        "resettlement.reoffending_rate": (0, 1),
        "resettlement.help_rate": (1, 1),
        "resettlement.placement_rate": (1, 1),
        # The visit of 10 February was one to a key person: the next was due on 10 March.
        "resettlement.visit_fresh_rate": (0, 1),
        "resettlement.key_person_control_rate": (0, 1),
        "resettlement.tracking_rate": (1, 1),
        "resettlement.lost_rate": (0, 1),
        "resettlement.employment_rate": (1, 1),
    }
    shown = {k[0]: v for k, v in counted.items() if k[1:] == ("", "", "", "2012") and k[0].startswith("resettlement.")}
    assert expected == shown


def test_records_of_correction_are_counted() -> None:
    """A rejected measure was not decided; help is told apart by whom it names; facts are read as they are."""
    day, stay = (
        on(2012, 2, 20),
        base_stay_pb2.BaseStay(office="01", base="resettlementBases/b", from_date=on(2012, 2, 1)),
    )
    judged = supervised_person_pb2.SupervisedPerson(office="01", judgment_date=on(2012, 2, 1), taken_over_date=day)
    rejected = measure_pb2.Measure.STATE_REJECTED
    kind = measure_pb2.MEASURE_KIND_WARNING
    counted = recount(
        {
            "supervised_person": {"s": judged},
            "duty": {"d": duty_pb2.Duty(office="01", kind=duty_pb2.DUTY_KIND_REPORT, due_date=day)},
            "measure": {"m": measure_pb2.Measure(office="01", kind=kind, decided_date=day, state=rejected)},
            "help_act": {
                "a": help_act_pb2.HelpAct(office="01", person="supervisedPersons/s", given_date=day),
                "b": help_act_pb2.HelpAct(office="01", person="releasedPersons/p", given_date=day),
            },
            "resettlement_base": {
                "b": resettlement_base_pb2.ResettlementBase(
                    office="01", kind=resettlement_base_pb2.BASE_KIND_TRANSITIONAL, places=4, from_date=on(2012, 1, 1)
                )
            },
            "base_stay": {"t": stay},
            "correction_volunteer": {"v": CorrectionVolunteerFacts(office="01", from_date=on(2012, 1, 1))},
        },
        PROFILE,
        TODAY,
    )

    def of(code: str, breakdown: str = "", key: str = "") -> tuple[int, int] | None:
        return counted.get((code, breakdown, key, "01", "2012"))

    assert (0, 1) == of("correction.handover_on_time_rate") == of("correction.reporting_rate")
    assert (1, 0) == of("correction.help_given") == of("correction.volunteers")
    assert None is of("correction.violations")
    assert (1, 4) == of("resettlement.base_places", "kind", "transitional")
