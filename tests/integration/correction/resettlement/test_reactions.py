"""What follows from a fact, by the service itself: a file for whom correction released, once, whatever comes again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nats
import pytest
from geju.correction.v1 import (
    base_stay_pb2,
    help_act_pb2,
    released_person_pb2,
    released_visit_pb2,
    supervised_person_pb2,
)

from services.chassis import context
from services.chassis.domain.errors import NotFound
from services.chassis.embedded import Nats
from services.chassis.publishing import start_relay
from services.chassis.reactions import Reactor
from services.chassis.runtime import Runtime
from services.chassis.testing import eventually
from services.chassis.work import Work
from services.correction.app import REACTIONS
from services.correction.domain.resettlement.errors import FileInUse
from services.correction.resettlement import reaction
from services.correction.resettlement.opened import follow_end, open_file
from services.correction.supervision.kinds import HELP_ACT, SUPERVISED_PERSON
from services.correction.supervision.reaction import follow_seal
from tests.integration.chassis.toy import make_settings
from tests.integration.correction.resettlement.conftest import SEALED, SERVICE, Bench
from tests.integration.servicers import NORTH, Database
from tests.unit.correction.resettlement.people import APART, KEY, changed, on

READER = SERVICE
Supervised = supervised_person_pb2.SupervisedPerson
ENDED = Supervised(
    office="north",
    key="J-1",
    full_name="测试甲",
    sex=1,
    birth_year=1990,
    sentence=2,
    offence_class=1,
    notifier=1,
    judgment_date=on(2011, 5, 20),
    term_from_date=on(2011, 6, 1),
    term_to_date=on(2012, 5, 31),
    notified_date=on(2011, 5, 25),
    taken_over_date=on(2011, 6, 1),
    ended_date=on(2012, 5, 31),
    end_ground=supervised_person_pb2.END_GROUND_TERM_SERVED,
    state=Supervised.STATE_ENDED,
)


@dataclass
class Scene:
    """The bench with its relay and reactions running, on a NATS of its own."""

    bench: Bench
    client: Any
    settings: Any

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Runtime]:
        """Publish and react for the length of the block."""
        store = self.bench.store
        runtime = Runtime("correction", self.settings, store.profile, self.bench.clock)
        start_relay(runtime)
        runtime.background("reactions", Reactor(runtime, store, REACTIONS).run)
        try:
            yield runtime
        finally:
            await runtime.close()

    async def handled(self, events: int) -> None:
        """Wait until so many events of the stream were acknowledged by the reader, and none is left."""

        async def done() -> bool:
            try:
                info = await self.client.jetstream().consumer_info("GEJU_FACTS", "correction-reactions")
            except nats.js.errors.NotFoundError:
                return False
            return (info.delivered.consumer_seq, info.num_ack_pending, info.num_pending) >= (events, 0, 0) and (
                info.num_ack_pending == info.num_pending == 0
            )

        await eventually(done)

    async def read_again(self) -> None:
        """Forget what was acknowledged: the next reader begins at the beginning of the stream."""
        await self.client.jetstream().delete_consumer("GEJU_FACTS", "correction-reactions")

    async def files(self) -> list[released_person_pb2.ReleasedPerson]:
        """Return the files there are."""
        answer = await self.bench.call("ReleasedPersonService/ListReleasedPersons", READER)
        return list(answer.released_persons)


@pytest.fixture
async def scene(
    bench: Bench, database: Database, nats_server: Nats, tmp_path: Path, record_keys: Path
) -> AsyncIterator[Scene]:
    """Give the bench beside an empty stream."""
    client = await nats.connect(nats_server.url)
    settings = make_settings(
        tmp_path, nats_url=nats_server.url_of("correction"), **database[0].settings(), record_keys=record_keys
    )
    yield Scene(bench, client, settings)
    await client.close()


async def end(bench: Bench, change: str = "ended", **fields: Any) -> Supervised:
    """Store a person whose correction ended, as the step leaves it."""
    context.enter(context.Call(SERVICE, "/geju.correction.v1.SupervisedPersonService/EndCorrection"))
    async with Work(bench.store, context.current()) as work:
        person = work.create(SUPERVISED_PERSON, changed(ENDED, **fields), change)
        await work.commit()
    return person


async def test_the_end_of_correction_opens_a_file_once(scene: Scene) -> None:
    """However often the fact is delivered there is one file; the two records refer to each other."""
    person = await end(scene.bench)
    for _ in range(3):
        async with scene.running():
            await scene.handled(1)
            await scene.read_again()
    [file] = await scene.files()
    person = await scene.bench.get(person)
    assert (person.name, file.name) == (file.supervised_person, person.released_person)
    assert (on(2012, 5, 31), "测试甲", "J-1") == (file.released_date, file.full_name, file.key)
    assert "geju/correction" == (await scene.bench.rows("SELECT actor FROM released_person"))[0]["actor"]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ("terminated", {"end_ground": supervised_person_pb2.END_GROUND_DIED}),
        ("ended", {"end_ground": supervised_person_pb2.END_GROUND_REVOKED}),
        ("ended", {"ended_date": None, "end_ground": None}),
        ("corrected", {}),
    ],
)
async def test_no_other_end_opens_a_file(scene: Scene, change: str, fields: dict[str, Any]) -> None:
    """Who died, went back to prison or is still under correction is not released."""
    await end(scene.bench, change, **fields)
    async with scene.running():
        await scene.handled(1)
    assert [] == await scene.files()


async def test_a_number_that_is_taken_keeps_no_file_from_being_opened(scene: Scene) -> None:
    """The file is opened without one, for the office to give it another."""
    await scene.bench.person(key="J-1")
    await end(scene.bench)
    async with scene.running():
        await scene.handled(2)
    assert ["", "J-1"] == sorted(file.key for file in await scene.files())


async def test_the_file_of_a_minor_is_opened_under_seal(scene: Scene) -> None:
    """The seal passes over with the person."""
    await end(scene.bench, minor=True, sealed=True)
    async with scene.running():
        await scene.handled(1)
    [file] = await scene.files()
    assert file.sealed
    with pytest.raises(NotFound):
        await scene.bench.get(file, NORTH)


async def test_what_is_known_of_a_person_follows_the_file(scene: Scene) -> None:
    """A change of class reaches the visits of every office, a deletion takes all records and the reference with it."""
    bench = scene.bench
    await end(bench)
    async with scene.running():
        await scene.handled(1)
        [file] = await scene.files()
        steps = {"linked_date": on(2012, 5, 31), "registered_date": on(2012, 5, 31)}
        file = await bench.change("Correct", file, **steps, **APART)
        visit = await bench.make(visit_of(file, office="south"))
        assert on(2012, 9, 1) == visit.next_visit_due_date
        file = await bench.change("Update", file, **KEY | {"key_to_date": None})

        async def followed() -> bool:
            return bool(on(2012, 7, 1) == (await bench.get(visit)).next_visit_due_date)

        await eventually(followed)
        await bench.delete(file)

        async def gone() -> bool:
            return await bench.count("released_visit") == 0

        await eventually(gone)
    [person] = (await bench.call("SupervisedPersonService/ListSupervisedPersons")).supervised_persons
    assert "" == person.released_person


async def test_who_is_closed_leaves_the_base(scene: Scene) -> None:
    """The place is free from the next day on; one who comes later than that is not touched."""
    bench = scene.bench
    person, base = await bench.person(), await bench.base()
    given: dict[str, Any] = {"office": "north", "person": person.name, "base": base.name, "from_date": on(2012, 5, 1)}
    stay = await bench.make(base_stay_pb2.BaseStay(**given))
    verb, why = "ReleasedPersonService/CloseReleasedPerson", released_person_pb2.CLOSE_GROUND_DIED
    await bench.call(verb, name=person.name, closed_date=on(2012, 5, 20), close_ground=why)
    async with scene.running():
        await scene.handled(2)
    assert on(2012, 5, 20) == (await bench.get(stay)).to_date
    other = await bench.person()
    await bench.make(base_stay_pb2.BaseStay(**given | {"person": other.name, "from_date": on(2012, 5, 21)}))


async def opened(bench: Bench) -> tuple[Any, Any]:
    """Return a person whose correction ended, and the file that this opened."""
    person = await end(bench)
    await bench.react(open_file, person)
    [file] = (await bench.call("ReleasedPersonService/ListReleasedPersons", READER)).released_persons
    return await bench.get(person), file


async def test_the_file_follows_a_correction_of_the_day(scene: Scene) -> None:
    """Released is who was under correction to the day: the file's day and time limits move with it."""
    person, file = await opened(scene.bench)
    await scene.bench.change("Correct", person, ended_date=on(2012, 5, 30))

    async def moved() -> bool:
        found = await scene.bench.get(file)
        return bool(found.released_date == found.limits[0].start == on(2012, 5, 30))

    async with scene.running():
        await eventually(moved)


REVOKED = {"end_ground": supervised_person_pb2.END_GROUND_REVOKED}
CLEARED = {"ended_date": None, "end_ground": None}


@pytest.mark.parametrize("fields", [REVOKED, CLEARED])
async def test_a_file_is_withdrawn_when_nobody_was_released(bench: Bench, fields: dict[str, Any]) -> None:
    """Nothing is left of it, and another end opens another one."""
    person, _ = await opened(bench)
    await bench.change("Correct", person, **fields)
    await bench.react(follow_end, person)
    assert (0, "") == (await bench.count("released_person"), (await bench.get(person)).released_person)


async def test_a_file_goes_with_the_deleted_record_of_correction(bench: Bench) -> None:
    """What was opened by mistake goes with the mistake."""
    person, _ = await opened(bench)
    await bench.delete(person)
    await bench.react(follow_end, person)
    assert 0 == await bench.count("released_person")


@pytest.mark.parametrize("done", ["step", "record"])
async def test_an_end_stays_while_its_file_is_worked_on(bench: Bench, done: str) -> None:
    """The correction is refused until the file agrees with it or is gone."""
    person, file = await opened(bench)
    if done == "step":
        await bench.change("Correct", file, linked_date=on(2012, 6, 1))
    else:
        act = help_act_pb2.HelpAct(office="north", person=file.name, kind=1, given_date=on(2012, 6, 1))
        await bench.make(act)
    for fields in (REVOKED, CLEARED, {"ended_date": on(2012, 5, 30)}):
        with pytest.raises(FileInUse):
            await bench.change("Correct", person, **fields)
    with pytest.raises(FileInUse):
        await bench.delete(person)
    await bench.change("Correct", file, released_date=on(2012, 5, 30))
    await bench.change("Correct", person, ended_date=on(2012, 5, 30))


@pytest.mark.parametrize("first", ["supervised", "released"])
async def test_the_seal_reaches_the_other_record_of_the_person(bench: Bench, first: str) -> None:
    """Who was a minor is sealed under correction and as a released person, with all that is recorded; and back."""
    supervised, released = await opened(bench)
    visit = await bench.make(visit_of(await registered(bench, released), office="north"))
    one, other, follow = supervised, released, follow_seal
    if first == "released":
        one, other, follow = released, supervised, reaction.follow_seal
    for minor in (True, False):
        await bench.change("Correct", one, SEALED, minor=minor)
        await bench.react(follow, one)
        found = [await bench.get(record, READER) for record in (one, other, visit)]
        assert [minor] * 3 == [record.sealed for record in found]
        assert [minor, minor] == [record.minor for record in found[:2]]


async def registered(bench: Bench, released: Any) -> Any:
    """Return a file after it was registered."""
    steps = {"linked_date": on(2012, 5, 31), "registered_date": on(2012, 5, 31)}
    return await bench.change("Correct", released, **steps)


@pytest.mark.parametrize("change", ["ended", "terminated"])
async def test_an_end_that_seals_reaches_what_is_recorded(scene: Scene, change: str) -> None:
    """A correction or import may seal and end at once: the change is named for the end, the seal is followed too."""
    ground = supervised_person_pb2.END_GROUND_TERM_SERVED if change == "ended" else None
    fields = {"end_ground": ground or supervised_person_pb2.END_GROUND_DIED, "minor": True, "sealed": True}
    person = await end(scene.bench, change, **fields)
    act = help_act_pb2.HelpAct(office="north", person=person.name, kind=1, given_date=on(2012, 5, 1))
    async with Work(scene.bench.store, context.current()) as work:
        made = work.create(HELP_ACT, act)
        await work.commit()
    async with scene.running():
        await scene.handled(1)
    assert (await scene.bench.get(made, READER)).sealed


@pytest.mark.parametrize(
    "ground", [supervised_person_pb2.END_GROUND_TERM_SERVED, supervised_person_pb2.END_GROUND_DIED]
)
async def test_with_correction_the_stay_ends_too(bench: Bench, ground: str) -> None:
    """Whoever is under correction no more works in no base."""
    person = await end(bench, end_ground=ground)
    base = await bench.base()
    given: dict[str, Any] = {"office": "north", "person": person.name, "base": base.name, "from_date": on(2012, 5, 1)}
    stay = await bench.make(base_stay_pb2.BaseStay(**given))
    await bench.react(reaction.end_stays, person)
    assert on(2012, 5, 31) == (await bench.get(stay)).to_date


def visit_of(file: Any, **fields: Any) -> Any:
    """Return a visit to a person today."""
    return released_visit_pb2.ReleasedVisit(person=file.name, kind=1, visit_date=on(2012, 6, 1), **fields)
