"""The database of a simulated board: the statements of projections and proofs, on rows in memory.

Figures are PostgreSQL's own work and are not simulated: facts, positions and the choice of the projection are. Whether
a row replaces another is decided by the product's own condition, taken from its statement and evaluated by SQLite.
"""
# ruff: noqa: S608  statements are the product's, never input

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

import asyncpg

from services.aggregation import copies, database, heard, positions, proofs
from services.aggregation.fold import CHANGE, DIGEST, EPOCH, REVISION
from services.aggregation.leader import GRACE
from services.aggregation.plan import Plan
from services.aggregation.plans import fingerprint, plan_of
from services.aggregation.tables import FACT_TABLES, SCHEMA
from tests.simulation.backend import Backend
from tests.simulation.database import Database
from tests.simulation.source_database import RECORDED, add_digest
from tests.simulation.world import World

#: What statements that measure, index or explain have in common; they are passed over.
FIGURES = ("figure", "pop_", "set local", "create index", "create table", "vacuum", "definition", "from proof", "f_")
Row = tuple[Any, ...]


@dataclass
class Schema:
    """A projection: rows by table and id, sequences read by source and epoch."""

    rows: dict[str, dict[UUID, Row]] = field(default_factory=dict)
    seen: dict[tuple[str, int], frozenset[int]] = field(default_factory=dict)
    units: frozenset[str] = frozenset()
    state: tuple[date, str] | None = None

    def clone(self) -> Schema:
        """Return a copy."""
        return Schema({name: dict(rows) for name, rows in self.rows.items()}, dict(self.seen), self.units, self.state)


@dataclass
class Kept:
    """What the database of the board holds."""

    schemas: dict[str, Schema] = field(default_factory=dict)
    current: Row | None = None

    def clone(self) -> Kept:
        """Return a copy."""
        return Kept({name: schema.clone() for name, schema in self.schemas.items()}, self.current)


_SQLITE = sqlite3.connect(":memory:")
_SIDE = "(select ? as _epoch, ? as _revision, ? as _change, ? as _digest)"


@cache
def condition(kind: str) -> str:
    """Return what a statement of the product says about when a row replaces another."""
    return plan_of(SCHEMAS[0]).merges[kind].rpartition(" where ")[2]


def replaces(kind: str, new: Row, old: Row) -> bool:
    """Tell by the product's own statement whether a row replaces another."""
    sides = [row[i] for row in (new, old) for i in (EPOCH, REVISION, CHANGE, DIGEST)]
    statement = f"select {condition(kind)} from {_SIDE} as excluded, {_SIDE} as f"
    return bool(_SQLITE.execute(statement, sides).fetchone()[0])


SCHEMAS = (f"p_{fingerprint()}", f"p_{fingerprint()}_2")
Known = tuple[str, str, str]  # what is done, in which schema, to which kind


@cache
def known(kinds: tuple[str, ...]) -> dict[str, Known]:
    """Return every statement that matters, by its text."""
    found: dict[str, Known] = {database._READ: ("current", "", ""), database._WRITE: ("show", "", "")}
    found[database._SCHEMAS] = ("schemas", "", "")
    found |= dict.fromkeys((proofs._SAVE, proofs._PROBLEM), ("nothing", "", ""))
    for schema in SCHEMAS:
        found |= {text: (what, schema, "") for text, what in _fixed(plan_of(schema)).items()}
        for kind in kinds:
            found |= {text: (what, schema, kind) for text, what in _of_kind(plan_of(schema), kind).items()}
    return found


def _fixed(plan: Plan) -> dict[str, str]:
    add_units = f"insert into {SCHEMA}.unit select unnest($1::text[]) on conflict do nothing"
    texts = {
        f"select as_of, population from {SCHEMA}.state": "state",
        f"select code from {SCHEMA}.unit": "units",
        add_units: "add units",
        positions.ADVANCE: "advance",
        positions.READ: "positions",
        heard.NOTE: "nothing",
        heard.NOTE_REPAIRS: "nothing",
    }
    found = {plan.placed(text): what for text, what in texts.items()}
    found[positions.READ.replace(f"{SCHEMA}.", f"{plan.schema}.")] = "positions"
    return found | {plan.create[0]: "create", f'drop schema if exists "{plan.schema}" cascade': "drop"}


def _of_kind(plan: Plan, kind: str) -> dict[str, str]:
    table = f"{plan.schema}.f_{kind}"
    return {
        plan.upserts[kind].statement: "upsert",
        plan.merges[kind]: "merge",
        copies._DIGESTS.format(table=table): "digests",
        copies._BUCKET.format(table=table): "bucket",
    }


class BoardDatabase(Database):
    """Knows the statements of the projections."""

    state: Kept

    def __init__(self, world: World, kinds: Sequence[str]) -> None:
        super().__init__(world, "board", Kept())
        self.known, self.kinds = known(tuple(kinds)), kinds
        #: Events that the reader of a schema has taken in.
        self.read: dict[str, set[UUID]] = {}
        #: When each projection was shown last, and in whose lead another one.
        self.swapped_out: dict[str, tuple[float, Backend | None]] = {}

    def has_read(self, reader: str, event: UUID) -> bool:
        """Tell whether a reader has taken an event in.

        A batch that waited while another projection was swapped in goes into that one.
        """
        shown = self.state.current[0] if self.state.current else ""
        if event in self.read.get(reader, ()):
            return True
        self.world.took("batch went into the projection swapped in")
        return event in self.read.get(shown, ())

    def passes(self, statement: str) -> bool:
        """Tell whether a statement is none of the simulation's."""
        return statement not in self.known and statement != "copy"

    def writes(self, statement: str) -> bool:
        """Tell whether a statement changes anything."""
        return self.known.get(statement, ("",))[0] in ("show", "create", "drop", "advance", "upsert", "merge")

    def perform(self, backend: Backend, state: Any, statement: str, arguments: Sequence[Any]) -> list[Any]:
        """Do what a statement says."""
        if statement == "copy":
            return self._copy(backend, state, *arguments)
        if ".state values (true, $1, $2)" in statement:
            self._there(state, statement.split()[2].partition(".")[0]).state = (arguments[0], arguments[1])
            return []
        if statement not in self.known:
            assert any(word in statement.lower() for word in FIGURES), f"not simulated: {statement}"
            return [(0,)] if "count(distinct" in statement else []
        what, schema, kind = self.known[statement]
        do: Callable[..., list[Any]] = getattr(self, f"_{what.replace(' ', '_')}")
        if what in ("create", "drop"):
            return do(state, schema)
        place: Any = self._there(state, schema) if schema else state
        if what == "merge":
            return self._upsert(place, kind, backend.temporary.pop(f"f_{kind}"), None)
        return do(place, kind, *arguments) if kind else do(place, *arguments)

    @staticmethod
    def _there(state: Kept, schema: str) -> Schema:
        if schema not in state.schemas:
            raise asyncpg.UndefinedTableError(f"{schema} is not there")
        return state.schemas[schema]

    def _copy(self, backend: Backend, state: Kept, schema: str, table: str, rows: list[Row]) -> list[Any]:
        if table.startswith("staged_"):
            backend.temporary[table.removeprefix("staged_")] = rows
        elif table.startswith("f_"):
            held = self._there(state, schema).rows.setdefault(table.removeprefix("f_"), {})
            assert not held.keys() & {row[0] for row in rows}, "a key twice"
            held |= {row[0]: row for row in rows}
        return []

    def _nothing(self, _state: Any, *_: Any) -> list[Any]:
        return []

    def _current(self, state: Kept) -> list[Any]:
        return [state.current] if state.current else []

    def _show(self, state: Kept, *row: Any) -> list[Any]:
        if state.current is not None and state.current[0] != row[0]:
            self.world.took("rebuilt under load" if self.world.under_load else "rebuilt")
            self.swapped_out[state.current[0]] = self.world.now, self.holders.get(database.LEADER)
        state.current = row
        return []

    def _schemas(self, state: Kept) -> list[Any]:
        return [(name,) for name in sorted(state.schemas)]

    def _create(self, state: Kept, schema: str) -> list[Any]:
        assert schema not in state.schemas, "a schema twice"
        state.schemas[schema], self.read[schema] = Schema(), set()
        return []

    def _drop(self, state: Kept, schema: str) -> list[Any]:
        at, by = self.swapped_out.pop(schema, (0.0, None))
        if by is not None and by is self.holders.get(database.LEADER) and self.world.now - at < GRACE:
            self.world.forbid(f"{schema} was dropped {self.world.now - at:.1f} s after it was read")
        state.schemas.pop(schema, None)
        return []

    def _state(self, schema: Schema) -> list[Any]:
        return [{"as_of": schema.state[0], "population": schema.state[1]}] if schema.state else []

    def _units(self, schema: Schema) -> list[Any]:
        return [(code,) for code in sorted(schema.units)]

    def _add_units(self, schema: Schema, codes: list[str]) -> list[Any]:
        schema.units |= set(codes)
        return []

    def _advance(self, schema: Schema, *columns: Any) -> list[Any]:
        for source, epoch, low, high, _ in zip(*columns, strict=True):
            schema.seen[source, epoch] = schema.seen.get((source, epoch), frozenset()) | set(range(low, high))
        return []

    def _positions(self, schema: Schema) -> list[Any]:
        rows = []
        for (source, epoch), seen in sorted(schema.seen.items()):
            missing = sorted(set(range(1, max(seen) + 1)) - seen)
            rows.append((source, epoch, missing[0] - 1 if missing else max(seen), max(seen), len(missing), RECORDED))
        return rows

    def _upsert(self, schema: Schema, kind: str, rows: list[Row], as_of: date | None) -> list[Any]:
        held, written, office = schema.rows.setdefault(kind, {}), [], 8
        for row in rows:
            old = held.get(row[0])
            if old is None or replaces(kind, row, old):
                self._tell(row, old)
                held[row[0]] = row
                upsert = plan_of(SCHEMAS[0]).upserts[kind]
                nothing = [None] * (2 * len(upsert.flows) + len(upsert.censuses))
                written.append((old and old[office], row[office], *nothing, as_of))
            elif row[EPOCH : REVISION + 1] < old[EPOCH : REVISION + 1]:
                self.world.took("older revision ignored")
        return written

    def _tell(self, row: Row, old: Row | None) -> None:
        if old is None:
            return
        before, after = old[EPOCH : REVISION + 1], row[EPOCH : REVISION + 1]
        if after < before:
            self.world.forbid(f"revision {after} replaced {before}")
        elif after == before:
            self.world.took("repair of an equal revision")
        elif row[EPOCH] > old[EPOCH] and row[REVISION] < old[REVISION]:
            self.world.took("new epoch won over a higher revision")

    def _digests(self, schema: Schema, kind: str, source: str) -> list[Any]:
        found: dict[int, list[int]] = {}
        for row in self._of(schema, kind, source):
            add_digest(found.setdefault(row[0].bytes[15], [0, 0, 0]), row[DIGEST])
        return [(bucket, *sums) for bucket, sums in sorted(found.items())]

    def _bucket(self, schema: Schema, kind: str, source: str, bucket: int) -> list[Any]:
        rows = [row for row in self._of(schema, kind, source) if row[0].bytes[15] == bucket]
        return [(row[0], row[EPOCH], row[REVISION], row[DIGEST]) for row in rows]

    @staticmethod
    def _of(schema: Schema, kind: str, source: str) -> list[Row]:
        deleted = FACT_TABLES[kind].columns.keys().index("deleted")
        rows = schema.rows.get(kind, {}).values()
        return [row for row in rows if row[1] == source and not (row[deleted] and row[REVISION] == 0)]

    def facts(self, source: str) -> dict[UUID, tuple[int, bytes]]:
        """Return revision and digest of every record of a source that the board shows."""
        if self.state.current is None:
            return {}
        schema = self.state.schemas[self.state.current[0]]
        return {r[0]: (r[REVISION], r[DIGEST]) for kind in self.kinds for r in self._of(schema, kind, source)}
