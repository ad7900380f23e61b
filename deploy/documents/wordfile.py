# ruff: noqa: INP001 - a script's module, no package
"""Word files made of lines of text: what the scripts beside this one write templates with."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

FOLDER = Path(__file__).parents[1] / "districts" / "lucheng" / "documents"
#: Lines that letters have in common.
NUMBER = ("> 编号:{{ number }}",)
SERVED = ("", "送达日期:　　　　年　　月　　日　　收件人(签名):　　　　　　　　")
_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
_PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1984" w:right="1474" w:bottom="1984" w:left="1587" w:header="851" w:footer="992" w:gutter="0"/>'
    "</w:sectPr>"
)
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_MARGINS = '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
_SMALL = 18
# No date is stored, so that the same templates are the same bytes.
_MOMENT = (1980, 1, 1, 0, 0, 0)


def paragraph(text: str, *, font: str = "仿宋", size: int = 32, align: str = "left", bold: bool = False) -> str:
    """Return a paragraph; size is in half points."""
    style = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}"/>{"<w:b/>" if bold else ""}'
    style += f'<w:sz w:val="{size}"/>'
    line = 560 if size > _SMALL else 300
    layout = f'<w:pPr><w:spacing w:line="{line}" w:lineRule="exact"/><w:jc w:val="{align}"/></w:pPr>'
    if text.startswith("{%"):
        layout = ""
    run = f'<w:r><w:rPr>{style}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    return f"<w:p>{layout}{run}</w:p>"


def table(columns: Iterable[tuple[str, str, int, str]], loop: str) -> str:
    """Return a table of a heading, repeated on every page, and a row for each of a loop, "row in rows".

    A column is its heading, what stands in it, its width in twentieths of a point and how it is aligned.
    """
    columns = list(columns)
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="7F7F7F"/>' for side in _SIDES)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for *_, width, _ in columns)
    head = "".join(_cell(zh, width, "center", bold=True) for zh, _, width, _ in columns)
    held = "".join(_cell(text, width, align) for _, text, width, align in columns)
    begin, end = (
        f"<w:tr>{_cell(f'{{%tr {tag} %}}', columns[0][2], 'left')}</w:tr>" for tag in (f"for {loop}", "endfor")
    )
    whole = f'<w:tblW w:w="{sum(width for *_, width, _ in columns)}" w:type="dxa"/>'
    look = f'<w:jc w:val="center"/><w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type="fixed"/>{_MARGINS}'
    return (
        f"<w:tbl><w:tblPr>{whole}{look}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{begin}"
        f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{held}</w:tr>{end}</w:tbl>"
    )


def _cell(text: str, width: int, align: str, *, bold: bool = False) -> str:
    style = f'<w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体"/>{"<w:b/>" if bold else ""}<w:sz w:val="18"/>'
    run = f'<w:r><w:rPr>{style}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:before="20" w:after="20"/><w:jc w:val="{align}"/></w:pPr>{run}</w:p></w:tc>'
    )


def kept(shaped: str) -> str:
    """Return a paragraph that stays on the page of the next."""
    return shaped.replace("<w:pPr>", "<w:pPr><w:keepNext/>", 1)


def body(lines: Iterable[str]) -> str:
    """Return lines: "# " a title, "## " a heading, "> " right, "^ " in the middle, "~ " small; a table as it is.

    One with "& " before that stays on the page of the next.
    """
    shaped: list[str] = []
    for line in lines:
        if line.startswith("<w:tbl>"):
            shaped.append(line)
        elif line.startswith("& "):
            shaped.append(kept(body([line[2:]])))
        elif line.startswith("## "):
            shaped.append(kept(paragraph(line[3:], font="黑体", size=28, bold=True)))
        elif line.startswith("^ "):
            shaped.append(paragraph(line[2:], align="center"))
        elif line.startswith("~ "):
            shaped.append(paragraph(line[2:], font="宋体", size=_SMALL))
        elif line.startswith("# "):
            shaped.append(paragraph(line[2:], font="黑体", size=44, align="center", bold=True))
        elif line.startswith("> "):
            shaped.append(paragraph(line[2:], align="right"))
        else:
            shaped.append(paragraph(line))
    return "".join(shaped)


def seal(issuer: str) -> tuple[str, ...]:
    """Return the end of a letter: who issues it, its day, and the office that handles the matter."""
    return ("", f"> {issuer}(盖章)", "> {{ dated }}", "承办单位:{{ office }}")


def write(name: str, lines: Iterable[str]) -> None:
    """Write the template of a name, "mediation_agreement"."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document {_NS}><w:body>{body(lines)}{_PAGE}</w:body></w:document>'
    )
    parts = {"[Content_Types].xml": _TYPES, "_rels/.rels": _RELATIONS, "word/document.xml": document}
    with zipfile.ZipFile(FOLDER / f"{name}.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in parts.items():
            archive.writestr(zipfile.ZipInfo(path, _MOMENT), text, zipfile.ZIP_DEFLATED)
