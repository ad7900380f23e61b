"""Records as the recount reads them, a whole store at once."""

from __future__ import annotations

from typing import Any

from services.recount.counting import Store
from services.recount.records import as_fact


def as_facts(store: Store, profile: Any) -> Store:
    """Return the store with facts in the place of records."""
    return {
        kind: {number: as_fact(kind, record, store, profile) for number, record in records.items()}
        for kind, records in store.items()
    }
