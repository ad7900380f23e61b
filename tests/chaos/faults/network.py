"""The network between the parts: partitions, one-way loss, delay, resets, ways that are gone, lost packets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict

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


def partition(group: str) -> Fault:
    """Return the fault that parts cannot reach each other: connections end, new ones are refused."""

    async def inflict(arena: Arena) -> None:
        seconds = arena.seconds(2, 15)
        links = links_of(arena, group)
        arena.note(f"{group} cut off from each other for {seconds:.1f} s")
        await disturb(links, Mode(cut=True), seconds)

    return Fault(f"partition of {group}", "partition", inflict)


def silence(group: str) -> Fault:
    """Return the fault that nothing comes through between parts, in both directions, and nothing says so."""

    async def inflict(arena: Arena) -> None:
        seconds = arena.seconds(5, 35)
        links = links_of(arena, group)
        arena.note(f"silence between {group} for {seconds:.1f} s")
        await disturb(links, Mode(stalled=BOTH), seconds)

    return Fault(f"silence between {group}", "silent network", inflict)


def one_way(group: str) -> Fault:
    """Return the fault that nothing comes through between parts in one direction."""

    async def inflict(arena: Arena) -> None:
        seconds, way = arena.seconds(3, 25), arena.rng.choice(BOTH)
        links = links_of(arena, group)
        arena.note(f"nothing comes through between {group} on the way {way} for {seconds:.1f} s")
        await disturb(links, Mode(stalled=[way]), seconds)

    return Fault(f"one-way loss between {group}", "one-way loss", inflict)


def slow(group: str) -> Fault:
    """Return the fault that everything takes its time between parts, now more, now less."""

    async def inflict(arena: Arena) -> None:
        seconds, delay = arena.seconds(3, 15), arena.seconds(0.005, 0.2)
        links = links_of(arena, group)
        arena.note(f"delay of {1000 * delay:.0f} ms +- 80 % between {group} for {seconds:.1f} s")
        await disturb(links, Mode(delay=delay, jitter=0.8 * delay), seconds)

    return Fault(f"delay between {group}", "delay and jitter", inflict)


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


def lossy(group: str) -> Fault:
    """Return the fault that packets are lost, and sent again by TCP itself."""

    async def inflict(arena: Arena) -> None:
        seconds, loss = arena.seconds(5, 20), arena.rng.randint(1, 8)
        links = links_of(arena, group)
        arena.note(f"{loss} % of packets lost between {group} for {seconds:.1f} s")
        await disturb(links, Mode(loss=loss), seconds)

    return Fault(f"packet loss between {group}", "packet loss (namespace, iptables)", inflict, needs_root=True)


FAULTS: Sequence[Fault] = [
    fault(group) for fault in (partition, silence, one_way, slow, resets, forgotten, lossy) for group in GROUPS
]
