"""Whom certificates are believed from: roots, authorities below them and revocation lists, as files in a folder.

    roots/*.pem|cer|crt|der    between/*    lists/*.crl|pem|der

They are read again when a file is added, changed or taken away, so a new list needs no restart.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import structlog
from qingyuan_certificates.certificate import Certificate, read
from qingyuan_certificates.issuing import is_of_the_demo
from qingyuan_certificates.refusals import CertificateRefused
from qingyuan_certificates.revocation import Policy, newest_list, read_list
from qingyuan_certificates.verifying import Trust

from accounts.settings import AccountsSettings

Content = TypeVar("Content")
log = structlog.get_logger()


class TrustFiles:
    def __init__(self, settings: AccountsSettings) -> None:
        self._folder = settings.certificate_trust_dir
        self._policy = Policy(
            timedelta(hours=settings.certificate_list_grace_hours), settings.certificate_without_list
        )
        self._demo = settings.certificate_demo_roots
        self._state: tuple[object, ...] = ("never read",)
        self._trust = Trust([])

    def trust(self) -> Trust:
        state = tuple(self._stamps())
        if state != self._state:
            self._trust, self._state = self._read(), state
        return self._trust

    def _stamps(self) -> Iterator[tuple[str, int, int]]:
        for path in self._files("*"):
            stat = path.stat()
            yield str(path), stat.st_mtime_ns, stat.st_size

    def _files(self, part: str) -> list[Path]:
        return (
            sorted(path for path in self._folder.glob(f"{part}/*") if path.is_file()) if self._folder else []
        )

    def _read(self) -> Trust:
        roots = [root for root in self._contents("roots", read) if self._demo or not self._is_demo(root)]
        return Trust(
            roots,
            list(self._contents("between", read)),
            list(self._contents("lists", read_list)),
            self._policy,
        )

    def _contents(self, part: str, of: Callable[[bytes], Content]) -> Iterator[Content]:
        """A file that cannot be read is left out and told; the others go on to be believed."""
        for path in self._files(part):
            try:
                yield of(path.read_bytes())
            except CertificateRefused as refused:
                log.error("trust file not read", file=str(path), why=refused.sentence)

    def _is_demo(self, root: Certificate) -> bool:
        if not is_of_the_demo(root):
            return False
        log.error("demo root refused", serial=root.serial)
        return True


@dataclass(frozen=True, slots=True)
class Standing:
    """One authority that is believed, and how old the newest revocation list is that it has signed."""

    name: str
    serial: str
    is_root: bool
    is_demo: bool
    valid_to: datetime
    list_made_at: datetime | None
    list_next_at: datetime | None
    list_overdue: bool


def standing(trust: Trust, at: datetime) -> list[Standing]:
    """For whoever has to see what is believed: roots first. A list that its authority did not sign counts for nothing."""
    return [
        *(_standing(root, trust, at, is_root=True) for root in trust.roots),
        *(_standing(between, trust, at, is_root=False) for between in trust.intermediates),
    ]


def _standing(authority: Certificate, trust: Trust, at: datetime, *, is_root: bool) -> Standing:
    newest = newest_list(authority, trust.lists, at)
    due = newest.next_at if newest else None
    return Standing(
        authority.parsed.subject.rfc4514_string(),
        authority.serial,
        is_root,
        is_of_the_demo(authority),
        authority.valid_to,
        newest.made_at if newest else None,
        due,
        due is None or at > due,
    )
