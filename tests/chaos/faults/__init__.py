"""All faults: those of every module here that has any."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from tests.chaos.fault import Fault

MODULES: Sequence[ModuleType] = [
    import_module(f"{__name__}.{found.name}") for found in sorted(iter_modules(__path__), key=lambda one: one.name)
]
FAULTS: Sequence[Fault] = [fault for module in MODULES for fault in module.FAULTS]
BY_NAME = {fault.name: fault for fault in FAULTS}
if len(BY_NAME) < len(FAULTS):
    raise ValueError("two faults have one name")
