"""Tokens, keys and passwords that are over, wrong, or changed while everything runs."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from services.chassis.crypto import RecordKeys
from services.chassis.embedded import Secrets
from services.chassis.files import write_private
from services.chassis.identity import RELOAD_SECONDS
from services.chassis.rights.roles import Role, role_name
from services.chassis.tokens import Signer, make_key
from services.cli.supervisor import keys
from services.client.home import AUDIENCE, ISSUER, KEY_ID
from tests.chaos.arena import Arena
from tests.chaos.fault import Fault
from tests.chaos.faults.database import insist, send_away, superuser
from tests.chaos.operating import change_settings, restart, settings_of
from tests.support.system import DOMAIN, SERVICES

_ALLOWED = ["service"], ["*"]


async def _expired_service_token(arena: Arena) -> None:
    seconds, home = arena.seconds(5, 20), arena.system.home
    try:
        write_private(home.service_token, home.signer().mint("geju", *_ALLOWED, -3600))
        arena.note(f"the service token has expired for {seconds:.1f} s")
        await asyncio.sleep(seconds)
    finally:
        keys.renew_service_token(home)


async def _foreign_service_token(arena: Arena) -> None:
    seconds, home = arena.seconds(5, 20), arena.system.home
    key = make_key(arena.folder / "stranger.key", arena.folder / "strangers", KEY_ID)
    stranger = Signer(key, KEY_ID, ISSUER, AUDIENCE)
    try:
        write_private(home.service_token, stranger.mint("geju", *_ALLOWED))
        arena.note(f"the service token is signed with a foreign key for {seconds:.1f} s")
        await asyncio.sleep(seconds)
    finally:
        keys.renew_service_token(home)


async def _token_key_changed(arena: Arena) -> None:
    """Do what docs/operations/keys.md says: add the key, sign with it, take the one before out."""
    home, name = arena.system.home, f"k{arena.rng.randrange(10**6)}"
    signer = Signer(make_key(arena.folder / f"{name}.key", home.jwt_public, name), name, ISSUER, AUDIENCE)
    arena.note(f"tokens may be signed with {name} too")
    await asyncio.sleep(RELOAD_SECONDS + 1)
    before = home.service_token.read_text("utf-8")
    try:
        write_private(home.service_token, signer.mint("geju", *_ALLOWED))
        arena.note(f"services show a token that is signed with {name}")
        await asyncio.sleep(arena.seconds(3, 10))
    finally:
        # The key of the home's owner stays: people's tokens are signed with it.
        write_private(home.service_token, before)
        await asyncio.sleep(1)
        (home.jwt_public / f"{name}.pem").unlink()
        arena.note(f"{name} is taken out")


def nats_password(service: str) -> Fault:
    """Return the fault that a service's password at NATS is changed, and told to the service a while later."""

    async def inflict(arena: Arena) -> None:
        home, seconds = arena.system.home, arena.seconds(1, 10)
        new = _changed_secret(home.nats / "secrets.json", f"nats_{service}")
        await _tell_nats(arena, service, new)
        arena.note(f"NATS knows another password of {service}; told to it after {seconds:.1f} s")
        await asyncio.sleep(seconds)
        change_settings(arena, service, GEJU_NATS_URL=f"nats://{service}:{new}@127.0.0.1:{arena.system.port('nats')}")
        await restart(arena, service)

    return Fault(f"NATS password of {service} changed", "password of NATS changed", inflict)


def nats_locked_out(service: str) -> Fault:
    """Return the fault that NATS refuses a service's password for a while."""

    async def inflict(arena: Arena) -> None:
        home, seconds = arena.system.home, arena.seconds(3, 20)
        right = Secrets(home.nats / "secrets.json").get(f"nats_{service}")
        await _tell_nats(arena, service, secrets.token_urlsafe(24))
        arena.note(f"NATS refuses {service} for {seconds:.1f} s")
        try:
            await asyncio.sleep(seconds)
        finally:
            await _tell_nats(arena, service, right)

    return Fault(f"NATS refuses {service}", "refused by NATS", inflict)


def _changed_secret(path: Any, name: str) -> str:
    known, new = json.loads(path.read_text("utf-8")), secrets.token_urlsafe(24)
    write_private(path, json.dumps({**known, name: new}, indent=2))
    return new


async def _tell_nats(arena: Arena, service: str, password: str) -> None:
    """Write a user's password into the configuration, and have the server read it again."""
    path = arena.system.home.nats / "nats.conf"
    before, block, rest = path.read_text("utf-8").partition("authorization: ")
    users, end = json.JSONDecoder().raw_decode(rest)
    for user in users["users"]:
        if user["user"] == service:
            user["password"] = password
    write_private(path, before + block + json.dumps(users, indent=2) + rest[end:])
    with suppress(FileNotFoundError, ProcessLookupError):  # one that is just being started reads it all the same
        os.kill(arena.system.pid("NATS"), signal.SIGHUP)


def database_password(service: str) -> Fault:
    """Return the fault that the passwords of a service's roles are changed, and told to the service a while later."""

    async def inflict(arena: Arena) -> None:
        seconds, settings = arena.seconds(1, 8), settings_of(arena, service)
        await _change_passwords(arena, service)
        async with superuser(arena) as connection:
            await send_away(connection, "usename LIKE $1", f"geju_{service}%")
        arena.note(f"PostgreSQL knows other passwords of {service}; told to it after {seconds:.1f} s")
        await asyncio.sleep(seconds)
        passwords = Secrets(arena.system.home.passwords)
        place = f"127.0.0.1:{arena.system.port('postgres')}/geju_{service}"
        roles = {"GEJU_DATABASE_URL": Role.APP, "GEJU_DATABASE_RELAY_URL": Role.RELAY}
        names = {setting: role_name(service, role) for setting, role in roles.items() if setting in settings}
        urls = {setting: f"postgresql://{name}:{passwords.get(name)}@{place}" for setting, name in names.items()}
        change_settings(arena, service, **urls)
        await restart(arena, service)

    return Fault(f"database passwords of {service} changed", "password of PostgreSQL changed", inflict)


async def _change_passwords(arena: Arena, service: str) -> None:
    async with superuser(arena) as connection:
        for role in (Role.APP, Role.RELAY) if service in DOMAIN else (Role.APP,):
            name = role_name(service, role)
            new = _changed_secret(arena.system.home.passwords, name)
            await connection.execute(f"ALTER ROLE {name} PASSWORD '{new}'")


def database_locked_out(service: str) -> Fault:
    """Return the fault that PostgreSQL lets a service's role in no longer, for a while."""

    async def inflict(arena: Arena) -> None:
        seconds, role = arena.seconds(2, 15), f"geju_{service}"
        async with superuser(arena) as connection:
            await connection.execute(f"ALTER ROLE {role} NOLOGIN")
            arena.note(f"PostgreSQL refuses {role} for {seconds:.1f} s")
            try:
                await send_away(connection, "usename = $1", role)
                await asyncio.sleep(seconds)
            finally:
                await insist(arena, f"ALTER ROLE {role} LOGIN")

    return Fault(f"PostgreSQL refuses {service}", "refused by PostgreSQL", inflict)


def record_key(service: str) -> Fault:
    """Return the fault that the key of the encrypted columns is changed, in two steps as operations do it."""

    async def inflict(arena: Arena) -> None:
        path, name = arena.system.home.record_keys, f"k{arena.rng.randrange(10**6)}"
        RecordKeys.load(path).with_key(name).save(path)
        arena.note(f"records may be encrypted with {name}")
        await restart(arena, service)
        RecordKeys.load(path).using(name).save(path)
        arena.note(f"records of {service} are encrypted with {name}")
        await restart(arena, service)
        vars(arena.system).pop("_keys", None)

    return Fault(f"record key of {service} changed", "record key changed", inflict)


FAULTS: Sequence[Fault] = [
    Fault("expired service token", "token expired or wrong", _expired_service_token),
    Fault("service token of a foreign key", "token expired or wrong", _foreign_service_token),
    Fault("key of tokens changed", "key of tokens changed", _token_key_changed),
    *map(nats_password, SERVICES),
    *map(nats_locked_out, SERVICES),
    *map(database_password, SERVICES),
    *map(database_locked_out, SERVICES),
    *map(record_key, DOMAIN),
]
