"""What `geju run` decides before anything is started."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import os
import socket
import stat
from contextlib import suppress
from pathlib import Path
from typing import cast

import pytest
from rich.console import Console

from services.chassis.embedded import Nats, Urls
from services.cli.failure import Failure
from services.cli.registry import SERVICES
from services.cli.supervisor import keys, lock, supervisor
from services.cli.supervisor.plan import Plan, Ports, business_offset, require_free
from services.cli.supervisor.steps import Steps
from services.client import Home, NotRunning

NOW = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)


class NeverWell:
    """A NATS that no new start mends: which looks ended it."""

    def __init__(self, looks: int) -> None:
        self.left, self.looks = looks, 0
        self.ended: list[int] = []

    async def frozen(self) -> bool:
        """Say that it is, until the looks are over."""
        if self.looks == self.left:
            raise asyncio.CancelledError
        self.looks += 1
        return True

    async def stop(self) -> None:
        """Note that it was ended."""
        self.ended.append(self.looks)


async def test_what_no_new_start_mends_is_left_in_peace(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that cannot be read any more does not have NATS started anew for ever: each time it is waited longer."""
    monkeypatch.setattr(supervisor, "_FROZEN_SECONDS", 0)
    nats = NeverWell(1000)
    with suppress(asyncio.CancelledError):
        await supervisor.keep_thawed(cast("Nats", nats), Steps(Console(quiet=True)))
    assert [3, 9, 21, 45, 93, 189, 381, 581, 781, 981] == nats.ended


def test_ports_that_the_system_gives_are_all_different() -> None:
    """However many installations ask, no part of one gets the port of another part."""
    for _ in range(200):
        ports = Ports.plan(0).named(postgres=True, nats=True)
        assert len(ports) == len(set(ports.values()))


def test_ports_do_not_overlap() -> None:
    """Every part has a port of its own."""
    ports = Ports.plan(7400).named(postgres=True, nats=True)
    assert 2 + 2 * len(SERVICES) == len(set(ports.values()))


def test_a_taken_port_is_named_with_its_use_and_holder() -> None:
    """Whoever cannot start learns which port it is, what for, and who holds it."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Failure) as refused:
            require_free({"NATS": port})
    assert f"{port}(NATS)" in refused.value.message
    if Path("/proc/self/fd").exists():
        assert str(os.getpid()) in refused.value.message
    assert "--port-base" in refused.value.advice


def test_a_folder_runs_once(tmp_path: Path) -> None:
    """A second run says that the first one runs, and by which process."""
    home = Home(tmp_path / "h")
    with lock.held(home):
        assert home.locked()
        with pytest.raises(Failure, match=str(os.getpid())), lock.held(home):
            pass
    assert not home.locked()
    with lock.held(home):
        pass


def test_a_run_file_without_a_holder_is_not_running(tmp_path: Path) -> None:
    """What a killed run left behind is not taken for a running one."""
    home = Home(tmp_path)
    home.run_file.write_text(json.dumps({"pid": os.getpid(), "services": {}}))
    with pytest.raises(NotRunning):
        home.targets()
    with lock.held(home):
        assert {} == home.targets()


def test_business_time_runs_on_from_the_first_start(tmp_path: Path) -> None:
    """The demonstration's day is set once; a year later it is a year later there, too."""
    profile = tmp_path / "profile"
    profile.mkdir()
    (profile / "district.yaml").write_text("demonstration_today: 2012-12-28\n")
    home = Home(tmp_path)
    first = business_offset(home, profile, NOW)
    assert dt.datetime(2012, 12, 28, 4, tzinfo=dt.UTC) == NOW + first
    assert first == business_offset(home, profile, NOW + dt.timedelta(days=365))


def test_a_real_district_lives_now(tmp_path: Path) -> None:
    """Without a demonstration day business time is real time."""
    (tmp_path / "district.yaml").write_text("code: x\n")
    assert dt.timedelta() == business_offset(Home(tmp_path), tmp_path, NOW)


def test_keys_are_private_and_kept(tmp_path: Path) -> None:
    """Keys are made once, for their owner's eyes only."""
    home = Home(tmp_path)
    keys.prepare(home)
    made = home.record_keys.read_bytes(), home.jwt_private.read_bytes()
    keys.prepare(home)
    assert made == (home.record_keys.read_bytes(), home.jwt_private.read_bytes())
    for path in (home.record_keys, home.jwt_private, home.service_token):
        assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert 0o700 == stat.S_IMODE(home.record_keys.parent.stat().st_mode)


def test_services_get_addresses_keys_and_time(tmp_path: Path) -> None:
    """A service is told everything by settings; nothing else of the caller's environment leaks in."""
    plan = Plan(Home(tmp_path), tmp_path, Ports.plan(7400), dt.timedelta(days=-1))
    settings = plan.settings("aggregation", Urls(owner="", app="postgresql://x"), "nats://y")
    sources = {"mediation": 7410, "correction": 7430, "legalservices": 7440, "legalaid": 7450, "publicity": 7460}
    assert {name: f"127.0.0.1:{port}" for name, port in sources.items()} == json.loads(settings["GEJU_SOURCES"])
    assert "-86400.0" == settings["GEJU_CLOCK_OFFSET_SECONDS"]
    assert "GEJU_TARGETS" not in settings
