"""What tests of any service stand on: real servers, fresh databases, keys, tokens and a clock that waits."""

from services.chassis.testing.keys import Tokens, record_keys
from services.chassis.testing.servers import Server, eventually, nats_server, postgres, service, workspace

__all__ = ["Server", "Tokens", "eventually", "nats_server", "postgres", "record_keys", "service", "workspace"]
