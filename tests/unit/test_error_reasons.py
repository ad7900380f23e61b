"""Every broken rule has its reason in the contract of every service that can break it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

from services.chassis.domain.errors import RuleError
from services.cli.registry import DOMAIN


def broken_rules(base: type[RuleError]) -> Iterator[type[RuleError]]:
    """Give all classes of broken rules; those with an underscore only gather others."""
    for child in base.__subclasses__():
        if not child.__name__.startswith("_"):
            yield child
        yield from broken_rules(child)


@pytest.mark.parametrize("service", DOMAIN)
def test_every_reason_is_in_the_contract(service: str) -> None:
    """A client can name every reason that the service gives."""
    package = importlib.import_module(f"services.{service}")
    for module in pkgutil.walk_packages(package.__path__, f"services.{service}."):
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    theirs = ("services.chassis", f"services.{service}")
    given = {rule.reason for rule in broken_rules(RuleError) if rule.__module__.startswith(theirs)}
    known = set(importlib.import_module(f"geju.{service}.v1.error_reason_pb2").ErrorReason.keys())
    assert sorted(reason for reason in given if f"ERROR_REASON_{reason}" not in known) == []
