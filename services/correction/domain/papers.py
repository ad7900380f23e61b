"""The papers of a person's file (档案): which it must have as it stands, and which it has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from geju.common.v1.document_pb2 import FileItem


class Paper(NamedTuple):
    """One paper: its code, its Chinese name, whether the file must have it, whether what it needs is recorded."""

    code: str
    zh: str
    required: bool
    present: bool


def file_items(papers: Iterable[Paper]) -> list[FileItem]:
    """Return the papers of a file, required ones first; what is neither required nor there is left out."""
    items = [FileItem(code=p.code, label=p.zh, required=p.required, present=p.present) for p in papers]
    return sorted((item for item in items if item.required or item.present), key=lambda item: not item.required)


def is_complete(items: Iterable[FileItem]) -> bool:
    """Tell whether every required paper is there."""
    return all(item.present for item in items if item.required)
