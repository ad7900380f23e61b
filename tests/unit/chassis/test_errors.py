"""Exceptions become statuses, and permissions are read from the contract."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import asyncpg
import pytest
import structlog
from geju.common.v1 import limit_service_pb2
from geju.correction.v1 import measure_service_pb2
from geju.funds.v1 import fund_entry_pb2, fund_entry_service_pb2
from geju.options.v1 import options_pb2
from google.protobuf import descriptor_pb2, descriptor_pool
from google.rpc import code_pb2, error_details_pb2

from services.chassis import errors, logs, permissions, validation
from services.chassis.context import Caller
from services.chassis.domain import errors as rules
from services.chassis.validation import InvalidRequest
from services.correction.domain.supervision.errors import SamePersonDecides

CREATE = fund_entry_service_pb2.CreateFundEntryRequest.DESCRIPTOR


def details(status: Any) -> dict[str, Any]:
    """Unpack the details of a status by type."""
    types = (
        error_details_pb2.ErrorInfo,
        error_details_pb2.BadRequest,
        error_details_pb2.LocalizedMessage,
        error_details_pb2.RetryInfo,
    )
    found = {}
    for detail in status.details:
        for kind in types:
            if detail.Is(kind.DESCRIPTOR):
                found[kind.__name__] = kind.FromString(detail.value)
    return found


def all_rules() -> list[type[rules.RuleError]]:
    """Return every broken rule of the domain."""
    return [c for c in vars(rules).values() if isinstance(c, type) and issubclass(c, rules.RuleError)]


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.__name__)
def test_every_rule_has_a_status(rule: type[rules.RuleError]) -> None:
    """Every broken rule has a code of gRPC, a reason in capitals and a Chinese message."""
    status = errors.to_status(rule("office"), CREATE)
    assert code_pb2.Code.Value(rule.code) == status.code
    info = details(status)["ErrorInfo"]
    assert ("geju", rule.reason) == (info.domain, info.reason)
    assert rule.reason == rule.reason.upper()
    localized = details(status)["LocalizedMessage"]
    assert localized.locale == "zh-CN"
    assert not localized.message.isascii()


def test_a_rule_carries_its_facts() -> None:
    """Facts fill in the message and go into the metadata; the field is named with its Chinese label."""
    status = errors.to_status(rules.UnknownOffice("office", office="atlantis"), CREATE)
    found = details(status)
    assert dict(found["ErrorInfo"].metadata) == {"office": "atlantis"}
    violation = found["BadRequest"].field_violations[0]
    assert (violation.field, violation.reason) == ("office", "UNKNOWN_OFFICE")
    assert violation.description.startswith("司法所:区划档案中没有代码为“atlantis”的司法所")


LIST = fund_entry_service_pb2.ListFundEntriesRequest.DESCRIPTOR


@pytest.mark.parametrize(
    ("path", "expected"),
    [("page_token", "翻页标记"), ("filter.office", "司法所"), ("filter.entry_date_from", "日期"), ("nothing", "")],
)
def test_fields_of_requests_are_called_in_chinese(path: str, expected: str) -> None:
    """What pages and filters is called by a label of its own, or by that of the record's field it is about."""
    assert expected == errors.field_label(LIST, path)


def test_a_field_of_the_record_that_a_step_is_about_is_called_in_chinese() -> None:
    """A request that names a record only is refused for what the record holds: its answer tells what that is called."""
    decide = measure_service_pb2.DecideMeasureRequest.DESCRIPTOR
    assert "决定人" == errors.field_label(decide, "decider")
    status = errors.to_status(SamePersonDecides("decider"), decide)
    violation = details(status)["BadRequest"].field_violations[0]
    assert "决定人:提出措施的人不得自行决定。" == violation.description


def test_an_outage_says_when_to_retry() -> None:
    """UNAVAILABLE comes with the time to wait."""
    found = details(errors.to_status(rules.Unavailable()))
    assert found["RetryInfo"].retry_delay.seconds == errors.RETRY_SECONDS


class WrappedError(Exception):
    """As SQLAlchemy wraps a driver's exception."""

    def __init__(self, orig: BaseException) -> None:
        self.orig = orig
        super().__init__("statement and parameters")


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (ConnectionRefusedError(), True),
        (asyncpg.exceptions.ConnectionDoesNotExistError("gone"), True),
        (asyncpg.exceptions.AdminShutdownError("bye"), True),
        (asyncpg.exceptions.TooManyConnectionsError("full"), True),
        (asyncpg.exceptions.InvalidAuthorizationSpecificationError("not permitted to log in"), True),
        (asyncpg.exceptions.SerializationError("again"), True),
        (asyncpg.exceptions.InterfaceError("connection is closed"), True),
        (WrappedError(asyncpg.exceptions.CannotConnectNowError("starting")), True),
        (WrappedError(asyncpg.exceptions.InvalidPasswordError("changed")), True),
        (asyncpg.exceptions.InvalidCatalogNameError("being restored"), True),
        (asyncpg.exceptions.PostgresIOError("could not read block 7"), True),
        (asyncpg.exceptions.UndefinedFileError("could not open file"), False),
        (asyncpg.exceptions.UniqueViolationError("twice"), False),
        (asyncpg.exceptions.UndefinedTableError("which"), False),
        (OSError("Multiple exceptions"), True),
        (FileNotFoundError("template.docx"), False),
        (ValueError("x"), False),
        (KeyError("x"), False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_outage_or_bug(error: Exception, outage: bool) -> None:  # noqa: FBT001 (a parameter of the table)
    """Lost connections are outages that a retry may mend; everything else is not."""
    assert outage == errors.is_outage(error)


def test_row_errors_have_labels() -> None:
    """An error of a row comes as one entry for each field, with its Chinese label."""
    with pytest.raises(InvalidRequest) as caught:
        validation.check(fund_entry_pb2.FundEntry(office="wuma", earmark="x", year=2012, kind=1))
    found = {
        e.field: (e.label, e.message) for e in errors.row_errors(caught.value, fund_entry_pb2.FundEntry.DESCRIPTOR)
    }
    assert found == {"amount_fen": ("金额(分)", "应大于 0,且不大于 100000000000"), "entry_date": ("日期", "必填")}


@pytest.mark.parametrize(
    "character",
    [
        *["\x00", "\x08", "\x0b", "\x1b", "\x7f", "\uffff", "\u061c", "\u202e", "\u2066", "\u200f"],
        *["\u00ad", "\u200b", "\u200d", "\u2060", "\ufeff", "\U000e0041"],
    ],
)
def test_deceiving_characters_are_refused(character: str) -> None:
    """Control characters, those that turn text around and those not seen are refused, without repeating the text."""
    with pytest.raises(InvalidRequest) as caught:
        validation.check(limit_service_pb2.ListLimitsRequest(office=f"张某{character}某"))
    violation = caught.value.violations[0]
    assert (violation.field, violation.reason) == ("office", "BAD_TEXT")
    assert "张某" not in violation.message


def test_lines_and_tabs_are_text() -> None:
    """A line feed, a carriage return and a tab are no control characters to a clerk."""
    validation.check(limit_service_pb2.ListLimitsRequest(office="a\r\n\tb"))


def test_a_field_in_a_message_has_its_label() -> None:
    """A message that names the offending field calls it as the forms do."""

    class StepFact(rules.RuleError):
        """“{field}”不能直接修改。"""  # noqa: D400 (a message in Chinese)

    status = errors.to_status(StepFact("amount_fen"), CREATE)
    assert status.message == "“金额(分)”不能直接修改。"
    assert errors.row_errors(StepFact("entry_date"), fund_entry_pb2.FundEntry.DESCRIPTOR)[0].message.startswith(
        "“日期”"
    )


def test_an_answer_fits_into_the_headers_that_clients_take() -> None:
    """However many limits a request breaks, the details of its refusal are less than 8 KB of headers."""
    paths = [f"rows[{number}].fund_entry.amount_fen" for number in range(900)]
    many = tuple(validation.Violation(path, "INVALID_FIELD", "应大于 0") for path in paths)
    status = errors.to_status(InvalidRequest(many), CREATE)
    assert errors.MOST_VIOLATIONS == len(details(status)["BadRequest"].field_violations)
    assert "等共 900 处" in status.message
    assert 8192 > len(base64.b64encode(status.SerializeToString())) + len(quote(status.message))


def test_rows_are_left_for_their_own_check() -> None:
    """A request with a bad row passes; the row is checked on its own."""
    row = fund_entry_service_pb2.FundEntryImportRow(row=1, fund_entry=fund_entry_pb2.FundEntry(office="a\0"))
    request = fund_entry_service_pb2.ImportFundEntriesRequest(
        rows=[row], request_id="01985f3e-0000-7000-8000-000000000000"
    )
    validation.check(request)


def test_permissions_are_the_contracts() -> None:
    """Roles come from the access option; a caller needs one of them."""
    service = fund_entry_service_pb2.DESCRIPTOR.services_by_name["FundEntryService"]
    allowed = permissions.allowed_roles(service)
    assert {"department"} == allowed["CreateFundEntry"]
    permissions.check(Caller("a", frozenset({"department", "auditor"}), frozenset()), allowed["CreateFundEntry"])
    with pytest.raises(rules.PermissionDenied):
        permissions.check(Caller("a", frozenset({"clerk"}), frozenset({"*"})), allowed["CreateFundEntry"])


def test_a_method_without_access_cannot_start() -> None:
    """A service with a method that does not say who may call it is refused, naming the method."""
    file = descriptor_pb2.FileDescriptorProto(name="toy.proto", package="toy", syntax="proto3")
    file.message_type.add(name="Empty")
    service = file.service.add(name="Toy")
    service.method.add(name="Open", input_type=".toy.Empty", output_type=".toy.Empty")
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    with pytest.raises(permissions.UndeclaredAccess, match=r"toy\.Toy\.Open"):
        permissions.allowed_roles(pool.FindServiceByName("toy.Toy"))


def served(access: options_pb2.Access, **more: bool) -> dict[str, frozenset[str] | None]:
    """Return who may call the method of a service whose method has this option."""
    file = descriptor_pb2.FileDescriptorProto(name="toy.proto", package="toy", syntax="proto3")
    file.message_type.add(name="Empty")
    method = file.service.add(name="Toy").method.add(
        name="Do", input_type=".toy.Empty", output_type=".toy.Empty", **more
    )
    method.options.Extensions[options_pb2.access].CopyFrom(access)
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(descriptor_pb2.DESCRIPTOR.serialized_pb)
    pool.Add(file)
    return permissions.allowed_roles(pool.FindServiceByName("toy.Toy"))


def test_an_open_method_is_open_and_nothing_else() -> None:
    """Open and with a scope it is served for anyone; with roles, a change, personal data or a stream it is not."""
    scope, roles = options_pb2.SCOPE_DISTRICT, [options_pb2.ROLE_CLERK]
    assert {"Do": None} == served(options_pb2.Access(scope=scope, open=True))
    assert {"Do": {"clerk"}} == served(options_pb2.Access(scope=scope, roles=roles))
    for access in (
        options_pb2.Access(open=True),
        options_pb2.Access(scope=scope),
        options_pb2.Access(scope=scope, open=True, roles=roles),
        options_pb2.Access(scope=scope, open=True, mutates=True),
        options_pb2.Access(scope=scope, open=True, reads_person=True),
    ):
        with pytest.raises(permissions.UndeclaredAccess, match=r"toy\.Toy\.Do"):
            served(access)
    for stream in ("client_streaming", "server_streaming"):
        with pytest.raises(permissions.UndeclaredAccess):
            served(options_pb2.Access(scope=scope, open=True), **{stream: True})


@pytest.fixture
def fresh_logs() -> Iterator[None]:
    """Put logging back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def test_logs_never_quote_exceptions(fresh_logs: None, capsys: pytest.CaptureFixture[str]) -> None:
    """What is logged of an exception is its type and place, in readable JSON, never its text."""
    logs.configure("toy")
    try:
        int("张某某 330302")
    except ValueError as error:
        structlog.get_logger().error("出错", exc_info=error)
    line = capsys.readouterr().err
    entry = json.loads(line)
    assert "张某某" not in line
    assert "出错" in line
    assert (entry["service"], entry["exception"][0]["type"]) == ("toy", "builtins.ValueError")


def test_logs_of_libraries_take_the_same_way(fresh_logs: None, capsys: pytest.CaptureFixture[str]) -> None:
    """A library's warning becomes a line too, without the values that it would format in."""
    logs.configure("toy")
    logging.getLogger("library").warning("cannot read %s", "张某某")
    entry = json.loads(capsys.readouterr().err)
    assert (entry["event"], entry["logger"]) == ("cannot read %s", "library")
