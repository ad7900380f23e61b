"""What a backup is made of: a folder with a dump of each database, the keys of records, heads of the audit trails."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from services.chassis.embedded.bootstrap import with_database
from services.cli import audits
from services.cli.drill import dumps
from services.cli.drill.dumps import Contents
from services.cli.failure import Exit, Failure
from services.cli.registry import DOMAIN, SERVICES
from services.client import Geju, Home


class Backup:
    """A backup in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.heads = folder / "heads"
        self.public = folder / "audit"

    def require(self) -> None:
        """Refuse a folder that lacks what a restore needs. Errors: Failure naming it."""
        needed = [self._dump(service) for service in SERVICES] + [self.folder / "records.json"]
        missing = [path.name for path in needed if not path.is_file()]
        if missing:
            advice = "须有每个服务的 <服务>.dump(pg_dump -Fc)和记录密钥 records.json;链头在 heads/,其公钥在 audit/"
            raise Failure(f"{self.folder} 中缺少 " + "、".join(missing), Exit.USAGE, advice)

    async def databases(self, admin_url: str) -> Mapping[str, Contents]:
        """Dump the database of every service; returns what is in each."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return {
            service: await dumps.dump(with_database(admin_url, f"geju_{service}"), self._dump(service))
            for service in SERVICES
        }

    def take_keys(self, home: Home) -> None:
        """Copy what no database holds: keys, and at what time the installation lives."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in (home.record_keys, home.audit_private, home.clock_file):
            shutil.copy(path, self.folder)
        shutil.copytree(home.audit_public, self.public)

    def take_heads(self, geju: Geju) -> None:
        """Keep the head of every audit trail."""
        audits.keep(self.heads, [audits.head(geju, service) for service in DOMAIN])

    def give_keys(self, home: Home) -> None:
        """Lay what was copied into a folder where nothing has run yet; what the backup lacks is made anew there."""
        home.record_keys.parent.mkdir(parents=True, mode=0o700)
        for path in (home.record_keys, home.audit_private, home.clock_file):
            kept = self.folder / path.name
            if kept.exists():
                shutil.copy(kept, path)

    async def restore(self, admin_url: str, service: str) -> Contents:
        """Fill the empty database of a service; returns what is in it."""
        return await dumps.restore(with_database(admin_url, f"geju_{service}"), self._dump(service))

    def _dump(self, service: str) -> Path:
        return self.folder / f"{service}.dump"
