"""What the transport of a gRPC server takes of its clients, so that none of them leaves too little for the others."""

from __future__ import annotations

from services.chassis.interceptors import TRANSPORT_LIMIT
from services.chassis.settings import Settings

#: Bytes of metadata of one call: a token, a trace and a purpose take a tenth.
METADATA_LIMIT = 32 * 1024
#: Seconds for a client to say what a client says first.
_GREETING = 10
_MINUTE = 60
_UNCOMPRESSED = 1


def server_options(settings: Settings) -> tuple[tuple[str, int], ...]:
    """Return the options of a server.

    Without a limit of streams gRPC takes in whatever is begun, and has no measure for how much of what was taken back
    is still to be cleared away: thousands of such calls stand in line before those of others, which are then dropped.
    """
    return (
        # Two servers on one port would share its calls without anyone noticing.
        ("grpc.so_reuseport", 0),
        ("grpc.max_receive_message_length", TRANSPORT_LIMIT),
        ("grpc.max_send_message_length", TRANSPORT_LIMIT),
        # The first is where calls begin to be refused at random; nobody should be lucky.
        ("grpc.max_metadata_size", METADATA_LIMIT),
        ("grpc.absolute_max_metadata_size", METADATA_LIMIT),
        # Sixty kilobytes can unpack to sixteen megabytes, a thousand times over.
        ("grpc.compression_enabled_algorithms_bitset", _UNCOMPRESSED),
        ("grpc.http2.bdp_probe", 0),
        ("grpc.max_concurrent_streams", settings.streams_per_connection),
        ("grpc.max_allowed_incoming_connections", settings.connections),
        ("grpc.server_handshake_timeout_ms", _GREETING * 1000),
        # Whoever is gone without a word is noticed, whether he has a call under way or not; so is who has none.
        ("grpc.keepalive_time_ms", _MINUTE * 1000),
        ("grpc.keepalive_timeout_ms", 20_000),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.max_connection_idle_ms", 15 * _MINUTE * 1000),
        ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
    )
