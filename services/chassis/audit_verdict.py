"""What a walk along the audit chain finds, and which hand has been at it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from geju.common.v1 import audit_service_pb2 as pb

from services.chassis.audit_chain import canonical, link

Fault: TypeAlias = pb.AuditFault.ValueType

_WORDS: Mapping[Fault, str] = {
    pb.AUDIT_FAULT_EDITED: "此条内容与其摘要不符:记录被改动",
    pb.AUDIT_FAULT_DELETED: "此处的记录被删除",
    pb.AUDIT_FAULT_INSERTED: "此条原来没有:记录被插入",
    pb.AUDIT_FAULT_REORDERED: "此条原在别处:记录被调换了次序",
    pb.AUDIT_FAULT_TAIL_CUT: "链尾被截断:此条及其后的记录被删除",
    pb.AUDIT_FAULT_REWRITTEN: "链尾摘要与登记的不符:链被重写",
}
#: Before the first number a link can have.
BEGINNING = -(2**63)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Outcome of a verification: entries checked, the first wrong one (0: none), what was done and its words (Chinese).

    `unlinked` entries have waited for their link too long; so many of the `heads` asked about are `contained`.
    """

    entries: int
    head: bytes
    broken_at: int = 0
    fault: Fault = pb.AUDIT_FAULT_UNSPECIFIED
    problem: str = ""
    unlinked: int = 0
    contained: int = 0


class ChainCheck:
    """Walks the links in order of their number and stops at the first that is wrong.

    `sequence` and `registered` are where the source says that its chain ends; `heads` were kept outside: hashes by the
    number of their entry.
    """

    def __init__(self, sequence: int, registered: bytes, heads: Iterable[tuple[int, bytes]] = ()) -> None:
        self.entries = 0
        self.head = b""
        self.after = BEGINNING
        #: The link that the walk stopped at, with its entry.
        self.stopped: Mapping[str, Any] | None = None
        self._sequence, self._registered = sequence, registered
        self._heads = sorted(heads)
        self._contained = {head for head in self._heads if head == (0, b"")}

    def take(self, links: Iterable[Mapping[str, Any]]) -> Verdict | None:
        """Check the next links with their entries; return the verdict when one is wrong."""
        kept = {sequence for sequence, _ in self._heads}
        for found in links:
            fault = self._fault(found)
            if fault is not None:
                self.stopped = found
                return self._wrong(self.entries + 1, fault)
            self.head = bytes(found["hash"])
            self.after = self.entries = self.entries + 1
            if self.entries in kept:
                self._contained |= {head for head in self._heads if head == (self.entries, self.head)}
        return None

    def finish(self) -> Verdict:
        """Compare the end of the chain with what the source remembers of it, then the whole with the heads kept."""
        if self.entries < self._sequence:
            return self._wrong(self.entries + 1, pb.AUDIT_FAULT_TAIL_CUT)
        if self.head != self._registered:
            return self._wrong(max(self.entries, 1), pb.AUDIT_FAULT_REWRITTEN)
        missing = [head for head in self._heads if head not in self._contained]
        if not missing:
            return Verdict(self.entries, self.head, contained=len(self._contained))
        sequence = missing[0][0]
        if sequence > self.entries:
            words = f"链尾被截断:留存的链头在第 {sequence} 条,链只到第 {self.entries} 条(或数据库恢复到了更早的时间)"
            return replace(self._wrong(self.entries + 1, pb.AUDIT_FAULT_TAIL_CUT), problem=words)
        first = max((known for known, _ in self._contained if known < sequence), default=0) + 1
        words = f"第 {first} 条至第 {sequence} 条之间被重写:与留存的链头不符"
        return replace(self._wrong(first, pb.AUDIT_FAULT_REWRITTEN), problem=words)

    def _fault(self, found: Mapping[str, Any]) -> Fault | None:
        """Return what is wrong with a link, as far as it tells by itself; None when it is the next."""
        expected = self.entries + 1
        if found["seq"] < 1 or expected > self._sequence:
            return pb.AUDIT_FAULT_INSERTED
        if found["id"] is None:
            return pb.AUDIT_FAULT_DELETED
        holds = bytes(found["prev_hash"]) == self.head and found["seq"] == expected
        return None if holds and bytes(found["hash"]) == link(self.head, found) else pb.AUDIT_FAULT_EDITED

    def _wrong(self, at: int, fault: Fault) -> Verdict:
        return Verdict(self.entries, self.head, at, fault, _WORDS[fault], contained=len(self._contained))


class Search:
    """Looks at every link once to tell an edit from what an insertion, a removal or another order looks like."""

    def __init__(self, verdict: Verdict, stopped: Mapping[str, Any]) -> None:
        self._verdict, self._stopped = verdict, stopped
        self._previous, self._content = bytes(stopped["prev_hash"]), canonical(stopped)
        self._made = bytes(stopped["hash"])
        #: Numbers of the links that the wrong one follows, that follow the last good one, and that its entry fits.
        self._before = self._next = self._home = 0
        self._emptied = self._previous == b"" and verdict.broken_at > 1

    @staticmethod
    def needed(verdict: Verdict) -> bool:
        """Tell whether what was found could look like something else."""
        return verdict.fault == pb.AUDIT_FAULT_EDITED

    def look(self, links: Iterable[Mapping[str, Any]]) -> None:
        """Look at links (seq, prev_hash, hash), in any order."""
        for other in links:
            seq, previous, made = other["seq"], bytes(other["prev_hash"]), bytes(other["hash"])
            if seq == self._stopped["seq"]:
                continue
            if made == self._previous:
                self._before = seq
            if previous == self._verdict.head and seq > self._verdict.broken_at:
                self._next = seq
            if made == self._after(previous):
                self._home = seq

    def verdict(self) -> Verdict:
        """Return the verdict with what was done."""
        at, own = self._verdict.broken_at, self._made == self._after(self._previous)
        if self._previous == self._verdict.head:  # it stands where it says; its content is another
            inserted, moved = bool(self._next), bool(self._home)
            stays = pb.AUDIT_FAULT_INSERTED if inserted else pb.AUDIT_FAULT_EDITED
            return self._named(at, pb.AUDIT_FAULT_REORDERED if moved else stays)
        if self._emptied or 0 < self._before < at:  # it follows an earlier one: what stands between came later
            return self._named(self._before + 1, pb.AUDIT_FAULT_INSERTED)
        if self._before:
            return self._named(at, pb.AUDIT_FAULT_REORDERED)
        if self._made == self._after(self._verdict.head):
            return self._named(at, pb.AUDIT_FAULT_EDITED)  # only its note of the one before was changed
        if self._next:
            return self._named(at, pb.AUDIT_FAULT_INSERTED)
        return self._named(at, pb.AUDIT_FAULT_DELETED if own else pb.AUDIT_FAULT_EDITED)

    def _after(self, previous: bytes) -> bytes:
        """Return the hash that the wrong entry's link has where it follows `previous`."""
        return hashlib.sha256(previous + self._content).digest()

    def _named(self, at: int, fault: Fault) -> Verdict:
        return replace(self._verdict, broken_at=at, fault=fault, problem=_WORDS[fault])
