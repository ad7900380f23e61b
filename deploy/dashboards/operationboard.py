# ruff: noqa: INP001 - a script's module, no package
"""The board of operations: calls, outbox, board, proofs, stream, database, processes."""

from __future__ import annotations

from boardpanels import at_least, below, course, joined, number, query
from boardparts import Board

BAD = 'grpc_code=~"Unknown|Internal|Unavailable|DataLoss|DeadlineExceeded"'
RATE = "[$__rate_interval]"
ANY = 'component!=""'
RELAYS = "and on (instance) geju_relay_leader == 1"
LEADS = "and on (instance) geju_leader == 1"
# Ages of what is dated by business time, which a rehearsal moves.
NOW = 'scalar(max(geju_clock_timestamp_seconds{component="aggregation"}))'
PROOF_AGE = f"{NOW} - max by (source) (geju_proven_timestamp_seconds)"
EVENT_AGE = f"{NOW} - max by (source) (geju_source_last_event_timestamp_seconds)"


def _now(board: Board) -> None:
    board.row("此刻")
    up = f"sum(max by (component) (up{{{ANY}}}))"
    board.add(number("在运行的服务", [query(up, "服务")], "none", at_least(6)), 4, 4)
    relays = "sum(max by (component) (geju_relay_leader))"
    board.add(number("在工作的转发器", [query(relays, "转发器")], "none", at_least(5)), 4, 4)
    board.add(number("看板的主实例", [query("sum(geju_leader)", "主实例")], "none", at_least(1)), 4, 4)
    board.add(number("距上次核对一致", [query(f"max({PROOF_AGE})", "最久")], "s", below(1800)), 4, 4)
    dead = 'max(geju_stream_messages{stream="GEJU_DEAD"})'
    board.add(number("死信(90 天内)", [query(dead, "死信")], "none", below(1)), 4, 4)
    ends = "min(geju_certificate_expiry_timestamp_seconds) - time()"
    plain = "没有启用 TLS 时没有数据。"
    board.add(number("最早到期的证书", [query(ends, "还有")], "s", at_least(14 * 86400), description=plain), 4, 4)


def _calls(board: Board) -> None:
    board.row("调用")
    every = f"sum by (component) (rate(grpc_server_handled_total{{{ANY}}}{RATE}))"
    failed = f"sum by (component) (rate(grpc_server_handled_total{{{BAD}}}{RATE}))"
    board.add(course("每秒调用", [query(every, "{{component}}")], "reqps"), 8, 8)
    share = f"({failed} or {every} * 0) / ({every} > 0)"
    board.add(course("失败的比例(服务自身的原因)", [query(share, "{{component}}")], "percentunit"), 8, 8)
    buckets = f"sum by (component, le) (rate(grpc_server_handling_seconds_bucket{{{ANY}}}{RATE}))"
    took = [
        query(f"histogram_quantile({q}, {buckets})", f"{{{{component}}}} p{round(q * 100)}", ref)
        for q, ref in ((0.5, "A"), (0.99, "B"))
    ]
    board.add(course("用时", took, "s"), 8, 8)
    hour = _counted(f"increase(grpc_server_handled_total{{{BAD}}}[1h])", "grpc_code")
    board.add(joined("失败的调用(一小时)", ("method", "方法"), {"次数": f"{hour} > 0"}, {}), 12, 8)
    hour = _counted("increase(grpc_server_handled_total[1h])")
    board.add(joined("最忙的方法(一小时)", ("method", "方法"), {"次数": hour}, {}), 12, 8)


def _counted(increase: str, *more: str) -> str:
    labels = ", ".join(f'"{label}"' for label in ("component", "grpc_method", *more))
    return f'topk(10, sum by (method) (label_join({increase}, "method", " ", {labels})))'


def _outbox(board: Board) -> None:
    board.row("发件箱与转发")
    rows = f"max by (component) (geju_outbox_rows {RELAYS})"
    age = f"max by (component) (geju_outbox_oldest_seconds {RELAYS})"
    board.add(course("未发出的变更", [query(rows, "{{component}}")], "none"), 6, 7)
    board.add(course("最早一条等了多久", [query(age, "{{component}}")], "s"), 6, 7)
    sent = f"sum by (component) (rate(geju_relay_published_total{RATE}))"
    board.add(course("每秒发出", [query(sent, "{{component}}")], "cps"), 6, 7)
    failures = f"sum by (component, of) (rate(geju_relay_failures_total{RATE}))"
    board.add(course("转发失败", [query(failures, "{{component}} {{of}}")], "cps"), 6, 7)


def _board(board: Board) -> None:
    board.row("看板与核对")
    lag = f"max by (source) (geju_source_lag {LEADS})"
    board.add(course("落后的变更", [query(lag, "{{source}}")], "none"), 6, 7)
    board.add(course("最新变更距今", [query(EVENT_AGE, "{{source}}")], "s"), 6, 7)
    taken = f"sum(rate(geju_events_applied_total{RATE}))"
    board.add(course("每秒读入", [query(taken, "变更")], "cps"), 6, 7)
    refresh = f"histogram_quantile(0.99, sum by (le) (rate(geju_refresh_seconds_bucket{RATE})))"
    board.add(course("一批用时(p99)", [query(refresh, "p99")], "s"), 6, 7)
    board.add(course("距上次核对一致", [query(PROOF_AGE, "{{source}}")], "s"), 6, 7)
    failed = f"max by (source) (geju_proof_failed {LEADS})"
    board.add(course("核对没有做完", [query(failed, "{{source}}")], "none").max(1), 6, 7)
    found = "sum by (source) (increase(geju_differences_found_total[1h]))"
    board.add(course("发现的差异(一小时)", [query(found, "{{source}}")], "none"), 6, 7)
    silence = "max by (source) (geju_source_silence_seconds)"
    board.add(course("来源沉默(工作时间)", [query(silence, "{{source}}")], "s"), 6, 7)
    held = "sum by (source) (max by (source, kind) (geju_facts_total))"
    missing = "max by (source) (geju_source_missing)"
    asked = {"核对过的记录": held, "缺号": missing, "沉默": "max by (source) (geju_source_silent)"}
    board.add(joined("来源", ("source", "来源"), asked, {}), 24, 7)


def _stores(board: Board) -> None:
    board.row("消息流与 PostgreSQL")
    size = "max by (stream) (geju_stream_bytes)"
    board.add(course("消息流大小", [query(size, "{{stream}}")], "bytes"), 6, 7)
    held = "max by (stream) (geju_stream_messages)"
    board.add(course("消息流条数", [query(held, "{{stream}}")], "none"), 6, 7)
    used = "max by (pod) (nats_varz_jetstream_stats_storage / nats_varz_jetstream_config_max_storage)"
    board.add(course("消息流的存储(NATS exporter)", [query(used, "{{pod}}")], "percentunit"), 6, 7)
    lost = f'sum by (component) (rate(geju_relay_failures_total{{of="postgres"}}{RATE}))'
    board.add(course("转发器连不上数据库", [query(lost, "{{component}}")], "cps"), 6, 7)
    backends = "sum by (datname, state) (cnpg_backends_total)"
    board.add(course("数据库连接(CloudNativePG)", [query(backends, "{{datname}} {{state}}")], "none"), 8, 7)
    sizes = "max by (datname) (cnpg_pg_database_size_bytes)"
    board.add(course("数据库大小(CloudNativePG)", [query(sizes, "{{datname}}")], "bytes"), 8, 7)
    replica = "max by (pod) (cnpg_pg_replication_lag)"
    board.add(course("副本落后(CloudNativePG)", [query(replica, "{{pod}}")], "s"), 8, 7)


def _processes(board: Board) -> None:
    board.row("进程")
    cpu = f"sum by (component) (rate(process_cpu_seconds_total{{{ANY}}}{RATE}))"
    board.add(course("处理器", [query(cpu, "{{component}}")], "none"), 6, 7)
    memory = f"max by (component) (process_resident_memory_bytes{{{ANY}}})"
    board.add(course("内存", [query(memory, "{{component}}")], "bytes"), 6, 7)
    background = "sum by (component, task) (increase(geju_background_failures_total[15m]))"
    board.add(course("后台工作失败(15 分钟)", [query(background, "{{component}} {{task}}")], "none"), 6, 7)
    chained = f"sum by (component) (rate(geju_audit_chained_total{RATE}))"
    board.add(course("每秒接链的审计记录", [query(chained, "{{component}}")], "cps"), 6, 7)
    reactions = "sum by (component, outcome) (increase(geju_reactions_total[1h]))"
    board.add(course("联动(一小时)", [query(reactions, "{{component}} {{outcome}}")], "none"), 12, 7)
    refused = "sum by (component, limit) (increase(geju_open_calls_refused_total[1h]))"
    board.add(course("被限流的公开调用(一小时)", [query(refused, "{{component}} {{limit}}")], "none"), 12, 7)


def boards() -> list[Board]:
    """Return the board of operations."""
    board = Board("geju-operations", "格局 · 运维", "服务、发件箱、看板、核对、消息流、数据库此刻的状况。").over(
        "now-6h"
    )
    for part in (_now, _calls, _outbox, _board, _stores, _processes):
        part(board)
    return [board]
