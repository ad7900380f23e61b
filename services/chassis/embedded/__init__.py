"""PostgreSQL and NATS out of the wheels, run as plain child processes on 127.0.0.1."""

from services.chassis.embedded.bootstrap import Urls, bootstrap
from services.chassis.embedded.nats import Nats
from services.chassis.embedded.postgres import Postgres
from services.chassis.embedded.process import ServerError, free_port
from services.chassis.embedded.secrets import Secrets

__all__ = ["Nats", "Postgres", "Secrets", "ServerError", "Urls", "bootstrap", "free_port"]
