"""What services tell again is what others react to."""

from __future__ import annotations

from services.legalaid.app import TOLD as OF_LEGALAID
from services.mediation.app import TOLD as OF_MEDIATION
from tests.chaos.consequences import REACTIONS

TOLD = {"mediation": OF_MEDIATION, "legalaid": OF_LEGALAID}


def test_a_service_tells_again_what_others_react_to() -> None:
    """A reaction to another service's fact is not left to a broker that may lose it."""
    wanted: dict[str, set[tuple[str, str]]] = {}
    for service, reactions in REACTIONS.items():
        for reaction in reactions:
            if reaction.service and reaction.service != service:
                wanted.setdefault(reaction.service, set()).update((reaction.kind, one) for one in reaction.changes)
    assert {service: set(told) for service, told in TOLD.items()} == wanted


def test_every_service_that_reacts_is_looked_at() -> None:
    """A new reacting service is held to it, too."""
    from importlib import import_module  # noqa: PLC0415 - by name

    from services.cli.registry import DOMAIN  # noqa: PLC0415 - as above

    reacting = {name for name in DOMAIN if hasattr(import_module(f"services.{name}.app"), "REACTIONS")}
    assert reacting == set(REACTIONS)
