"""`geju template`, `import`, `export`, `list`: records as spreadsheets."""

# Docstrings of commands are their help, in Chinese; their arguments are the options.
# ruff: noqa: D400, PLR0913, PLR0917

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from geju.common.v1 import import_pb2
from google.protobuf import message_factory
from google.protobuf.descriptor import MethodDescriptor
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.cli import importing, session
from services.cli.failure import Exit, Failure
from services.cli.files import Force, require_absent
from services.cli.importing import Result, Wish
from services.cli.kinds import Kind, all_kinds, get
from services.cli.output import Form, Head, Output, emit, fields, notes, say
from services.cli.registry import SERVICES
from services.cli.sheets import labels, write
from services.cli.sheets.columns import Column
from services.client import Geju

AS_TEMPLATE = "按导入模板的列导出,改正后可再导入;没有编号的记录除外。"
SHOWN_ERRORS = 10
SHOWN_COLUMNS = 9
#: As the services require it.
SHORTEST_PURPOSE = 2

KindName = Annotated[
    str,
    typer.Argument(
        help="记录种类的代码或中文名;geju list kinds 列出全部。",
        metavar="KIND",
        autocompletion=lambda: list(all_kinds()),
    ),
]
Office = Annotated[str, typer.Option("--office", help="司法所代码或名称。")]
Purpose = Annotated[str, typer.Option("--purpose", help="读取的目的,记入审计;个人档案必须写明,如「季度考核」。")]


def template(
    kind: KindName,
    out: Annotated[Path, typer.Option("--out", "-O", help="要写的 .xlsx 或 .csv 文件。")],
    force: Force = False,  # noqa: FBT002
) -> None:
    """生成一种记录的空表:标题、填写说明和可选值。"""
    found = get(kind)
    require_absent(out, force=force)
    write.template(out, found.zh, found.columns)
    say(f"已生成「{found.zh}」的空表 {out},共 {len(found.columns)} 列")


def take(
    context: typer.Context,
    kind: KindName,
    file: Annotated[Path, typer.Argument(help=".xlsx 或 .csv 文件(UTF-8 或 GBK)。")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查,不写入。")] = False,  # noqa: FBT002
    office: Annotated[str, typer.Option("--office", help="司法所代码或名称;只填表中空着的司法所,已填的不改。")] = "",
    partial: Annotated[bool, typer.Option("--partial", help="有错误的行除外,其余照常写入。")] = False,  # noqa: FBT002
    skip_unknown: Annotated[bool, typer.Option("--skip-unknown", help="略过不认识的列。")] = False,  # noqa: FBT002
    output: Output = Form.TABLE,
) -> None:
    """导入一张表:先逐行检查,全部合格后分批写入;错误写到 FILE.errors.csv。"""
    current = session.of(context)
    given = {"office": current.office_code(office)} if office else {}
    wish = Wish(dry_run=dry_run, partial=partial, skip_unknown=skip_unknown, given=given, codes=current.codes)
    with current.client() as geju:
        result = run_import(geju, get(kind), file, wish)
    report(result, file, wish, output)
    if result.errors:
        raise typer.Exit(Exit.RULE)


def run_import(geju: Geju, kind: Kind, file: Path, wish: Wish) -> Result:
    """Import one file under a progress bar."""
    parsed = importing.load(file, kind, wish)
    passes = (1 if wish.check or wish.dry_run else 0) + (0 if wish.dry_run else 1)
    bar = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*bar, console=notes, transient=True, disable=not notes.is_terminal) as progress:
        task = progress.add_task(f"{kind.zh} {file.name}", total=len(parsed) * passes)
        return importing.take(geju, kind, parsed, wish, lambda done: progress.advance(task, done))


def report(result: Result, file: Path, wish: Wish, output: Form) -> None:
    """Say what became of the rows, show the first errors and write all of them beside the file."""
    created, updated, same = (
        result.outcomes[outcome]
        for outcome in (
            import_pb2.ROW_OUTCOME_CREATED,
            import_pb2.ROW_OUTCOME_UPDATED,
            import_pb2.ROW_OUTCOME_UNCHANGED,
        )
    )
    counts = [("rows", "行数", result.rows), ("created", "新增", created), ("updated", "更新", updated)]
    counts += [("unchanged", "无变化", same), ("rejected", "有错误", result.bad)]
    errors_file = importing.write_errors(file, result.errors) if result.errors else None
    pairs: list[tuple[str, str, Any]] = [*counts, ("written", "已写入", result.written)]
    fields(output, [*pairs, *([("errors_file", "错误清单", str(errors_file))] if errors_file else [])], file.name)
    if output == Form.TABLE and result.errors:
        heads = [Head("row", "行", number=True), Head("field", "字段"), Head("message", "问题")]
        shown = sorted(result.errors, key=lambda pair: pair[0])[:SHOWN_ERRORS]
        emit(output, heads, [(line, e.label or e.field, e.message) for line, e in shown])
    if result.errors and not result.written:
        say(
            "没有写入任何一行;改正后重新导入"
            + ("" if wish.dry_run or wish.partial else ",或加 --partial 只写入合格的行"),
            "yellow",
        )


def export(
    context: typer.Context,
    kind: KindName,
    out: Annotated[Path, typer.Option("--out", "-O", help="要写的 .xlsx 或 .csv 文件。")],
    office: Office = "",
    purpose: Purpose = "",
    force: Force = False,  # noqa: FBT002
    as_template: Annotated[bool, typer.Option("--as-template", help=AS_TEMPLATE)] = False,  # noqa: FBT002
) -> None:
    """导出一种记录的全部内容;个人档案须写明目的。"""
    found, current = get(kind), session.of(context)
    _require_purpose(found, purpose)
    require_absent(out, force=force)
    code = current.office_code(office)
    columns = found.columns if as_template else found.exported
    with current.client() as geju:
        listed = template_rows(geju, found, code, purpose) if as_template else records(geju, found, code, purpose)
        rows = ([column.get(record) for column in columns] for record in map(current.labelled, listed))
        count = write.table(out, found.zh, [column.label for column in columns], rows)
    say(f"已导出 {count} 条「{found.zh}」到 {out}")


def template_rows(geju: Geju, kind: Kind, office: str = "", purpose: str = "") -> Iterator[Any]:
    """Yield the records of a kind as rows of its template; those without a number no import would find again."""
    carrier = None if kind.exporter is not None else kind.columns[0].path[0]
    for record in records(geju, kind, office, purpose, kind.exporter):
        row: Any = record if carrier is None else kind.row_class(**{carrier: record})
        if record.key:
            yield row


def records(
    geju: Geju, kind: Kind, office: str = "", purpose: str = "", lister: MethodDescriptor | None = None
) -> Iterator[Any]:
    """Yield the records of a kind. Errors: Failure when the kind cannot be listed."""
    lister = lister or kind.lister
    if lister is None:
        raise Failure(f"「{kind.zh}」不能列出", Exit.USAGE)
    request: Any = message_factory.GetMessageClass(lister.input_type)()
    if office:
        request.filter.office = office
    if purpose and "purpose" in lister.input_type.fields_by_name:
        request.purpose = purpose
    return geju.records(lambda page: geju.call(lister, page, kind.service), request)


def listing(
    context: typer.Context,
    what: Annotated[str, typer.Argument(help="kinds、services,或一种记录的代码。")] = "kinds",
    office: Office = "",
    purpose: Purpose = "",
    limit: Annotated[int, typer.Option("--limit", help="最多列出几条。", min=1)] = 50,
    output: Output = Form.TABLE,
) -> None:
    """列出记录种类(kinds)、服务(services),或一种记录最近的几条;个人档案须写明目的。"""
    if what == "kinds":
        heads = [
            Head("kind", "代码"),
            Head("zh", "名称"),
            Head("service", "服务"),
            Head("columns", "列数", number=True),
            Head("purpose", "须写明目的"),
        ]
        emit(output, heads, [(name, k.zh, k.service, len(k.columns), k.purpose) for name, k in all_kinds().items()])
    elif what == "services":
        emit(output, [Head("service", "服务")], [(name,) for name in SERVICES])
    else:
        found = get(what)
        _require_purpose(found, purpose)
        _list_records(session.of(context), found, (office, purpose), limit, output)


def _list_records(current: session.Session, kind: Kind, wanted: tuple[str, str], limit: int, output: Form) -> None:
    office, purpose = wanted
    code = current.office_code(office)
    with current.client() as geju:
        listed = records(geju, kind, code, purpose)
        found = [record for record, _ in zip(listed, range(limit), strict=False)]
    columns = kind.exported if output != Form.TABLE else _for_terminal(kind.exported, found)
    heads = [Head(".".join(column.path), column.label) for column in columns]
    rows = [[column.get(record) for column in columns] for record in map(current.labelled, found)]
    emit(output, heads, rows, kind.zh)


def _for_terminal(columns: Sequence[Column], found: Sequence[Any]) -> list[Column]:
    """Return the columns that a terminal has room for: codes, dates and choices that are filled, and no persons."""
    short = [c for c in columns if _is_short(c) and any(c.get(record) not in {None, ""} for record in found)]
    return short[:SHOWN_COLUMNS]


def _is_short(column: Column) -> bool:
    named = column.field.name in {"office", "key"}
    return named or column.field.type == column.field.TYPE_ENUM or labels.is_message(column.field, labels.DATE)


def _require_purpose(kind: Kind, purpose: str) -> None:
    if kind.purpose and len(purpose.strip()) < SHORTEST_PURPOSE:
        advice = "请加 --purpose,如 --purpose 季度考核;目的会记入审计"
        raise Failure(f"读取「{kind.zh}」须写明目的", Exit.USAGE, advice)


def show(
    context: typer.Context,
    record: Annotated[str, typer.Argument(help="记录的标识,如 disputes/0198…;geju explain 会列出。", metavar="RECORD")],
    purpose: Annotated[str, typer.Option("--purpose", help="读取的目的,记入审计。")] = "",
    output: Output = Form.TABLE,
) -> None:
    """显示一条记录的全部内容。"""
    collection = record.partition("/")[0]
    kind = next((kind for kind in all_kinds().values() if labels.kind(kind.record).collection == collection), None)
    if kind is None or kind.lister is None:
        raise Failure(f"{record} 不是记录的标识", Exit.USAGE, "应写作 disputes/0198…,geju explain 会列出")
    getter = kind.lister.containing_service.methods_by_name[f"Get{kind.record.name}"]
    request: Any = message_factory.GetMessageClass(getter.input_type)(name=record)
    if "purpose" in getter.input_type.fields_by_name:
        request.purpose = purpose
    current = session.of(context)
    with current.client() as geju:
        [(_, found)] = geju.call(getter, request, kind.service).ListFields()
    labelled: Any = current.labelled(found)
    values = ((column, column.get(labelled)) for column in kind.exported)
    filled = [(".".join(column.path), column.label, value) for column, value in values if value not in {None, ""}]
    fields(output, filled, f"{kind.zh} {record}")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("template")(template)
    app.command("import")(take)
    app.command("export")(export)
    app.command("list")(listing)
    app.command("show")(show)
