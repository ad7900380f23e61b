"""One cell <-> one value of the contract."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from google.protobuf import timestamp_pb2
from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message
from google.type import date_pb2

from services.cli.sheets import labels

SHANGHAI = ZoneInfo("Asia/Shanghai")
_SEPARATORS = re.compile(r"[、;；\n]")
# An element of a list: in quotes when it holds a separator itself, a quote within doubled.
_ELEMENT = re.compile(r'\s*"((?:[^"]|"")*)"\s*(?=[、;；\n]|\Z)|([^、;；\n]*)')
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_CLOCK = re.compile(r"^(.+?)[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?$")
_YES = {"是", "有", "y", "yes", "true", "1", "√", "✓"}
_NO = {"否", "无", "没有", "n", "no", "false", "0", "×", "x"}
_EXCEL_DAY_ZERO = dt.date(1899, 12, 30)
_INTEGERS = {
    FieldDescriptor.TYPE_INT32, FieldDescriptor.TYPE_INT64, FieldDescriptor.TYPE_UINT32, FieldDescriptor.TYPE_UINT64,
    FieldDescriptor.TYPE_SINT32, FieldDescriptor.TYPE_SINT64,
}  # fmt: skip
# Above this a number that a spreadsheet kept as floating point has lost its last digits.
_EXACT = 10**15


class CellError(ValueError):
    """A cell cannot be what its column needs; the message says what is expected, never the cell's content."""


def text(cell: object) -> str:
    """Return a cell as text: numbers without ".0", dates as 2012-03-05, no spaces around."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        if abs(cell) >= _EXACT:
            raise CellError("数字过长,表格已丢失末位;请把该列设为文本格式后重新填写")
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time(0)
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "minutes")
    return str(cell).strip()


def to_date(cell: object) -> dt.date:
    """Read a date in any of the usual spellings."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    if isinstance(cell, float | int) and not isinstance(cell, bool) and 20_000 <= cell <= 80_000:
        return _EXCEL_DAY_ZERO + dt.timedelta(days=int(cell))
    folded = unicodedata.normalize("NFKC", text(cell)).replace(" ", "")
    match = _DATE.match(folded) or _COMPACT.match(folded)
    try:
        if match:
            return dt.date(*(int(part) for part in match.groups()))
    except ValueError:
        raise CellError("没有这一天;日期写作 2012-03-05") from None
    raise CellError("不是日期;写作 2012-03-05、2012/3/5、2012年3月5日或 20120305")


def to_instant(cell: object) -> dt.datetime:
    """Read a date with or without a time of day, in Shanghai time; returns it in UTC."""
    if isinstance(cell, dt.datetime):
        return cell.replace(tzinfo=SHANGHAI).astimezone(dt.UTC)
    clock = _CLOCK.match(unicodedata.normalize("NFKC", text(cell)))
    if clock is None:
        day, time = to_date(cell), dt.time(0)
    else:
        hour, minute, second = (int(part or 0) for part in clock.groups()[1:])
        if hour > 23 or minute > 59 or second > 59:
            raise CellError("没有这个时刻;写作 2012-03-05 14:30")
        day, time = to_date(clock[1]), dt.time(hour, minute, second)
    return dt.datetime.combine(day, time, SHANGHAI).astimezone(dt.UTC)


def to_number(cell: object) -> Decimal:
    """Read a number: full-width digits, thousands separators, 元 and 万 are understood."""
    folded = unicodedata.normalize("NFKC", text(cell)).replace(",", "").replace(" ", "").strip("¥")
    folded = folded.removesuffix("元")
    scale = Decimal(10_000) if folded.endswith("万") else Decimal(1)
    try:
        number = Decimal(folded.removesuffix("万"))
    except InvalidOperation:
        raise CellError("不是数字") from None
    if not number.is_finite() or abs(number) > Decimal(10) ** 17:
        raise CellError("数字过大")
    return number * scale


def to_int(cell: object) -> int:
    """Read a whole number."""
    number = to_number(cell)
    if number != number.to_integral_value():
        raise CellError("应为整数")
    return int(number)


def to_fen(cell: object) -> int:
    """Read an amount in yuan; returns fen."""
    fen = to_number(cell) * 100
    if fen != fen.to_integral_value():
        raise CellError("金额最多两位小数,单位元")
    return int(fen)


def to_bool(cell: object) -> bool:
    """Read yes or no."""
    if isinstance(cell, bool):
        return cell
    folded = unicodedata.normalize("NFKC", text(cell)).casefold()
    if folded in _YES:
        return True
    if folded in _NO:
        return False
    raise CellError("应填 是 或 否")


def to_enum(cell: object, enum: EnumDescriptor) -> int:
    """Read an enum value by its Chinese label or its code."""
    found = labels.numbers(enum).get(labels.plain(text(cell)))
    if found is not None:
        return found
    raise CellError("应为下列之一:" + "、".join(labels.choices(enum)))


def parse(cell: object, field: FieldDescriptor, *, yuan: bool = True) -> Any:  # noqa: PLR0911 - a table of types
    """Read one cell as one value of `field` (one element of it, when it is repeated); amounts in yuan or in fen."""
    if labels.is_message(field, labels.DATE):
        day = to_date(cell)
        return date_pb2.Date(year=day.year, month=day.month, day=day.day)
    if labels.is_message(field, labels.TIMESTAMP):
        stamp = timestamp_pb2.Timestamp()
        stamp.FromDatetime(to_instant(cell))
        return stamp
    if field.type == FieldDescriptor.TYPE_ENUM:
        return to_enum(cell, labels.enum_of(field))
    if field.type == FieldDescriptor.TYPE_BOOL:
        return to_bool(cell)
    if field.type in _INTEGERS:
        return to_fen(cell) if yuan and labels.is_money(field) else to_int(cell)
    if field.type in {FieldDescriptor.TYPE_DOUBLE, FieldDescriptor.TYPE_FLOAT}:
        return float(to_number(cell))
    return text(cell)


def parts(cell: object) -> list[str]:
    """Split the cell of a list: elements are separated by 、 or a semicolon."""
    return [part.strip() for part in places(cell) if part.strip()]


def places(cell: object) -> list[str]:
    """Split the cell of a list; an empty element keeps its place."""
    given, found, start = text(cell), list[str](), 0
    while start <= len(given):
        element = _ELEMENT.match(given, start)
        assert element is not None, "the pattern matches nothing as well"
        quoted, plain = element.groups()
        found.append(plain if quoted is None else quoted.replace('""', '"'))
        start = element.end() + 1
    return found


def joined(elements: Iterable[Any]) -> str:
    """Return elements as the cell of a list that splits into the same again."""
    return "、".join(_quoted("" if element is None else str(element)) for element in elements)


def _quoted(element: str) -> str:
    if not _SEPARATORS.search(element) and not element.lstrip().startswith('"'):
        return element
    doubled = element.replace('"', '""')
    return f'"{doubled}"'


def shown(value: Any, field: FieldDescriptor) -> Any:  # noqa: PLR0911 - a table of types
    """Return what people see of one value: a date, a label, yuan, 是/否."""
    if labels.is_message(field, labels.DATE):
        return dt.date(value.year, value.month, value.day) if value.year and value.month and value.day else None
    if labels.is_message(field, labels.TIMESTAMP):
        return value.ToDatetime(dt.UTC).astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)
    if labels.is_message(field, labels.LIMIT):
        return _limit(value)
    if isinstance(value, Message):
        fields: Any = value.DESCRIPTOR.fields
        inner = (shown_field(value, sub) for sub in fields)
        return " ".join(str(part) for part in inner if part not in {None, ""})
    if field.type == FieldDescriptor.TYPE_ENUM:
        known = labels.enum_of(field).values_by_number.get(value)
        return labels.value_label(known) if known and value else (str(value) if value else None)
    if field.type == FieldDescriptor.TYPE_BOOL:
        return "是" if value else "否"
    if labels.is_money(field):
        return float(Decimal(value) / 100) if value % 100 else value // 100
    return value


def _limit(limit: Message) -> str:
    """Return a time limit as people read it: what it is, then what each of its days and its state is."""
    described: Any = limit.DESCRIPTOR.fields
    rule, *others = described
    values = ((labels.label(field), shown_field(limit, field)) for field in others)
    told = [f"{label} {value}" for label, value in values if value not in {None, "", 0, "否"}]
    return f"{shown_field(limit, rule)}({','.join(told)})"


def shown_field(message: Message, field: FieldDescriptor) -> Any:
    """Return what people see of a field of a message; None when it is empty."""
    value = getattr(message, field.name)
    if field.is_repeated:
        elements = [shown(element, field) for element in value]
        inner = field.type == FieldDescriptor.TYPE_MESSAGE  # told in words that nothing reads back
        return ("、".join(map(str, elements)) if inner else joined(elements)) or None
    if field.has_presence and not message.HasField(field.name):
        return None
    return shown(value, field)
