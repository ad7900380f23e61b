"""Personal values stand in encrypted bodies and nowhere else."""

from __future__ import annotations

from typing import Any

from tests.integration.correction.resettlement.conftest import Bench
from tests.integration.correction.resettlement.examples import OF_A_PERSON, OTHERS, a
from tests.support.canaries import FORMS, MARK, is_personal, personal_fields
from tests.unit.correction.resettlement.people import changed, released


def marked(record: Any) -> Any:
    """Return a record whose every personal text is the mark."""
    for field in record.DESCRIPTOR.fields:
        if is_personal(field):
            setattr(record, field.name, MARK)
    for helper in getattr(record, "helpers", ()):
        marked(helper)
    return record


async def test_no_table_holds_a_personal_value_in_the_clear(bench: Bench) -> None:
    """Every personal text of every kind is planted, kept, and found in no column, no fact, no entry of the audit."""
    person = marked(released(linked_date={"year": 2012, "month": 2, "day": 15}))
    made = [await bench.make(person)]
    made += [await bench.make(marked(await a(bench, what, made[0]))) for what in OF_A_PERSON]
    made += [await bench.make(marked(changed(record, office="north"))) for record in OTHERS.values()]
    for record in made:
        assert record.SerializeToString().count(MARK.encode()) == len([*personal_fields(record.DESCRIPTOR)])
        await bench.get(record)
    tables = await bench.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for table in [row["tablename"] for row in tables]:
        for row in await bench.rows(f"SELECT * FROM {table}"):  # noqa: S608 (our own tables)
            held = b"|".join(value if isinstance(value, bytes) else str(value).encode() for value in row.values())
            assert not [form for form in FORMS if form in held], table
