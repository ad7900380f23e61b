"""The ladder of measures: what is proposed, by which rule, from what."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from geju.correction.v1 import absconding_pb2, measure_pb2
from geju.correction.v1 import supervised_person_pb2 as pb

from services.chassis.domain.dates import from_date
from services.correction.domain.supervision import ladder
from tests.support.records import on, ref
from tests.unit.correction.supervision.people import TODAY, profile

REPRIMAND, WARNING = measure_pb2.MEASURE_KIND_REPRIMAND, measure_pb2.MEASURE_KIND_WARNING
REVOKE, RETURN = measure_pb2.MEASURE_KIND_PROPOSE_REVOKE, measure_pb2.MEASURE_KIND_PROPOSE_RETURN
PENALTY = measure_pb2.MEASURE_KIND_PROPOSE_PENALTY
DECIDED, REJECTED = measure_pb2.Measure.STATE_DECIDED, measure_pb2.Measure.STATE_REJECTED
EPISODE = ref("abscondings")
SUSPENDED = pb.SENTENCE_KIND_SUSPENDED


def lost(days: int, name: str = EPISODE) -> absconding_pb2.Absconding:
    """Return an episode of so many days that ended on 10 May 2012."""
    last = date(2012, 5, 10)
    return absconding_pb2.Absconding(
        name=name, from_date=from_date(last - timedelta(days=days - 1)), to_date=from_date(last)
    )


def taken(number: int, kind: Any = REPRIMAND, day: Any = None, **fields: Any) -> measure_pb2.Measure:
    """Return a measure decided on."""
    day = day or on(2012, 5, number)
    given = {"state": DECIDED, "proposed_date": day, "decided_date": day}
    return measure_pb2.Measure(name=ref("measures", number), kind=kind, **given | fields)


def proposed(
    episodes: Any = (), measures: Any = (), sentence: Any = SUSPENDED, as_of: date = TODAY
) -> list[tuple[int, str, tuple[str, ...]]]:
    """Return what is proposed: kind, rule, counted records."""
    rules = profile().supervision.ladder
    found = ladder.propose(sentence, episodes, measures, rules, as_of)
    return [(one.kind, one.rule.id, one.counted) for one in found]


@pytest.mark.parametrize(
    ("days", "kind", "rule"),
    [
        (1, REPRIMAND, "lost_briefly"),
        (10, REPRIMAND, "lost_briefly"),
        (11, WARNING, "lost_over_10_days"),
        (30, WARNING, "lost_over_10_days"),
        (31, REVOKE, "lost_over_month"),
    ],
)
def test_an_episode_calls_for_a_step_by_its_days(days: int, kind: int, rule: str) -> None:
    """Up to ten days, over ten, over a month; the rule and the episode are shown. April has 30 days."""
    assert [(kind, rule, (EPISODE,))] == proposed([lost(days)])


def test_a_month_over_depends_on_the_sentence() -> None:
    """What is proposed for the same episode is what the sentence allows."""
    sentences = (SUSPENDED, pb.SENTENCE_KIND_PAROLE, pb.SENTENCE_KIND_OUTSIDE_PRISON, pb.SENTENCE_KIND_CONTROL)
    assert [REVOKE, REVOKE, RETURN, PENALTY] == [proposed([lost(40)], sentence=one)[0][0] for one in sentences]


def test_an_open_episode_grows() -> None:
    """Whoever is still missing is judged by the day of asking; what was warned of may become graver."""
    missing = absconding_pb2.Absconding(name=EPISODE, from_date=on(2012, 6, 1))
    warned = taken(11, WARNING, on(2012, 6, 12), rule="lost_over_10_days", counted=[EPISODE])
    assert [REPRIMAND] == [kind for kind, *_ in proposed([missing], as_of=date(2012, 6, 5))]
    assert [] == proposed([missing], [warned], as_of=date(2012, 6, 15))
    assert [REVOKE] == [kind for kind, *_ in proposed([missing], [warned], as_of=date(2012, 7, 2))]


def test_what_was_decided_is_not_proposed_again() -> None:
    """An episode answered as gravely is done with, one that somebody decided to leave alone too."""
    for state in (DECIDED, REJECTED):
        answered = taken(11, counted=[EPISODE], rule="lost_briefly", state=state)
        assert [] == proposed([lost(3)], [answered])


def test_two_reprimands_call_for_a_warning_once() -> None:
    """Both are shown, oldest first; once they were counted another two are needed."""
    both = [taken(2), taken(1)]
    assert [(WARNING, "two_reprimands", (both[1].name, both[0].name))] == proposed(measures=both)
    counted = [both[0].name, both[1].name]
    answered = taken(3, WARNING, rule="two_reprimands", counted=counted)
    assert [] == proposed(measures=[*both, answered, taken(4)])


def test_the_number_of_warnings_follows_the_law_of_the_day() -> None:
    """Three warnings before July 2020, two from then on, by the day of the last one."""
    old = [taken(number, WARNING, on(2020, 6, 20 + number)) for number in (1, 2)]
    later = date(2020, 12, 1)
    assert [] == proposed(measures=old, as_of=later)
    assert [REVOKE] == [kind for kind, *_ in proposed(measures=[*old, taken(3, WARNING, on(2020, 6, 30))], as_of=later)]
    new = taken(4, WARNING, on(2020, 7, 1))
    assert [REVOKE] == [kind for kind, *_ in proposed(measures=[old[0], new], as_of=later)]


def test_what_is_not_decided_or_later_does_not_count() -> None:
    """Proposals and rejections are no measures, and the future is not known."""
    open_one = taken(2, state=measure_pb2.Measure.STATE_PROPOSED)
    assert [] == proposed(measures=[taken(1), open_one, taken(3, state=REJECTED)])
    assert [] == proposed(measures=[taken(1), taken(2)], as_of=date(2012, 5, 1))


def test_the_gravest_comes_first() -> None:
    """Several steps may be due at once."""
    kinds = [kind for kind, *_ in proposed([lost(3), lost(40, ref("abscondings", 2))], [taken(1), taken(2)])]
    assert [REVOKE, WARNING, REPRIMAND] == kinds
