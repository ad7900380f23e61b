"""Every broken rule has its reason in the contract."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from geju.mediation.v1.error_reason_pb2 import ErrorReason

import services.mediation
from services.chassis.domain.errors import RuleError


def broken_rules(base: type[RuleError]) -> Iterator[type[RuleError]]:
    """Give all classes of broken rules; those with an underscore only gather others."""
    for child in base.__subclasses__():
        if not child.__name__.startswith("_"):
            yield child
        yield from broken_rules(child)


def test_every_reason_is_in_the_contract() -> None:
    """A client can name every reason that the service gives."""
    for module in pkgutil.walk_packages(services.mediation.__path__, "services.mediation."):
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    theirs = ("services.chassis", "services.mediation")
    given = {rule.reason for rule in broken_rules(RuleError) if rule.__module__.startswith(theirs)}
    known = set(ErrorReason.keys())
    assert sorted(reason for reason in given if f"ERROR_REASON_{reason}" not in known) == []
