"""What happens to activities of law publicity and what is handed out, studied, examined and published.

Activities are planned, held, cancelled, recorded in one call, taken over from a street's sheet and corrected, which
what was handed out at them follows and facilities learn of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from geju.publicity.v1 import (
    activity_pb2,
    activity_service_pb2,
    exam_pb2,
    material_handout_pb2,
    news_item_pb2,
    study_session_pb2,
    year_plan_pb2,
)

from services.chassis.domain.dates import from_date, to_date
from tests.support.story import EARLIEST, Teller
from tests.support.story_publicity_places import used

SERVICE = "ActivityService"
PLANNED, HELD = activity_pb2.Activity.STATE_PLANNED, activity_pb2.Activity.STATE_HELD
STREET = study_session_pb2.STUDY_ORGANISATION_STREET
ORGANISATIONS = {
    "village": study_session_pb2.STUDY_ORGANISATION_VILLAGE,
    "community": study_session_pb2.STUDY_ORGANISATION_COMMUNITY,
}
#: The day of what is of one day, and a number that may be corrected.
DAYS = {"studySessions": ("held_date", "attendance"), "exams": ("held_date", "had_to_sit"),
        "newsItems": ("published_date", "")}  # fmt: skip


async def plan(t: Teller) -> None:
    """Plan an activity, in the past or to come."""
    made, on = _activity(t, t.office()), t.until(t.day(), 0, 60)
    made.planned_date.CopyFrom(on)
    made.facilities.extend(_facilities(t, to_date(on)))
    await t.make(made)


async def hold(t: Teller) -> None:
    """Hold what is planned."""
    activity = _some(t, PLANNED)
    if activity is None:
        return
    on, (audience, people) = t.day(), _audience(t)
    there = _facilities(t, to_date(on)) if t.likely(0.7) else []
    await t.tell(
        f"{SERVICE}/HoldActivity", *(there or activity.facilities), name=activity.name, held_date=on, audience=audience,
        people=people, facilities=there, materials=_materials(t), contents_renewed=t.likely(0.5),
    )  # fmt: skip


async def cancel(t: Teller) -> None:
    """Cancel what is planned."""
    activity = _some(t, PLANNED)
    if activity is not None:
        await t.tell(f"{SERVICE}/CancelActivity", name=activity.name, cancelled_date=t.day(), reason="示例天气原因")


async def record(t: Teller) -> None:
    """Record an activity that was held, in one call."""
    made, on = _activity(t, t.office()), t.day()
    made.held_date.CopyFrom(on)
    audience, made.people = _audience(t)
    made.audience.extend(audience)
    made.facilities.extend(_facilities(t, to_date(on)))
    await t.tell(f"{SERVICE}/RecordHeldActivity", *made.facilities, activity=made, materials=_materials(t),
                 contents_renewed=t.likely(0.5))  # fmt: skip


async def amend(t: Teller) -> None:
    """Complete what is recorded of an activity."""
    activity = _some(t, HELD)
    if activity is not None:
        audience, people = _audience(t)
        venue, campaign = t.value(activity_pb2.ActivityVenue), t.value(activity_pb2.Campaign)
        await t.change(activity, audience=audience, people=people, venue=venue, campaign=campaign)


async def correct(t: Teller) -> None:
    """Correct the day or office of an activity, make one held that was not, or delete one."""
    activities = t.of("activities")
    if not activities:
        return
    activity, chance = t.some(activities), t.chance.random()
    if chance < 0.25:
        await t.drop(activity)
    elif activity.state != HELD:
        audience, people = _audience(t)
        await t.change(activity, corrected=True, held_date=t.day(), audience=audience, people=people)
    else:
        moved = {"office": t.office(), "place": ""} if chance < 0.5 else {}
        if await t.change(activity, corrected=True, held_date=t.day(), **moved):
            for handout in _handouts(t, activity):
                await t.look(handout.name)


async def take_over(t: Teller) -> None:
    """Take over a line of a sheet: of a new activity, or once more with other numbers."""
    known = t.of("activities", lambda one: bool(one.key))
    old = t.some(known) if known and t.likely(0.5) else None
    row = activity_service_pb2.ActivityImportRow(
        row=3, office=t.office(), key=f"示例{t.chance.getrandbits(60):x}", title="示例活动", held_date=t.day(),
        form=t.value(activity_pb2.ActivityForm), topics=[t.value(activity_pb2.ActivityTopic)],
        venue=t.value(activity_pb2.ActivityVenue),
        channel=t.value(activity_pb2.ActivityChannel), pupils=t.chance.randrange(1, 90), elderly=t.chance.randrange(90),
        booklets=t.chance.randrange(3) * 50, cards=t.chance.randrange(3) * 20,
    )  # fmt: skip
    if old is not None:
        row.office, row.key = old.office, old.key
        row.cleared.extend(column for column in ("booklets", "cards") if not getattr(row, column))
    answer = await t.tell(f"{SERVICE}/ImportActivities", rows=[row])
    name = answer.verdicts[0].name if answer else ""
    if not name:
        return
    activity = await t.look(name)
    its = {"activity": name.partition("/")[2]}
    before = {one.name for one in _handouts(t, activity)}
    found = await t.caller("MaterialHandoutService/ListMaterialHandouts", t.patience, filter=its)
    for handout in found.material_handouts:
        await t.look(handout.name)
    for gone in before - {handout.name for handout in found.material_handouts}:
        t.forget(gone, with_another=True)
    for facility in activity.facilities:
        await t.look(facility)


async def hand_out(t: Teller) -> None:
    """Hand materials out, by themselves or at an activity; correct or delete a handout."""
    handouts = t.of("materialHandouts")
    if handouts and t.likely(0.4):
        handout = t.some(handouts)
        if t.likely(0.5):
            await t.drop(handout)
        else:
            await t.change(handout, corrected=True, copies=t.chance.randrange(1, 500))
        return
    kind, copies = t.value(material_handout_pb2.MaterialKind), t.chance.randrange(1, 900)
    made = material_handout_pb2.MaterialHandout(office=t.office(), kind=kind, copies=copies, handed_out_date=t.day())
    activity = _some(t, HELD)
    if activity is not None and t.likely(0.5):
        made.office, made.activity = activity.office, activity.name
        made.handed_out_date.CopyFrom(activity.held_date)
    await t.make(made)


async def study(t: Teller) -> None:
    """Have some street, village or community of few study law a few times in a year: some four times, some not."""
    office, year = t.office(), t.some((2011, 2011, 2012))
    organisation, place = STREET, ""
    if t.likely(0.7):
        place = t.some([p.code for p in t.profile.places if p.office == office][-2:])
        organisation = ORGANISATIONS[t.profile.place(place).kind]
    for _ in range(t.chance.randrange(1, 4)):
        await t.make(
            study_session_pb2.StudySession(
                office=office, place=place, organisation=organisation, attendance=t.chance.randrange(1, 40),
                held_date=t.day(date(year, 1, 10), most=160), topic="示例学法",
            )
        )  # fmt: skip


async def examine(t: Teller) -> None:
    """Hold an exam; sometimes nobody sits it."""
    sitting = t.chance.randrange(30)
    had, passed = sitting + t.chance.randrange(1, 5), t.chance.randrange(sitting + 1)
    grade = t.value(exam_pb2.ExamGrade)
    await t.make(exam_pb2.Exam(office=t.office(), grade=grade, held_date=t.day(), had_to_sit=had, sat=sitting,
                               passed=passed))  # fmt: skip


async def publish(t: Teller) -> None:
    """Publish news."""
    medium, carrier = t.value(news_item_pb2.NewsMedium), t.value(news_item_pb2.NewsCarrier)
    await t.make(news_item_pb2.NewsItem(office=t.office(), title="示例报道", medium=medium, carrier=carrier,
                                        kind=t.value(news_item_pb2.NewsKind), published_date=t.day()))  # fmt: skip


async def plan_year(t: Teller) -> None:
    """Adopt an office's plan for a year, change it or delete it."""
    plans = t.of("yearPlans")
    if plans and t.likely(0.5):
        known = t.some(plans)
        if t.likely(0.5):
            await t.drop(known)
        else:
            await t.change(known, activities=t.chance.randrange(1, 60))
        return
    year = t.some((EARLIEST.year, t.today.year))
    await t.make(year_plan_pb2.YearPlan(office=t.office(), year=year, activities=t.chance.randrange(1, 60),
                                        adopted_date=from_date(date(year, 1, 10))))  # fmt: skip


async def set_right(t: Teller) -> None:
    """Correct a study, an exam or news, or delete it."""
    collection, (day, number) = t.some(list(DAYS.items()))
    found = t.of(collection)
    if found:
        known = t.some(found)
        if t.likely(0.3):
            await t.drop(known)
            return
        numbers = {number: getattr(known, number) + t.chance.randrange(3)} if number else {}
        await t.change(known, corrected=True, **{day: t.day(getattr(known, day), most=40)}, **numbers)


def _some(t: Teller, state: int) -> Any:
    """Return some activity that stands so, mostly one of late; None when there is none."""
    found = t.of("activities", lambda one: one.state == state)
    return t.some(found[-10:] if t.likely(0.8) else found) if found else None


def _activity(t: Teller, office: str) -> activity_pb2.Activity:
    made = activity_pb2.Activity(
        office=office, title="示例活动", form=t.value(activity_pb2.ActivityForm),
        venue=t.value(activity_pb2.ActivityVenue), channel=t.value(activity_pb2.ActivityChannel),
        topics=t.chance.sample(activity_pb2.ActivityTopic.values()[1:], t.chance.randrange(1, 4)),
    )  # fmt: skip
    if t.likely(0.4):
        made.campaign = t.value(activity_pb2.Campaign)
    return made


def _audience(t: Teller) -> tuple[list[activity_pb2.Audience], int]:
    """Return some groups, and how many people they are in all: said, or left to be the sum."""
    groups = t.chance.sample(activity_pb2.AudienceGroup.values()[1:], t.chance.randrange(1, 4))
    audience = [activity_pb2.Audience(group=group, people=t.chance.randrange(1, 200)) for group in groups]
    people = [entry.people for entry in audience]
    return audience, t.chance.randint(max(people), sum(people)) if t.likely(0.6) else 0


def _materials(t: Teller) -> list[material_handout_pb2.MaterialCount]:
    kinds = t.chance.sample(material_handout_pb2.MaterialKind.values()[1:], t.chance.randrange(3))
    return [material_handout_pb2.MaterialCount(kind=kind, copies=t.chance.randrange(1, 500)) for kind in kinds]


def _facilities(t: Teller, on: date | None) -> list[str]:
    """Return up to two facilities in use on a day."""
    there = used(t, on)
    return [one.name for one in t.chance.sample(there, min(len(there), t.chance.randrange(3)))]


def _handouts(t: Teller, activity: Any) -> Sequence[Any]:
    return t.of("materialHandouts", lambda one: one.activity == activity.name)


STEPS: Sequence[Callable[..., Any]] = (
    *[plan] * 3, *[hold] * 3, cancel, *[record] * 3, amend, *[correct] * 2, *[take_over] * 2, hand_out, *[study] * 4,
    examine, publish, plan_year, set_right,
)  # fmt: skip
