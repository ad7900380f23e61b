"""Whom the command speaks to: the local installation, or services named by options and settings."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer
from google.protobuf.message import Message
from google.type import date_pb2

from services.cli.failure import Exit, Failure
from services.cli.sheets import labels
from services.cli.sheets.cells import CellError, to_date
from services.cli.tls import Tls, tls
from services.client import Geju, Home, NotRunning

if TYPE_CHECKING:
    from services.chassis.domain.profile import Profile

Record = TypeVar("Record", bound=Message)
#: Stands beside the patterns on the board.
FUNDS = {"funds": "经费"}
TARGETS = "GEJU_TARGETS"
TOKEN_FILE = "GEJU_TOKEN_FILE"  # noqa: S105 - the name of a variable

_UNVERIFIED: Any = {"verify_signature": False}


@dataclass(frozen=True)
class Session:
    """What every command needs to know: the folder, and targets and token when they are given."""

    home: Home
    targets: Mapping[str, str]
    token_file: Path | None

    @contextmanager
    def client(self, timeout: float = 60.0) -> Iterator[Geju]:
        """Give a client of the services. Errors: Failure (nothing runs, no token)."""
        with Geju(self.targets or self._local(), self._token(), timeout=timeout, **self._tls()) as geju:
            yield geju

    @contextmanager
    def second(self) -> Iterator[Geju | None]:
        """Give a client of another account, for what one must not do alone; None without a key to sign for it."""
        if self.token_file:
            yield None
            return
        token = self.home.owner_token(subject="local-2")
        with Geju(self.targets or self._local(), token, **self._tls()) as geju:
            yield geju

    def _tls(self) -> Tls:
        # What runs here listens on 127.0.0.1 and in plaintext.
        return tls() if self.targets else {}

    @cached_property
    def district(self) -> Profile | None:
        """The district's profile, where it is at hand and whole: it has the names that people use."""
        from services.chassis.profile_file import ProfileError, load  # noqa: PLC0415 - few commands need it

        try:
            return load(self.profile) if self.profile else None
        except ProfileError:
            return None

    @cached_property
    def codes(self) -> Mapping[str, Mapping[str, str]]:
        """Codes of offices and places by their names; a name that two places bear is left out."""
        if self.district is None:
            return {}
        names = Counter(place.zh for place in self.district.places)
        places = {place.zh: place.code for place in self.district.places if names[place.zh] == 1}
        return {"office": {office.zh: office.code for office in self.district.offices}, "place": places}

    def office_code(self, name: str) -> str:
        """Return the code of an office named by people; a code stays as it is. Errors: Failure (no such office)."""
        code = self.codes.get("office", {}).get(name, name)
        if name and self.district is not None and not self.district.has_office(code):
            known = "、".join(f"{office.code}({office.zh})" for office in self.district.offices)
            raise Failure(f"区划档案中没有司法所“{name}”", Exit.RULE, f"可用的司法所:{known}")
        return code

    def pattern_codes(self, names: Sequence[str]) -> list[str]:
        """Return the codes of patterns named by people; codes stay as they are. Errors: Failure (no such pattern)."""
        if self.district is None:
            return list(names)
        known = {pattern.code: pattern.zh for pattern in self.district.patterns} | FUNDS
        codes = {zh: code for code, zh in known.items()}
        for name in names:
            if name not in known and name not in codes:
                listed = "、".join(f"{code}({zh})" for code, zh in known.items())
                raise Failure(f"没有格局“{name}”", Exit.RULE, f"可用的格局:{listed}")
        return [codes.get(name, name) for name in names]

    def office_label(self, code: str) -> str:
        """Return the name of an office; the code where the profile is not at hand or does not have it."""
        return self.district.office(code).zh if self.district and self.district.has_office(code) else code

    def labelled(self, record: Record) -> Record:
        """Return a record whose time limits bear the names that the profile gives them; as it is without a profile."""
        described: Any = record.DESCRIPTOR.fields
        held = [f.name for f in described if f.is_repeated and labels.is_message(f, labels.LIMIT)]
        if self.district is None or not held:
            return record
        made = type(record)()
        made.CopyFrom(record)
        for limit in (limit for name in held for limit in getattr(made, name)):
            limit.rule = self.district.limit_label(limit.rule)
        return made

    @property
    def profile(self) -> Path | None:
        """Folder of the district profile, when it is known here."""
        given = os.environ.get("GEJU_PROFILE")
        try:
            return Path(given or self.home.running()["profile"])
        except (NotRunning, KeyError):
            return None

    def claims(self) -> Mapping[str, Any]:
        """Return what the token says of its bearer: roles, offices; nothing when it is none. The services verify it."""
        import jwt  # noqa: PLC0415 - few commands need it

        found = self._token()
        try:
            said: Mapping[str, Any] = jwt.decode(found() if callable(found) else found, options=_UNVERIFIED)
        except jwt.PyJWTError:
            return {}
        return said

    def _local(self) -> Mapping[str, str]:
        try:
            return self.home.targets()
        except NotRunning:
            raise Failure(
                f"{self.home.root} 中没有正在运行的系统",
                Exit.UNREACHABLE,
                f"先运行 geju run;要连接别处的服务,请设置 {TARGETS}(如 mediation=host:7410,aggregation=host:7420)",
            ) from None

    def _token(self) -> Any:
        try:
            if self.token_file:
                return self.token_file.read_text(encoding="utf-8").strip()
            return self.home.owner_tokens()
        except OSError:
            where = self.token_file or self.home.jwt_private
            raise Failure(
                f"读不到身份凭证 {where}", Exit.UNREACHABLE, f"请以 --token-file 或 {TOKEN_FILE} 指明凭证文件"
            ) from None


def of(context: typer.Context) -> Session:
    """Return the session of a command."""
    session = context.find_root().obj
    assert isinstance(session, Session)
    return session


def parse_targets(text: str) -> dict[str, str]:
    """Read addresses written as JSON or as "mediation=host:port,aggregation=host:port". Errors: Failure."""
    try:
        found = (
            json.loads(text) if text.lstrip().startswith("{") else dict(part.split("=", 1) for part in text.split(","))
        )
    except ValueError:
        raise Failure("服务地址应写作 mediation=host:port,aggregation=host:port", Exit.USAGE) from None
    return {str(name).strip(): str(target).strip() for name, target in found.items()}


def date_of(text: str) -> date_pb2.Date:
    """Read a date given as an option. Errors: Failure."""
    try:
        day = to_date(text)
    except CellError as error:
        raise Failure(f"{text}:{error}", Exit.USAGE) from None
    return date_pb2.Date(year=day.year, month=day.month, day=day.day)
