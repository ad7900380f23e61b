"""Standard documents (文书) of a record, rendered through the district's templates."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar, cast

from docxtpl import DocxTemplate
from geju.common.v1.document_pb2 import Document
from google.protobuf.message import Message
from google.type.date_pb2 import Date

from services.chassis.context import current
from services.chassis.contract import value_label
from services.chassis.domain.dates import to_date
from services.chassis.domain.papers import DocumentNotApplicable, NoTemplate
from services.chassis.domain.profile import Profile
from services.chassis.domain.references import uuid_of
from services.chassis.domain.rules import Rules
from services.chassis.domain.steps import state_label
from services.chassis.funds.rules import yuan
from services.chassis.packages import dated
from services.chassis.storage.store import Store
from services.chassis.work import Work

M = TypeVar("M", bound=Message)
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: Left open to be filled in by hand.
BLANK = "　　　　"


class Form(NamedTuple, Generic[M]):
    """A document: its template's code in the profile ("mediation_agreement"), its title, which records it fits."""

    template: str
    zh: str
    #: A form that says more than that the state is wrong raises DocumentNotYet instead.
    applies: Callable[[M], bool] = lambda _: True


@dataclass(frozen=True)
class Source:
    """All that rendering needs; nothing in it touches the store."""

    template: Path
    file_name: str
    context: Mapping[str, Any]
    #: When the file says to be written; equal content is equal bytes then. None: now.
    moment: datetime | None = None


def template_of(form: Form[M], record: M, profile: Profile) -> Path:
    """Return the template of a form that fits a record's state. Raises DocumentNotApplicable, NoTemplate."""
    if not form.applies(record):
        raise DocumentNotApplicable("document", state=state_label(record))
    template = profile.documents.get(form.template)
    if template is None:
        raise NoTemplate("document", template=form.template)
    return template


def file_name(form: Form[Any], record: Any) -> str:
    """Return what a document's file is called: its title and the record's number, nothing personal."""
    number = "".join(char if char.isalnum() or char in "-_" else "_" for char in record.key or uuid_of(record.name))
    return f"{form.zh}-{number[:64]}.docx"


def render(source: Source) -> Document:
    """Fill a template in; takes some hundredths of a second, so it is done beside the event loop."""
    template = DocxTemplate(source.template)
    template.render(dict(source.context), autoescape=True)
    content = io.BytesIO()
    template.save(content)
    made = content.getvalue() if source.moment is None else dated(content.getvalue(), source.moment)
    return Document(file_name=source.file_name, media_type=MEDIA_TYPE, content=made)


def head_words(record: Any, dated: Date, rules: Rules) -> dict[str, str]:
    """Return the words that every document has: its number, whose it is and its day."""
    return {
        "number": record.key or uuid_of(record.name)[-12:],
        "district": rules.profile.zh,
        "office": rules.profile.office(record.office).zh,
        "dated": zh_date(dated),
        "today": in_words(rules.today),
    }


async def rendered(store: Store, gather: Callable[[Work], Awaitable[Source]], *, district: bool = False) -> Document:
    """Return a document of what `gather` collects in the caller's offices, or in the whole district."""
    async with Work(store, current(), district=district) as work:
        source = await gather(work)
    return await asyncio.to_thread(render, source)


def zh_date(message: Date) -> str:
    """Return a date in words, a blank to fill in for none."""
    found = to_date(message)
    return f"{BLANK}年　　月　　日" if found is None else in_words(found)


def zh_value(message: Message, field: str) -> str:
    """Return the label of an enum field's value; empty for unspecified."""
    value, enum = getattr(message, field), cast("Any", message.DESCRIPTOR.fields_by_name[field].enum_type)
    return value_label(enum.values_by_number[value]) if value else ""


def zh_yuan(fen: int) -> str:
    """Return an amount of fen in yuan; empty for nothing."""
    return f"{yuan(fen)}元" if fen else ""


def in_words(day: date) -> str:
    """Return a day in words."""
    return f"{day.year}年{day.month}月{day.day}日"
