"""What the generator knows of an office: its share of the work and how well it does it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from services.chassis.domain.profile import Office, Place, Profile
from services.demo.amount import Part

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
ORDINALS = "甲乙丙丁戊己庚辛壬癸"


@dataclass(frozen=True)
class OfficeLife:
    """An office with its own generator: `share` of the district's disputes, `quality` from 0 (poor) to 1 (best).

    `part` is the part of the story that is told: what two parts tell of has numbers of its own.
    """

    office: Office
    places: tuple[Place, ...]
    share: float
    quality: float
    rng: random.Random
    part: int = 1

    @property
    def code(self) -> str:
        """Code of the office."""
        return self.office.code

    @property
    def mark(self) -> str:
        """What numbers begin with: nothing in the first part."""
        return "" if self.part == 1 else f"P{self.part}-"

    @property
    def region(self) -> str:
        """What numbers of identity papers begin with: no authority has such a region."""
        return f"{self.part - 1:06d}"

    def place(self, on: dt.date) -> str:
        """Choose a place that exists on a day."""
        return self.rng.choice([place.code for place in self.places if place.in_force(on)])

    def person(self) -> str:
        """Invent a person, plainly so."""
        return f"{self.rng.choice(SURNAMES)}某{self.rng.choice(ORDINALS)}"

    def chance(self, probability: float) -> bool:
        """Throw a coin."""
        return self.rng.random() < probability

    def better(self, poor: float, best: float) -> float:
        """Give a probability between `poor` and `best`, by the office's quality."""
        return poor + (best - poor) * self.quality


@dataclass(frozen=True)
class Scene:
    """Where and when a department's story plays: the bureau itself, its offices, from the first year to today."""

    profile: Profile
    bureau: OfficeLife
    lives: Sequence[OfficeLife]
    first_year: int
    today: dt.date


def offices(profile: Profile, seed: int) -> list[OfficeLife]:
    """Give every office a life of its own; its history does not depend on how many others there are."""
    lives = []
    for office in profile.offices:
        rng = random.Random(f"{seed}/{office.code}")
        places = tuple(place for place in profile.places if place.office == office.code)
        share = rng.uniform(0.5, 1.5) * (1.0 if office.kind == "street" else 0.6)
        lives.append(OfficeLife(office, places, share, rng.uniform(0.15, 1.0), rng))
    return lives


def of_part(lives: Sequence[OfficeLife], part: Part) -> list[OfficeLife]:
    """Give the offices of another part streams of their own; the first part goes on with those it has."""
    if part.first:
        return list(lives)
    return [replace(life, part=part.number, rng=random.Random(f"{part.number}/{life.rng.random()}")) for life in lives]


def months(first_year: int, today: dt.date) -> Iterator[dt.date]:
    """Walk the first days of the months from January of `first_year` to the month of `today`."""
    day = dt.date(first_year, 1, 1)
    while day <= today:
        yield day
        day = (day + dt.timedelta(days=32)).replace(day=1)


def day_in(rng: random.Random, month: dt.date) -> dt.date:
    """Choose a day of a month."""
    following = (month + dt.timedelta(days=32)).replace(day=1)
    return month + dt.timedelta(days=rng.randrange((following - month).days))
