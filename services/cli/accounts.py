"""The accounts of the product's services at PostgreSQL and NATS."""

from __future__ import annotations

from services.chassis.rights.broker import Rights, board_rights, source_rights
from services.chassis.rights.roles import Role
from services.cli.registry import DOMAIN, SERVICES

# The roles of each database: only where records are kept is there an outbox to empty and a trail to read.
ROLES = {name: tuple(Role) if name in DOMAIN else (Role.OWNER, Role.APP, Role.READER) for name in SERVICES}


def broker_users() -> dict[str, Rights]:
    """Return what each service may do with NATS, under a user of its own name."""
    return {name: source_rights(name) if name in DOMAIN else board_rights(name, DOMAIN) for name in SERVICES}
