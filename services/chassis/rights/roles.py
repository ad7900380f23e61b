"""The roles of a service's database, as statements that anyone who may create roles can run again at any time.

They need PostgreSQL 16 or newer, and of whoever runs them nothing but the rights to create roles and databases: on a
managed server there is no superuser. What each role may do with a table is in `grants`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

_PLAIN = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
_MORE = "rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls"


class Role(StrEnum):
    """What a role is for."""

    OWNER = "owner"  # migrations: owns database and tables
    APP = "app"  # the service: reads and writes records, defines nothing
    RELAY = "relay"  # its relay: empties the outbox, links the audit trail
    AUDITOR = "auditor"  # reads the audit trail and nothing else
    READER = "reader"  # reads what is not encrypted of records that are not sealed, or figures


@dataclass(frozen=True)
class Step:
    """One statement; `makes` says that its rows are themselves statements, to be executed in turn."""

    sql: str
    makes: bool = False


def role_name(service: str, role: Role) -> str:
    """Return the name of a role: `geju_mediation` is the application's, `geju_mediation_owner` the owner's."""
    return f"geju_{service}" if role is Role.APP else f"geju_{service}_{role}"


def account_steps(service: str, passwords: Mapping[Role, str]) -> Iterator[Step]:
    """Give the statements that make the roles and set their passwords, given as SQL literals."""
    for role, password in passwords.items():
        name = role_name(service, role)
        where = f"FROM pg_roles WHERE rolname = '{name}'"
        yield Step(f"""SELECT 'CREATE ROLE "{name}"' WHERE NOT EXISTS (SELECT {where})""", makes=True)
        # Only where it is needed: not everyone who may create roles may say even this.
        yield Step(f"""SELECT 'ALTER ROLE "{name}" {_PLAIN}' {where} AND ({_MORE})""", makes=True)
        yield Step(f"SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', '{name}', {password})", makes=True)
    for role in (Role.AUDITOR, Role.READER):
        if role in passwords:
            yield Step(f'ALTER ROLE "{role_name(service, role)}" SET default_transaction_read_only = on')


def database_steps(service: str, database: str, roles: Sequence[Role]) -> Iterator[Step]:
    """Give the statements that make the database and let in its own roles only."""
    owner = role_name(service, Role.OWNER)
    for role in (Role.OWNER, Role.APP):
        name = role_name(service, role)
        grant = f"SELECT format('GRANT %I TO %I', '{name}', current_user)"
        yield Step(f"{grant} WHERE NOT pg_has_role('{name}', 'SET')", makes=True)
    # template0: nothing that somebody put into template1 comes along.
    known = f"EXISTS (SELECT FROM pg_database WHERE datname = '{database}')"
    create = f"""'CREATE DATABASE "{database}" OWNER "{owner}" TEMPLATE template0'"""
    yield Step(f"SELECT {create} WHERE NOT {known}", makes=True)
    yield Step(f'ALTER DATABASE "{database}" OWNER TO "{owner}"')
    yield Step(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC')
    yield Step(f'GRANT CONNECT ON DATABASE "{database}" TO {_quoted(service, roles, but=Role.OWNER)}')


def schema_steps(service: str, roles: Sequence[Role]) -> Iterator[Step]:
    """Give the statements, for the new database itself, that keep its schema for the owner."""
    owner, app = role_name(service, Role.OWNER), role_name(service, Role.APP)
    defaults = f'ALTER DEFAULT PRIVILEGES FOR ROLE "{owner}"'
    yield Step(f'ALTER SCHEMA public OWNER TO "{owner}"')
    yield Step("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    yield Step(f"GRANT USAGE ON SCHEMA public TO {_quoted(service, roles, but=Role.OWNER)}")
    yield Step(f'{defaults} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "{app}"')
    yield Step(f'{defaults} GRANT USAGE, SELECT ON SEQUENCES TO "{app}"')
    if Role.READER in roles:
        # What the application makes itself: the projections of the board.
        reader = role_name(service, Role.READER)
        for what in ("USAGE ON SCHEMAS", "SELECT ON TABLES"):
            yield Step(f'ALTER DEFAULT PRIVILEGES FOR ROLE "{app}" GRANT {what} TO "{reader}"')


def script(service: str, roles: Sequence[Role]) -> str:
    """Return all of it as a script for psql, run as `psql -v geju_mediation_owner=PASSWORD ...` and so on."""
    passwords = {role: f":'{role_name(service, role)}'" for role in roles}
    database = f"geju_{service}"
    parts = [*account_steps(service, passwords), *database_steps(service, database, roles)]
    inside = list(schema_steps(service, roles))
    return "\n".join([*map(_psql, parts), f'\\connect "{database}"', *map(_psql, inside)]) + "\n"


def _psql(step: Step) -> str:
    return f"{step.sql} \\gexec" if step.makes else f"{step.sql};"


def _quoted(service: str, roles: Sequence[Role], *, but: Role) -> str:
    return ", ".join(f'"{role_name(service, role)}"' for role in roles if role is not but)
