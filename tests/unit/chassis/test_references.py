"""A reference is a resource name of the right collection, named once."""

from __future__ import annotations

import pytest

from services.chassis.domain.errors import BadReference, InvalidField
from services.chassis.domain.references import check_reference, check_references, uuid_of

UUID = "0198c0de-0000-7000-8000-000000000001"


def test_facts_hold_the_bare_uuid() -> None:
    """The uuid of a reference is what follows its collection; nothing refers to nothing."""
    assert (UUID, "") == (uuid_of(f"mediators/{UUID}"), uuid_of(""))


@pytest.mark.parametrize("name", ["张某某", UUID, f"committees/{UUID}", "mediators/1", f"mediators/{UUID.upper()}"])
def test_what_is_no_resource_name_of_the_collection_is_refused(name: str) -> None:
    """A name, a bare uuid, another collection and another spelling are no references."""
    with pytest.raises(BadReference) as refusal:
        check_reference("mediator", name, "mediators")
    assert ("mediator", {"collection": "mediators"}) == (refusal.value.field, refusal.value.facts)


def test_a_record_is_named_once() -> None:
    """A list of references holds each once, and nothing malformed; an empty reference passes."""
    check_reference("mediator", "", "mediators")
    check_references("mediators", [f"mediators/{UUID}"], "mediators")
    with pytest.raises(InvalidField) as refusal:
        check_references("mediators", [f"mediators/{UUID}"] * 2, "mediators")
    assert "mediators[1]" == refusal.value.field
