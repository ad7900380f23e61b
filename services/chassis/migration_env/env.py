"""Runs a service's revisions on the connection that services.chassis.migrations opened."""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    compare_type=True,
    # The lock and all revisions are one transaction, which the caller opened.
    transactional_ddl=False,
)
context.run_migrations()
