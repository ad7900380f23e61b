"""Who may call what: the `access` option of every method, read at start-up. Nothing is allowed by default.

An open method may be called by anyone, without a token. It has no roles, changes nothing, reads no person's record and
is no stream; one that claims more is not served.
"""

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
        wanted = "neither roles and scope, nor open and scope and nothing else"
        super().__init__(f"{wanted}, in the access option of {', '.join(self.methods)}")


def allowed_roles(service: ServiceDescriptor) -> dict[str, frozenset[str] | None]:
    """Return the roles allowed to call each method, by method name; None: open. Raises UndeclaredAccess."""
    missing = [method.full_name for method in service.methods if not _declared(method)]
    if missing:
        raise UndeclaredAccess(missing)
    return {method.name: _allowed(method) for method in service.methods}


def _allowed(method: MethodDescriptor) -> frozenset[str] | None:
    access = _access(method)
    return None if access.open else frozenset(map(role_name, access.roles))


def check(caller: Caller, allowed: frozenset[str]) -> None:
    """Refuse a caller that has none of the roles. Raises PermissionDenied."""
    if caller.roles.isdisjoint(allowed):
        raise PermissionDenied(allowed=",".join(sorted(allowed)))


def _access(method: MethodDescriptor) -> options_pb2.Access:
    return method.GetOptions().Extensions[options_pb2.access]


def _declared(method: MethodDescriptor) -> bool:
    access = _access(method)
    known = options_pb2.Role.values()
    if not access.scope:
        return False
    if access.open:
        more = access.roles or access.mutates or access.reads_person
        return not (more or method.client_streaming or method.server_streaming)
    return bool(access.roles) and all(role and role in known for role in access.roles)
