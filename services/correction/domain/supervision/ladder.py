"""The ladder of measures: what the rules of the profile propose from what was recorded. A person decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from geju.correction.v1 import absconding_pb2, measure_pb2
from geju.correction.v1 import supervised_person_pb2 as pb

from services.chassis.domain.dates import to_date
from services.chassis.domain.supervision import LadderRule, in_force
from services.correction.domain.supervision.measure import DECIDED, REJECTED, TO_OTHERS

Measure = measure_pb2.Measure
Absconding = absconding_pb2.Absconding
KINDS = {
    "praise": measure_pb2.MEASURE_KIND_PRAISE,
    "reprimand": measure_pb2.MEASURE_KIND_REPRIMAND,
    "warning": measure_pb2.MEASURE_KIND_WARNING,
    "propose_penalty": measure_pb2.MEASURE_KIND_PROPOSE_PENALTY,
    "propose_revoke": measure_pb2.MEASURE_KIND_PROPOSE_REVOKE,
    "propose_return": measure_pb2.MEASURE_KIND_PROPOSE_RETURN,
    "propose_commute": measure_pb2.MEASURE_KIND_PROPOSE_COMMUTE,
}
_SENTENCES = {
    pb.SENTENCE_KIND_CONTROL: "control",
    pb.SENTENCE_KIND_SUSPENDED: "suspended",
    pb.SENTENCE_KIND_PAROLE: "parole",
    pb.SENTENCE_KIND_OUTSIDE_PRISON: "outside_prison",
    pb.SENTENCE_KIND_DEPRIVED_RIGHTS: "deprived_rights",
}
_GRAVITY = (
    measure_pb2.MEASURE_KIND_REPRIMAND,
    measure_pb2.MEASURE_KIND_WARNING,
    measure_pb2.MEASURE_KIND_PROPOSE_PENALTY,
    measure_pb2.MEASURE_KIND_PROPOSE_REVOKE,
    measure_pb2.MEASURE_KIND_PROPOSE_RETURN,
)


class Proposal(NamedTuple):
    """A step proposed: which, by which rule, from which records, oldest first."""

    kind: measure_pb2.MeasureKind.ValueType
    rule: LadderRule
    counted: tuple[str, ...]


def gravity(kind: int) -> int:
    """Return how grave a measure is; 0 for what is no step of the ladder."""
    return _GRAVITY.index(kind) + 1 if kind in _GRAVITY else 0


def propose(
    sentence: pb.SentenceKind.ValueType,
    episodes: Iterable[Absconding],
    measures: Sequence[Measure],
    ladder: Sequence[LadderRule],
    as_of: date,
) -> list[Proposal]:
    """Return what the rules propose on a day, the gravest first; what was decided or refused before, not again."""
    own = [rule for rule in ladder if not rule.sentences or _SENTENCES.get(sentence, "") in rule.sentences]
    known = [measure for measure in measures if (to_date(measure.proposed_date) or as_of) <= as_of]
    found = [*_from_episodes(episodes, known, own, as_of), *_from_measures(known, own, as_of)]
    return sorted(found, key=lambda proposal: (-gravity(proposal.kind), proposal.rule.id, proposal.counted))


def _from_episodes(
    episodes: Iterable[Absconding], measures: Sequence[Measure], rules: Sequence[LadderRule], as_of: date
) -> Iterator[Proposal]:
    for episode in sorted(episodes, key=lambda one: to_date(one.from_date) or as_of):
        first, last = to_date(episode.from_date), to_date(episode.to_date) or as_of
        if first is None or first > as_of:
            continue
        last = min(last, as_of)
        fitting = [r for r in in_force(rules, last) if r.earlier is None and r.covers(first, last)]
        gravest = max(fitting, key=lambda rule: gravity(KINDS[rule.propose]), default=None)
        if gravest is not None and not _answered(episode.name, gravest, measures):
            yield Proposal(KINDS[gravest.propose], gravest, (episode.name,))


def _answered(episode: str, rule: LadderRule, measures: Iterable[Measure]) -> bool:
    """Tell whether an episode was answered as gravely, or somebody decided against this very step."""
    for measure in measures:
        if episode in measure.counted:
            if measure.state == REJECTED and measure.rule == rule.id:
                return True
            if measure.state != REJECTED and gravity(measure.kind) >= gravity(KINDS[rule.propose]):
                return True
    return False


def _from_measures(measures: Sequence[Measure], rules: Sequence[LadderRule], as_of: date) -> Iterator[Proposal]:
    for rule_id in sorted({rule.id for rule in rules if rule.earlier is not None}):
        versions = [rule for rule in rules if rule.id == rule_id]
        used = {name for measure in measures if measure.rule == rule_id for name in measure.counted}
        taken = sorted((_decided(m), m.name, m.kind) for m in measures if _is_taken(m, as_of) and m.name not in used)
        if proposal := _due(versions, taken):
            yield proposal


def _due(versions: Sequence[LadderRule], taken: Sequence[tuple[date, str, int]]) -> Proposal | None:
    """Return what earlier measures call for by the version in force on the day of the last of them."""
    for rule in versions:
        earlier = rule.earlier
        if earlier is None:
            continue
        own = [(on, name) for on, name, kind in taken if kind == KINDS[earlier.kind]]
        if len(own) >= earlier.count and rule in set(in_force(versions, own[-1][0])):
            return Proposal(KINDS[rule.propose], rule, tuple(name for _, name in own))
    return None


def _is_taken(measure: Measure, as_of: date) -> bool:
    decided = to_date(measure.decided_date)
    return measure.state == DECIDED and measure.kind not in TO_OTHERS and decided is not None and decided <= as_of


def _decided(measure: Measure) -> date:
    return to_date(measure.decided_date) or date.min
