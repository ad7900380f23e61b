"""Every reason for a refusal is in the contract."""

from __future__ import annotations

import inspect
from types import ModuleType

from geju.aggregation.v1.error_reason_pb2 import ErrorReason

from services.aggregation import errors
from services.chassis import refusals
from services.chassis.domain import errors as domain
from services.chassis.domain.errors import RuleError

SHARED = (
    domain.InvalidField,
    domain.UnknownOffice,
    domain.BadPageToken,
    domain.UnknownEnumValue,
    domain.BadText,
    domain.RequestIdReused,
    domain.Unauthenticated,
    domain.PermissionDenied,
    domain.Unavailable,
)


def rules(module: ModuleType) -> set[str]:
    """Return the reasons of a module's rules."""
    found = (value for value in vars(module).values() if inspect.isclass(value) and issubclass(value, RuleError))
    return {rule.reason for rule in found if rule is not RuleError}


def test_every_reason_is_in_the_contract() -> None:
    """A client can name every reason that the service gives, its own and those of what every call goes through."""
    given = rules(errors) | rules(refusals) | {rule.reason for rule in SHARED} | {"INTERNAL"}
    known = set(ErrorReason.keys())
    assert set() == {reason for reason in given if f"ERROR_REASON_{reason}" not in known}
