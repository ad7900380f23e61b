"""Every kind of record whose facts are counted, found in the facts messages themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType

from geju.correction.v1 import facts_pb2 as correction
from geju.funds.v1 import facts_pb2 as funds
from geju.legalaid.v1 import facts_pb2 as legalaid
from geju.legalservices.v1 import facts_pb2 as legalservices
from geju.mediation.v1 import facts_pb2 as mediation
from geju.publicity.v1 import facts_pb2 as publicity
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from services.chassis.contract import kind_option, sealed_for

MODULES: tuple[ModuleType, ...] = (mediation, correction, legalservices, legalaid, publicity, funds)


@dataclass(frozen=True, slots=True)
class FactKind:
    """One kind: "dispute" of package "mediation"; `facts` is the message class its events carry.

    Funds are kept by every department, so their package is no service; an event's source says whose they are.
    """

    package: str
    name: str
    collection: str
    zh: str
    facts: type[Message]
    #: The role that is told which of its sealed records are counted.
    sealed_for: str

    @property
    def facts_type(self) -> str:
        """Full name of the facts message, the `type` of its events."""
        return str(self.facts.DESCRIPTOR.full_name)


def _kinds() -> Iterator[FactKind]:
    for module in MODULES:
        descriptors: Mapping[str, Descriptor] = module.DESCRIPTOR.message_types_by_name
        for descriptor in descriptors.values():
            option = kind_option(descriptor)
            if option.name:
                package, facts = descriptor.full_name.split(".")[1], GetMessageClass(descriptor)
                yield FactKind(package, option.name, option.collection, option.zh, facts, sealed_for(descriptor))


KINDS: tuple[FactKind, ...] = tuple(sorted(_kinds(), key=lambda kind: kind.name))
BY_TYPE: Mapping[str, FactKind] = {kind.facts_type: kind for kind in KINDS}
BY_NAME: Mapping[str, FactKind] = {kind.name: kind for kind in KINDS}

if not len(KINDS) == len(BY_TYPE) == len(BY_NAME):
    raise TypeError("two facts messages claim one kind")


def kind_of(facts: type[Message]) -> FactKind:
    """Return the kind of a facts message class."""
    return BY_TYPE[facts.DESCRIPTOR.full_name]
