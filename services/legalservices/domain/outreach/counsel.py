"""Village counsels (一村一法律顾问): one contract a village at a time, and the services given under it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from geju.legalservices.v1 import counsel_contract_pb2, counsel_service_pb2, practitioner_pb2

from services.chassis.domain.references import check_reference
from services.chassis.domain.rules import Rules
from services.chassis.domain.spans import check_in_force, check_span, overlap
from services.legalservices.domain.outreach.errors import CounselOutside, VillageRequired, VillageTaken
from services.legalservices.domain.registers.licence import span_of

Contract = counsel_contract_pb2.CounselContract
Service = counsel_service_pb2.CounselService


def check(new: Contract, old: Contract | None, rules: Rules) -> None:
    """Guard a contract on every change. Raises BadReference, DateOrder, VillageRequired, UnknownPlace."""
    check_reference("firm", new.firm, "firms")
    check_reference("practitioner", new.practitioner, "practitioners")
    check_span(new)
    if old is None or (old.place, old.from_date) != (new.place, new.from_date):
        _check_village(new, rules)


def _check_village(contract: Contract, rules: Rules) -> None:
    """Refuse a contract without a village in force on its first day. Raises VillageRequired, UnknownPlace."""
    if not contract.place:
        raise VillageRequired("place")
    first, _ = span_of(contract, "from_date", "to_date")
    if rules.profile.place(contract.place, contract.office, first).kind != "village":
        raise VillageRequired("place")


def lasts_beyond(contract: Contract, last: date) -> bool:
    """Tell whether a contract goes on after a day."""
    _, ends = span_of(contract, "from_date", "to_date")
    return ends is None or last < ends


def check_counsel(contract: Contract, counsel: practitioner_pb2.Practitioner) -> None:
    """Refuse a contract that goes on when its counsel's licence has ended. Raises CounselOutside."""
    _, last = span_of(counsel)
    if last is not None and lasts_beyond(contract, last):
        raise CounselOutside("to_date", last=last)


def check_alone(contract: Contract, others: Iterable[Contract]) -> None:
    """Refuse two contracts of a village on a day. Raises VillageTaken."""
    span = span_of(contract, "from_date", "to_date")
    for other in others:
        theirs = span_of(other, "from_date", "to_date")
        if overlap(*span, *theirs):
            raise VillageTaken("from_date", since=theirs[0])


def check_service(new: Service, _old: Service | None, _rules: Rules) -> None:
    """Guard a service on every change. Raises BadReference."""
    check_reference("contract", new.contract, "counselContracts")


def follow(service: Service, contract: Contract) -> None:
    """Refuse a service outside its contract; one that the contract's office reports is of its village.

    Raises NotInForce.
    """
    on, _ = span_of(service, "given_date", "given_date")
    check_in_force(contract, "contract", on)
    if not service.place and service.office == contract.office:
        service.place = contract.place
