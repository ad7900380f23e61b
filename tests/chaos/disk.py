"""A disk whose power can be cut: ext4 in a file of its own, mounted over a loop device. Needs root.

What a power loss leaves is what had reached the device at that instant. The kernel is told to let nothing more reach it
(FS_IOC_SHUTDOWN without the journal's last words, as the kernel's own crash tests do), also in the middle of a sync;
then the file is copied, still mounted, and the copy is mounted in its place: its journal is played back.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from tests.chaos.fault import Skipped

_SHUTDOWN = 0x8004587D
_WITHOUT_LOG = struct.pack("I", 2)
_PATIENCE = 20.0


def require_root() -> None:
    """Raise Skipped where disks cannot be had."""
    if os.geteuid() != 0 or not sys.platform.startswith("linux"):
        raise Skipped("needs root: loop devices")


class Disk:
    """One disk, mounted at `place`; `image` is the file that it is in."""

    def __init__(self, image: Path, place: Path, megabytes: int) -> None:
        self.image, self.place, self.megabytes = image, place, megabytes

    def make(self) -> None:
        """Make the disk, empty, and mount it. Raises Skipped."""
        require_root()
        self.place.mkdir(parents=True, exist_ok=True)
        with self.image.open("wb") as file:
            file.truncate(self.megabytes * 2**20)
        try:
            _run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=1", "-m", "0", str(self.image))
            self.mount()
        except FileNotFoundError as error:
            raise Skipped(f"needs {error.filename}") from error
        except subprocess.CalledProcessError as error:
            raise Skipped(f"no loop device can be mounted here: {error.stderr.decode().strip()}") from error
        (self.place / "lost+found").rmdir()
        self.place.chmod(0o711)

    def mount(self) -> None:
        """Mount it, its journal played back where it has to be."""
        _run("mount", "-o", "loop", str(self.image), str(self.place))

    def unmount(self) -> None:
        """Unmount it; whoever still has a file open there is waited for. Harmless where it is not mounted."""
        deadline = time.monotonic() + _PATIENCE
        while os.path.ismount(self.place):
            with suppress(subprocess.CalledProcessError):
                _run("umount", *(["--lazy"] if time.monotonic() > deadline else []), str(self.place))
                continue
            time.sleep(0.02)

    def cut_power(self, pid: int = 0) -> None:
        """Let nothing more reach the disk, and kill a process and its children, which runs on it, at the same instant.

        To be followed by `restore` or `swap`.
        """
        doomed = _family(pid)
        folder = os.open(self.place, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.ioctl(folder, _SHUTDOWN, _WITHOUT_LOG)
            _kill(doomed)
        finally:
            os.close(folder)
        copy(self.image, self.image.with_suffix(".left"))

    def restore(self) -> None:
        """Mount what the power loss left in the place of what was."""
        self.unmount()
        self.image.with_suffix(".left").replace(self.image)
        self.mount()

    def swap(self) -> None:
        """Mount what the power loss left over what was, which is out of reach at once and unmounted at the end.

        So whoever starts a server on it meanwhile finds the one or the other, never an empty folder.
        """
        self.image.with_suffix(".left").replace(self.image)
        self.mount()

    @contextmanager
    def lent(self) -> Iterator[Disk]:
        """Have the disk for the length of the block; nothing of it is left."""
        try:
            self.make()
            yield self
        finally:
            self.discard()

    def discard(self) -> None:
        """Unmount it and delete its file."""
        self.unmount()
        for suffix in (self.image.suffix, ".left"):
            self.image.with_suffix(suffix).unlink(missing_ok=True)


def copy(source: Path, target: Path) -> None:
    """Copy a file with its holes."""
    _run("cp", "--sparse=always", str(source), str(target))


def kill_all(pid: int) -> None:
    """Kill a process and its children at once and wait for the end of these; harmless when it has ended."""
    _kill(_family(pid))


def _family(pid: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(pid) if pid else None
        return [parent, *parent.children(recursive=True)] if parent else []
    except psutil.NoSuchProcess:
        return []


def _kill(family: list[psutil.Process]) -> None:
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(family[1:], timeout=_PATIENCE)


@contextmanager
def filled(place: Path, left: int = 0) -> Iterator[None]:
    """Take the room on the disk of a folder, but for so many bytes, for the length of the block."""
    ballast = place / "ballast"
    try:
        with ballast.open("wb") as file:
            while (room := shutil.disk_usage(place).free - left) > 0:
                try:
                    os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), room)
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    break  # the file system keeps the rest to itself
        yield
    finally:
        ballast.unlink(missing_ok=True)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
