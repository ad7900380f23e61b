"""The database of law publicity is what the models say, and holds nothing personal."""

from __future__ import annotations

import pytest

from services.chassis import migrations, testing
from services.chassis.classification import unclassified
from services.chassis.contract import has_personal
from services.chassis.kinds import Kind
from services.chassis.storage.scopes import EVERYTHING
from services.publicity.app import KINDS
from tests.integration.publicity.conftest import Bench


async def test_the_revisions_make_what_the_models_say(postgres: testing.Server) -> None:
    """Tables, columns and indexes are exactly those of the models."""
    urls = await postgres.database("publicity")
    schema = migrations.schema_of("publicity")
    await migrations.upgrade(urls.owner, schema)
    await migrations.check(urls.owner, schema)


async def test_every_column_is_classified(bench: Bench) -> None:
    """No column needs a reason of its own: nothing in them is personal."""
    async with bench.store.lend(EVERYTHING) as loan:
        assert [] == await unclassified(loan.connection, bench.store.kinds)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.name))
def test_no_record_is_of_a_person(kind: Kind[object]) -> None:
    """Activities, places and organisations are recorded with numbers of people, and with nobody's name."""
    assert not has_personal(kind.message.DESCRIPTOR)
    assert not any((kind.is_person, kind.subject_fields, kind.is_searchable))
