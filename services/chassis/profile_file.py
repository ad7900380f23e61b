"""Reads the district profile from a folder of YAML files and reports everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from services.chassis import profile_supervision
from services.chassis.domain import profile as domain
from services.chassis.domain.hours import WorkingHours
from services.chassis.domain.limits import LimitRule
from services.chassis.profile_messages import Problem, explain

T = TypeVar("T")
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
Dotted = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]{0,63}$")]
Label = Annotated[str, Field(min_length=1, max_length=64)]
Number = Annotated[Decimal, BeforeValidator(lambda v: Decimal(str(v)) if type(v) in {int, float} else v)]
Year = Annotated[int, Field(ge=1949, le=2200)]
_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


class ProfileError(Exception):
    """The profile cannot be used; `problems` holds everything that is wrong with it."""

    def __init__(self, folder: Path, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"区划档案 {folder} 有 {len(self.problems)} 处错误 / errors in the district profile:\n{lines}")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Span(_Entry):
    valid_from: date
    valid_to: date | None = None


class _District(_Entry):
    code: Code
    zh: Label
    demonstration: bool
    valid_from: date
    disclosure_threshold: Annotated[int, Field(ge=0, le=1000)]
    demonstration_today: date | None = None


class _Office(_Span):
    code: Code
    zh: Label
    street_zh: Label
    kind: Literal["street", "township"]


class _Place(_Span):
    code: Code
    zh: Label
    kind: Literal["village", "community"]


class _Limit(_Span):
    id: Dotted
    zh: Label
    starts: Code
    length: Annotated[int, Field(ge=1, le=3660)]
    unit: Literal["days", "working_days", "months"]
    basis: Annotated[str, Field(min_length=1, max_length=200)]
    suspendable: bool = False
    extendable: bool = False
    secondary: bool = False


class _Target(_Entry):
    value: Number
    from_year: Year
    strict: bool = False
    plan: bool = False
    per: Literal["year"] | None = None


class _Earmark(_Entry):
    code: Code
    zh: Label
    service: Code
    from_year: Year
    purposes: Annotated[dict[Code, Label], Field(min_length=1)]


Weight = Annotated[int, Field(ge=1, le=1000)]
Fen = Annotated[int, Field(ge=0, le=100_000_000)]


class _Rate(_Span):
    basis: Annotated[str, Field(min_length=1, max_length=200)]
    amounts: dict[Literal["simple", "difficult", "major"], dict[Literal["agreement", "confirmed"], Fen]]
    cap_fen: Fen


class _Hardship(_Span):
    monthly_income_fen: Annotated[int, Field(ge=1, le=100_000_000)]
    basis: Annotated[str, Field(min_length=1, max_length=200)]


class _Hours(_Entry):
    begins: Annotated[str, Field(pattern=_TIME, alias="from")]
    ends: Annotated[str, Field(pattern=_TIME, alias="to")]


class _Pattern(_Entry):
    code: Code
    zh: Label
    department: Label
    weight: Weight = 1
    weights: dict[Dotted, Weight]


@dataclass(frozen=True)
class _Files:
    """The parsed files of one profile."""

    district: _District
    offices: list[_Office]
    places: dict[str, list[_Place]]
    limits: list[_Limit]
    targets: dict[str, list[_Target]]
    funds: list[_Earmark]
    rates: list[_Rate]
    hardship: list[_Hardship]
    weights: list[_Pattern]
    supervision: profile_supervision.Section
    hours: list[_Hours]


_SHAPES: dict[str, TypeAdapter[Any]] = {
    "district": TypeAdapter(_District),
    "offices": TypeAdapter(Annotated[list[_Office], Field(min_length=1)]),
    "places": TypeAdapter(dict[Code, list[_Place]]),
    "limits": TypeAdapter(list[_Limit]),
    "targets": TypeAdapter(dict[Dotted, list[_Target]]),
    "funds": TypeAdapter(list[_Earmark]),
    "rates": TypeAdapter(list[_Rate]),
    "hardship": TypeAdapter(Annotated[list[_Hardship], Field(min_length=1)]),
    "weights": TypeAdapter(list[_Pattern]),
    "supervision": profile_supervision.SHAPE,
    "hours": TypeAdapter(Annotated[list[_Hours], Field(min_length=1)]),
}


class _Loader(yaml.SafeLoader):
    """Refuses a key that appears twice, which YAML would silently overwrite."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 (PyYAML's own signature)
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.constructor.ConstructorError(None, None, f"duplicate key {key.value!r}", key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def _timestamp(loader: _Loader, node: yaml.ScalarNode) -> object:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:  # no such day: left as text, which the schema then refuses where it stands
        return node.value


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _timestamp)


def load(folder: Path) -> domain.Profile:
    """Read a profile folder. Raises ProfileError with every problem found."""
    parsed: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, shape in _SHAPES.items():
        try:
            parsed[name] = _read(folder / f"{name}.yaml", shape)
        except ProfileError as error:
            problems += error.problems
    if not problems:
        files = _Files(**parsed)
        problems += _cross_checks(files)
    if problems:
        raise ProfileError(folder, problems)
    return _build(files, folder)


def _read(path: Path, shape: TypeAdapter[T]) -> T:
    try:
        raw = yaml.load(path.read_text("utf-8"), _Loader)  # noqa: S506 (_Loader is a SafeLoader)
        return shape.validate_python(raw)
    except OSError:
        problem = Problem(path.name, "", "文件缺失或不可读", "file is missing or cannot be read")
        raise ProfileError(path.parent, [problem]) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"第 {mark.line + 1} 行" if mark else ""
        problem = Problem(path.name, where, "不是正确的 YAML(UTF-8)", str(getattr(error, "problem", error)))
        raise ProfileError(path.parent, [problem]) from None
    except ValidationError as error:
        raise ProfileError(path.parent, [explain(path.name, e) for e in error.errors(include_url=False)]) from None


def _cross_checks(files: _Files) -> Iterator[Problem]:
    yield from _spans("offices.yaml", files.offices, lambda entry: entry.code)
    yield from _spans("limits.yaml", files.limits, lambda entry: entry.id)
    yield from _spans("rates.yaml", files.rates, lambda _: "")
    yield from _spans("hardship.yaml", files.hardship, lambda _: "")
    yield from _doubles("offices.yaml", [entry.code for entry in files.offices])
    yield from _doubles("places.yaml", [place.code for places in files.places.values() for place in places])
    yield from _doubles("funds.yaml", [entry.code for entry in files.funds])
    yield from _doubles("weights.yaml", [code for pattern in files.weights for code in pattern.weights])
    yield from _overlaps("limits.yaml", [(entry.id, entry) for entry in files.limits])
    yield from _overlaps("rates.yaml", [("rates", entry) for entry in files.rates])
    yield from _overlaps("hardship.yaml", [("hardship", entry) for entry in files.hardship])
    yield from profile_supervision.checks(files.supervision)
    times = [at for span in files.hours for at in (span.begins, span.ends)]
    if any(later <= earlier for earlier, later in pairwise(times)):
        yield Problem("hours.yaml", "", "时段应依次排列、互不重叠", "expected spans in order that do not overlap")
    known = {office.code for office in files.offices}
    for office, places in files.places.items():
        yield from _spans("places.yaml", places, lambda entry: entry.code, prefix=office)
        if office not in known:
            yield Problem("places.yaml", office, "offices.yaml 中没有这个司法所", "expected an office of offices.yaml")
    for indicator, targets in files.targets.items():
        years = [f"{indicator} {target.from_year}" for target in targets]
        yield from _doubles("targets.yaml", years)
    for pattern in files.weights:
        for code in pattern.weights.keys() - files.targets.keys():
            where = f"{pattern.code}.weights.{code}"
            yield Problem("weights.yaml", where, "指标没有目标值,不能计权", "expected an indicator of targets.yaml")


def _spans(file: str, entries: list[Any], label: Callable[[Any], str], prefix: str = "") -> Iterator[Problem]:
    for index, entry in enumerate(entries):
        if entry.valid_to is not None and entry.valid_to < entry.valid_from:
            where = f"{prefix}[{index}] {label(entry)}".strip()
            yield Problem(file, where, "valid_to 早于 valid_from", "expected valid_to on or after valid_from")


def _doubles(file: str, codes: list[str]) -> Iterator[Problem]:
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield Problem(file, code, "重复出现,应当唯一", "expected to appear only once")


def _overlaps(file: str, entries: list[tuple[str, Any]]) -> Iterator[Problem]:
    ordered = sorted(entries, key=lambda pair: (pair[0], pair[1].valid_from))
    for (before_id, before), (after_id, after) in pairwise(ordered):
        if before_id == after_id and (before.valid_to is None or before.valid_to >= after.valid_from):
            where = f"{after_id} {after.valid_from}"
            yield Problem(file, where, "与前一条有效期重叠", "expected to begin after the one before has ended")


def _build(files: _Files, folder: Path) -> domain.Profile:
    district = files.district
    return domain.Profile(
        code=district.code,
        zh=district.zh,
        demonstration=district.demonstration,
        valid_from=district.valid_from,
        disclosure_threshold=district.disclosure_threshold,
        demonstration_today=district.demonstration_today,
        offices=tuple(domain.Office(**dict(entry)) for entry in files.offices),
        places=tuple(domain.Place(office=code, **dict(p)) for code, places in files.places.items() for p in places),
        limits=tuple(LimitRule(**dict(entry)) for entry in files.limits),
        targets=tuple(domain.Target(code, **dict(t)) for code, targets in files.targets.items() for t in targets),
        earmarks=tuple(domain.Earmark(**dict(entry)) for entry in files.funds),
        rates=tuple(domain.RateRule(**dict(entry)) for entry in files.rates),
        hardship=tuple(domain.HardshipStandard(**dict(entry)) for entry in files.hardship),
        patterns=tuple(domain.Pattern(**dict(entry)) for entry in files.weights),
        supervision=profile_supervision.build(files.supervision),
        hours=WorkingHours(tuple((time.fromisoformat(h.begins), time.fromisoformat(h.ends)) for h in files.hours)),
        documents={path.stem: path for path in sorted((folder / "documents").glob("*.docx"))},
    )
