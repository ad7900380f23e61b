"""Who may call what: the `access` option of every method, read at start-up. Nothing is allowed by default."""

from __future__ import annotations

from collections.abc import Iterable

from geju.options.v1 import options_pb2
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor

from services.chassis.context import Caller
from services.chassis.contract import role_name
from services.chassis.domain.errors import PermissionDenied


class UndeclaredAccess(TypeError):  # noqa: N818 (named for the rule that was broken)
    """Methods of the contract that do not say who may call them; a server with one does not start."""

    def __init__(self, methods: Iterable[str]) -> None:
        self.methods = tuple(methods)
        super().__init__("no roles or scope in the access option of " + ", ".join(self.methods))


def allowed_roles(service: ServiceDescriptor) -> dict[str, frozenset[str]]:
    """Return the roles allowed to call each method, by method name. Raises UndeclaredAccess."""
    missing = [method.full_name for method in service.methods if not _declared(method)]
    if missing:
        raise UndeclaredAccess(missing)
    return {method.name: frozenset(map(role_name, _access(method).roles)) for method in service.methods}


def check(caller: Caller, allowed: frozenset[str]) -> None:
    """Refuse a caller that has none of the roles. Raises PermissionDenied."""
    if caller.roles.isdisjoint(allowed):
        raise PermissionDenied(allowed=",".join(sorted(allowed)))


def _access(method: MethodDescriptor) -> options_pb2.Access:
    return method.GetOptions().Extensions[options_pb2.access]


def _declared(method: MethodDescriptor) -> bool:
    access = _access(method)
    known = options_pb2.Role.values()
    return bool(access.roles) and all(role and role in known for role in access.roles) and bool(access.scope)
