"""The network between the parts: partitions, one-way loss, delay, resets, ways that are gone, lost packets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import NamedTuple

from services.chassis.embedded.process import free_ports
from services.cli.supervisor.plan import Ports
from tests.chaos.arena import Arena, Ground
from tests.chaos.fault import Fault, Skipped
from tests.chaos.inside.wiring import CALLERS, WIRING
from tests.chaos.links import BOTH, PASS, Links, Mode, Remote
from tests.support.system import DOMAIN, SERVICES

NATS, POSTGRES = "NATS", "PostgreSQL"
#: Every link, by who connects and what to.
LINKS = [
    *((service, server) for service in SERVICES for server in (NATS, POSTGRES)),
    *(("aggregation", service) for service in DOMAIN),
    *((CALLERS, service) for service in SERVICES),
]
#: What is disturbed at once: the links to one server, or those of one service.
GROUPS = {
    "all and NATS": [(one, server) for one, server in LINKS if server == NATS],
    "all and PostgreSQL": [(one, server) for one, server in LINKS if server == POSTGRES],
    "the sources and the board": [ends for ends in LINKS if ends[0] == "aggregation" and ends[1] in DOMAIN],
    "callers and all": [ends for ends in LINKS if ends[0] == CALLERS],
    **{f"{service} and NATS": [(service, NATS)] for service in SERVICES},
    **{f"{service} and PostgreSQL": [(service, POSTGRES)] for service in SERVICES},
}


async def prepare(ground: Ground) -> None:
    """Lay the installation's ports, and links before all that its services connect to."""
    ports = Ports.plan(0)
    links = free_ports(len(LINKS))
    at = {NATS: ports.nats, POSTGRES: ports.postgres, **ports.grpc}
    wired = {name_of(*ends): (link, at[ends[1]]) for ends, link in zip(LINKS, links, strict=True)}
    by_service = {
        service: {wired[name_of(*ends)][1]: wired[name_of(*ends)][0] for ends in LINKS if ends[0] == service}
        for service in (*SERVICES, CALLERS)
    }
    text = json.dumps({"ports": asdict(ports), "links": by_service})
    (ground.folder / WIRING).write_text(text, "utf-8")
    ground.proxies |= await ground.stack.enter_async_context(Links(wired))


def name_of(one: str, other: str) -> str:
    """Return the name of a link."""
    return f"{one} -> {other}"


def port_of(arena: Arena, service: str) -> int:
    """Return the port of a service itself, behind its links."""
    return int(json.loads((arena.folder / WIRING).read_text("utf-8"))["ports"]["grpc"][service])


def links_of(arena: Arena, group: str) -> list[Remote]:
    """Return the links of a group. Raises Skipped where there are none."""
    if not arena.proxies:
        raise Skipped("no links between the parts")
    return [arena.proxies[name_of(*ends)] for ends in GROUPS[group]]


async def disturb(links: Iterable[Remote], mode: Mode, seconds: float) -> None:
    """Have links behave so for some time. Raises Skipped where they cannot."""
    links = list(links)
    try:
        for link in links:
            await link.set(mode)
        await asyncio.sleep(seconds)
    except OSError as problem:
        raise Skipped(f"packets cannot be lost here: {problem}") from problem
    finally:
        for link in links:
            await link.set(PASS)


class Disturbance(NamedTuple):
    """One way in which links can behave for a while: how long, in seconds, and what is drawn for each time."""

    kind: str
    name: str
    seconds: tuple[float, float]
    draw: Callable[[Arena], Mode]
    needs_root: bool = False

    def of(self, group: str) -> Fault:
        """Return the fault that the links of a group behave so."""
        name = self.name.format(group)

        async def inflict(arena: Arena) -> None:
            seconds, mode = arena.seconds(*self.seconds), self.draw(arena)
            links = links_of(arena, group)
            arena.note(f"{name} for {seconds:.1f} s: {mode}")
            await disturb(links, mode, seconds)

        return Fault(name, self.kind, inflict, needs_root=self.needs_root)


def _slow(arena: Arena) -> Mode:
    delay = arena.seconds(0.005, 0.2)
    return Mode(delay=delay, jitter=0.8 * delay)


DISTURBANCES = (
    # Connections end, new ones are refused.
    Disturbance("partition", "partition of {}", (2, 15), lambda _: Mode(cut=True)),
    # Nothing comes through, in both directions or in one, and nothing says so.
    Disturbance("silent network", "silence between {}", (5, 35), lambda _: Mode(stalled=BOTH)),
    Disturbance(
        "one-way loss", "one-way loss between {}", (3, 25), lambda arena: Mode(stalled=[arena.rng.choice(BOTH)])
    ),
    # Everything takes its time, now more, now less.
    Disturbance("delay and jitter", "delay between {}", (3, 15), _slow),
    # Packets are lost, and sent again by TCP itself.
    Disturbance(
        "packet loss (namespace, iptables)",
        "packet loss between {}",
        (5, 20),
        lambda arena: Mode(loss=arena.rng.randint(1, 8)),
        needs_root=True,
    ),
)


def resets(group: str) -> Fault:
    """Return the fault that connections are reset again and again in the middle of whatever they carry."""

    async def inflict(arena: Arena) -> None:
        links, times = links_of(arena, group), arena.rng.randint(3, 12)
        arena.note(f"connections between {group} reset {times} times")
        for _ in range(times):
            for link in links:
                await link.reset()
            await asyncio.sleep(arena.seconds(0.05, 1))

    return Fault(f"resets between {group}", "connection resets", inflict)


def forgotten(group: str) -> Fault:
    """Return the fault that connections are dead without either end being told, while new ones work."""

    async def inflict(arena: Arena) -> None:
        seconds = arena.seconds(5, 40)
        links = links_of(arena, group)
        arena.note(f"connections between {group} forgotten on the way, reset after {seconds:.1f} s")
        for link in links:
            await link.forget()
        try:
            await asyncio.sleep(seconds)
        finally:
            for link in links:  # what a kernel finds out in the end
                await link.reset()

    return Fault(f"dead connections between {group}", "dead connections", inflict)


FAULTS: Sequence[Fault] = [
    fault(group) for fault in (*(one.of for one in DISTURBANCES), resets, forgotten) for group in GROUPS
]
