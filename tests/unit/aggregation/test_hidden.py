"""Which sealed records a caller is not told apart follows from the role that the record's kind names."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from services.aggregation.kinds import BY_NAME
from services.aggregation.members import _hidden
from services.aggregation.provenance import Origin, is_hidden

FILES, DISCIPLINE = frozenset({"sealed_files"}), frozenset({"discipline"})


def origin(*, sealed: bool) -> Origin:
    """Return where a record comes from."""
    return Origin(
        "geju/testing", 1, datetime(2012, 6, 1, tzinfo=UTC), "录入员", "created", deleted=False, sealed=sealed
    )


@pytest.mark.parametrize(
    ("record", "roles", "hidden"),
    [
        ("complaints/1", FILES, True), ("complaints/1", DISCIPLINE, False),
        ("supervisedPersons/1", FILES, False), ("supervisedPersons/1", DISCIPLINE, True),
        ("complaints/1", FILES | DISCIPLINE, False), ("profile/1", frozenset(), False),
    ],
)  # fmt: skip
def test_a_cause_is_hidden_from_those_without_the_right(record: str, roles: frozenset[str], hidden: bool) -> None:  # noqa: FBT001
    """A sealed record that moved a figure is told to the role of its kind; an open one to everybody."""
    assert hidden == is_hidden(record, origin(sealed=True), roles)
    assert not is_hidden(record, origin(sealed=False), roles)
    assert not is_hidden(record, None, roles)


def test_members_are_hidden_by_kind() -> None:
    """Of an indicator over two kinds the sealed records of the one are hidden and those of the other are not."""
    sources = [SimpleNamespace(table=SimpleNamespace(info={"kind": BY_NAME[name]})) for name in ("complaint", "leave")]
    indicator: Any = SimpleNamespace(sources=[*sources, SimpleNamespace(table=SimpleNamespace(info={}))])
    found = {rights: _hidden(indicator, rights) for rights in (frozenset(), FILES, DISCIPLINE, FILES | DISCIPLINE)}
    assert "(sealed and collection in ('complaints'))" == found[FILES]
    assert "(sealed and collection in ('leaves'))" == found[DISCIPLINE]
    assert "(sealed and collection in ('complaints', 'leaves'))" == found[frozenset()]
    assert "false" == found[FILES | DISCIPLINE]
