"""The demo's certificate authority: made in the state folder at the first start, its revocation lists renewed while the system runs.

A system in earnest does not believe its roots (`CERTIFICATE_DEMO_ROOTS`).
"""

import asyncio
import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal

from qingyuan_certificates import issuing
from qingyuan_certificates.issuing import AUTHORITY_USAGE, Holder, RsaSigningKey, SigningKey, Sm2SigningKey
from qingyuan_runtime.process.clock import now

from qingyuan_local.state import State, write_private

Kind = Literal["sm2", "rsa"]
KINDS: Final[tuple[Kind, Kind]] = ("sm2", "rsa")
LASTING: Final = timedelta(days=3650)
LIST_LASTS: Final = timedelta(days=1)
RENEW_EVERY_SECONDS: Final = 3600
SLACK: Final = timedelta(minutes=5)
"""A certificate is valid from a little earlier, so that a clock that is a little behind believes it."""


class DemoAuthority:
    """A root and an authority below it for each kind of key."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.trust = state.folder / "certificates"

    def make(self) -> None:
        """Make what is missing, and fresh revocation lists."""
        for kind in KINDS:
            root, between = self._holder(kind, "root"), self._holder(kind, "between")
            self._keep(f"roots/{kind}.der", root, root)
            self._keep(f"between/{kind}.der", between, root)
        self.renew_lists()

    def renew_lists(self) -> None:
        for kind in KINDS:
            for role in ("root", "between"):
                content = issuing.revocation_list(
                    self._holder(kind, role), self._revoked(role), now() - SLACK, now() + LIST_LASTS
                )
                write_bytes(self.trust / "lists" / f"{kind}-{role}.crl", content)

    def issue(self, holder: Holder, valid_from: datetime, valid_to: datetime) -> bytes:
        """A certificate of the authority with the holder's kind of key."""
        kind: Kind = "sm2" if isinstance(holder.key, Sm2SigningKey) else "rsa"
        return issuing.issue(holder, self._holder(kind, "between"), valid_from, valid_to)

    def revoke(self, serial: int) -> None:
        revoked = [*self._revoked("between"), (serial, now() - SLACK)]
        lines = [f"{number:X} {at:%Y-%m-%dT%H:%M:%S%z}" for number, at in revoked]
        write_private(self._revoked_file, "\n".join(lines))
        self.renew_lists()

    async def keep_lists_fresh(self) -> None:
        """Until cancelled. A full disk is waited out: the present lists last a day."""
        while True:
            await asyncio.sleep(RENEW_EVERY_SECONDS)
            with suppress(OSError):
                await asyncio.to_thread(self.renew_lists)

    @property
    def _revoked_file(self) -> Path:
        return self._state.folder / "secrets" / "demo-authority" / "revoked"

    def _revoked(self, role: str) -> Sequence[tuple[int, datetime]]:
        if role == "root" or not self._revoked_file.exists():
            return []
        lines = (line.split() for line in self._revoked_file.read_text().splitlines())
        return [(int(serial, 16), datetime.fromisoformat(at)) for serial, at in lines]

    def _holder(self, kind: Kind, role: str) -> Holder:
        name = f"{issuing.DEMO_ROOT} {kind.upper()}" if role == "root" else f"清源演示发证机构 {kind.upper()}"
        key = stored_key(self._state.folder / "secrets" / "demo-authority" / f"{kind}-{role}", kind)
        return Holder(
            name, key, usage=AUTHORITY_USAGE, is_authority=True, path_length=0 if role == "between" else None
        )

    def _keep(self, name: str, holder: Holder, issuer: Holder) -> None:
        path = self.trust / name
        if not path.exists():
            write_bytes(path, issuing.issue(holder, issuer, now() - SLACK, now() + LASTING))


def stored_key(path: Path, kind: Kind) -> SigningKey:
    """The private key of the file, made at the first use."""
    of = Sm2SigningKey if kind == "sm2" else RsaSigningKey
    if not path.exists():
        write_private(path, of.make().text())
    return of.of_text(path.read_text())


def write_bytes(path: Path, content: bytes) -> None:
    """Write atomically: the service reads these files at any moment."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.parent.parent / f"{path.name}.{os.getpid()}.new"
    new.write_bytes(content)
    new.replace(path)
