"""The one place where exceptions become statuses: google.rpc.Status with details that programs and people can use."""

from __future__ import annotations

from collections.abc import Iterator

from geju.common.v1 import import_pb2
from google.protobuf import any_pb2, duration_pb2
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message
from google.rpc import code_pb2, error_details_pb2, status_pb2

from services.chassis.contract import hint, label
from services.chassis.domain.errors import RuleError, Unavailable
from services.chassis.labels import request_label
from services.chassis.validation import InvalidRequest, Violation

DOMAIN = "geju"
LOCALE = "zh-CN"
RETRY_SECONDS = 1
#: Violations told one by one. Details travel in a header: clients take 8 KB of headers, and lose an answer with more.
MOST_VIOLATIONS = 10
#: Classes of SQLSTATE that a later attempt can do without: connection, conflict, resources, shutdown, an error of the
#: disk. A password or a database that is not there is the service's own while an operator changes it, never a caller's.
_TRANSIENT = ("08", "28", "3D000", "40", "53", "57P", "55P03", "58030")
#: Errors of files, which no retry mends; other OSErrors are the network's.
_FILE_ERRORS = (FileNotFoundError, FileExistsError, IsADirectoryError, NotADirectoryError, PermissionError)


def to_status(error: RuleError, descriptor: Descriptor | None = None) -> status_pb2.Status:
    """Return a broken rule as a rich status; `descriptor` is the request's, for the labels of its fields."""
    details: list[Message] = [
        error_details_pb2.ErrorInfo(reason=error.reason, domain=DOMAIN, metadata=error.facts),
    ]
    violations = violations_of(error, descriptor)
    if violations:
        details.append(_bad_request(violations, descriptor))
    if error.code == "UNAVAILABLE":
        delay = duration_pb2.Duration(seconds=RETRY_SECONDS)
        details.append(error_details_pb2.RetryInfo(retry_delay=delay))
    message = _summary(error, violations, descriptor)
    details.append(error_details_pb2.LocalizedMessage(locale=LOCALE, message=message))
    return _status(code_pb2.Code.Value(error.code), message, details)


def internal(call_id: str) -> status_pb2.Status:
    """Return what an unknown exception tells the caller: an id to look up in the log, and nothing else."""
    message = f"内部错误,请将编号 {call_id} 告知运维人员。"
    info = error_details_pb2.ErrorInfo(reason="INTERNAL", domain=DOMAIN, metadata={"id": call_id})
    localized = error_details_pb2.LocalizedMessage(locale=LOCALE, message=message)
    return _status(code_pb2.INTERNAL, message, [info, localized])


def as_rule_error(error: BaseException) -> RuleError | None:
    """Return the broken rule behind an exception: itself, or Unavailable when the database is away; else None."""
    if isinstance(error, RuleError):
        return error
    return Unavailable() if is_outage(error) else None


def is_outage(error: BaseException) -> bool:
    """Tell whether an exception, or what caused it, is a lost or refused connection that a retry may find mended."""
    return any(_is_outage(link) for link in _chain(error))


def violations_of(error: RuleError, descriptor: Descriptor | None) -> tuple[Violation, ...]:
    """Return the broken limits behind an error: its own list, or the one field that it names; empty when none."""
    if isinstance(error, InvalidRequest):
        return error.violations
    text = error.text(field_label(descriptor, error.field))
    return (Violation(error.field, error.reason, text),) if error.field else ()


def row_errors(error: RuleError, descriptor: Descriptor) -> list[import_pb2.RowError]:
    """Return an error as the errors of an import row; `descriptor` is that of the row's message, for the labels."""
    violations = violations_of(error, descriptor) or (Violation("", error.reason, error.message),)
    return [
        import_pb2.RowError(field=v.field, label=field_label(descriptor, v.field), message=v.message, reason=v.reason)
        for v in violations
    ]


def field_label(descriptor: Descriptor | None, path: str) -> str:
    """Return the Chinese label of a field of the message itself, of those it or its answer holds, of what all have."""
    if descriptor is None or not path:
        return ""
    found = (label(candidate, path) for candidate in (descriptor, *_held(descriptor), *_held(_answer(descriptor))))
    return next((text for text in found if text), "") or request_label(descriptor, path)


def _held(descriptor: Descriptor | None) -> Iterator[Descriptor]:
    for field in () if descriptor is None else descriptor.fields:
        if field.message_type is not None:
            yield field.message_type


def _answer(descriptor: Descriptor) -> Descriptor | None:
    """Return the response to a request: a step names its record only, a rule perhaps what the record holds."""
    name = descriptor.name.removesuffix("Request")
    found: Descriptor | None = descriptor.file.message_types_by_name.get(f"{name}Response")
    return found if name != descriptor.name else None


def _bad_request(violations: tuple[Violation, ...], descriptor: Descriptor | None) -> error_details_pb2.BadRequest:
    bad = error_details_pb2.BadRequest()
    for violation in violations[:MOST_VIOLATIONS]:
        text = _labelled(violation, descriptor)
        entry = bad.field_violations.add(field=violation.field, description=text, reason=violation.reason)
        entry.localized_message.locale = LOCALE
        entry.localized_message.message = text
    return bad


def _labelled(violation: Violation, descriptor: Descriptor | None) -> str:
    name = field_label(descriptor, violation.field) or violation.field
    expected = hint(descriptor, violation.field) if descriptor is not None else ""
    return f"{name}:{violation.message}{f'({expected})' if expected else ''}"


def _summary(error: RuleError, violations: tuple[Violation, ...], descriptor: Descriptor | None) -> str:
    if not isinstance(error, InvalidRequest):
        return error.text(field_label(descriptor, error.field))
    listed = ";".join(_labelled(violation, descriptor) for violation in violations[:5])
    return listed if len(violations) <= 5 else f"{listed};等共 {len(violations)} 处"


def _status(code: int, message: str, details: list[Message]) -> status_pb2.Status:
    status = status_pb2.Status(code=code, message=message)
    for detail in details:
        packed = any_pb2.Any()
        packed.Pack(detail)
        status.details.append(packed)
    return status


def _is_outage(error: BaseException) -> bool:
    if isinstance(error, ConnectionError | TimeoutError):
        return True
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return state.startswith(_TRANSIENT)
    # asyncpg reports a connection closed on this side, and SQLAlchemy an exhausted pool, without an SQLSTATE.
    kind = f"{type(error).__module__}.{type(error).__name__}"
    closed = kind == "asyncpg.exceptions._base.InterfaceError" and "clos" in str(error)
    network = isinstance(error, OSError) and not isinstance(error, _FILE_ERRORS)
    return closed or kind == "sqlalchemy.exc.TimeoutError" or network


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = getattr(link, "orig", None) or link.__cause__ or link.__context__
