"""The keys of a checkout's running system: made where they are missing, and one more whenever a person changes them.

A key's name ends with the time at which it was made and comes after those of all others, so the newest signs, whatever
the clock said before or a person called a file. Old ones go on verifying until their files are deleted; every process
notices within seconds. What holds no key, and half of a pair, counts for nothing.
"""

import json
import re
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from joserfc.jwk import OKPKey
from qingyuan_runtime.bus import signing
from qingyuan_runtime.tokens import issuers as issuing
from qingyuan_runtime.topology import ISSUERS, WITH_LOG

from qingyuan_local.state import State, write_private

NEVER: Final = datetime(9000, 1, 1, tzinfo=UTC)
_STAMP: Final = re.compile("[0-9]{8}T[0-9]{6}-[0-9]{9}$")


def log_keys(state: State) -> Path:
    """A folder for each service that has a log, with what its relay signs by; who follows a topic reads it too."""
    folder = state.folder / "secrets" / "log-keys"
    for service in WITH_LOG:
        if not signing.key_files(folder / service):
            fresh_log_key(state, service)
    return folder


def fresh_log_key(state: State, service: str) -> Path:
    others = signing.key_files(state.folder / "secrets" / "log-keys" / service)
    return state.secret_file(f"log-keys/{service}/{_name_after(others)}")


def signing_keys(state: State, issuer: str) -> Path:
    """The private keys of one issuer: for its own processes alone."""
    folder = state.folder / "secrets" / "signing-keys" / issuer
    if not any(folder.glob("*.json")):
        fresh_issuer_key(state, issuer)
    return folder


def trusted_keys(state: State) -> Path:
    """A folder for each issuer with its public keys: for everybody."""
    for issuer in ISSUERS:
        signing_keys(state, issuer)
    return state.folder / "secrets" / "trusted-keys"


def fresh_issuer_key(state: State, issuer: str) -> str:
    """A new pair, the public half first: nobody is told in a voice that is not known yet. Returns its name."""
    folders = [state.folder / "secrets" / folder / issuer for folder in ("trusted-keys", "signing-keys")]
    name = _name_after(path for folder in folders for path in folder.glob("*.json"))
    pair = OKPKey.generate_key("Ed25519")
    for folder, private in zip(folders, (False, True), strict=True):
        write_private(folder / f"{name}.json", json.dumps(pair.as_dict(private=private)))
    return name


def _name_after(others: Iterable[Path]) -> str:
    """The time, and before it what makes it come after the last of the others: the last name is the one that signs."""
    last = max((path.stem for path in others), default="")
    now = time.time_ns()
    fresh = f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime(now // 10**9))}-{now % 10**9:09}"
    return next(name for name in (fresh, _STAMP.sub("", last) + fresh, f"{last}-{fresh}") if name > last)


def fresh_key(state: State, owner: str) -> str:
    """One more key of a log or of an issuer, which signs from now on. Returns its name."""
    keys_of(state, owner)
    return fresh_log_key(state, owner).name if owner in WITH_LOG else fresh_issuer_key(state, owner)


def keys_of(state: State, owner: str) -> dict[str, list[Path]]:
    """The files of each key by the key's name, oldest first: the last one signs. A private half before its public one."""
    found = _found(state, owner)
    last = max((name for name, paths in found.items() if _is_whole(owner, paths)), default="")
    return {name: paths for name, paths in found.items() if name <= last}


def halves_of(state: State, owner: str) -> list[str]:
    """What comes after the key that signs and is no pair: made on a full disk, or on its way from another machine."""
    keys = keys_of(state, owner)
    return [name for name in _found(state, owner) if name not in keys]


def _found(state: State, owner: str) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for path in _files(state, owner):
        found.setdefault(path.stem, []).append(path)
    return dict(sorted(found.items()))


def _files(state: State, owner: str) -> list[Path]:
    """Those that hold a key, as their readers see it."""
    if owner in WITH_LOG:
        return [path for path in signing.key_files(log_keys(state) / owner) if signing.read_key(path)]
    folders = (signing_keys(state, owner), trusted_keys(state) / owner)
    return [path for folder in folders for path in folder.glob("*.json") if issuing.read_key(path)]


def _is_whole(owner: str, paths: list[Path]) -> bool:
    return owner in WITH_LOG or len(paths) == 2


def retire_keys(state: State, owner: str, at: datetime, lasting: timedelta | None) -> list[str]:
    """Delete keys whose successor has signed for `lasting`, all old ones where that is None. Returns their names.

    What they signed is read no more. Halves among them go as well: of a leaked key the public one is what is believed.
    """
    keys = keys_of(state, owner)
    gone = [
        name for name in list(keys)[:-1] if lasting is None or _succeeded(owner, keys, name) + lasting <= at
    ]
    for path in (path for name in gone for path in keys[name]):
        path.unlink()
    return gone


def _succeeded(owner: str, keys: dict[str, list[Path]], old: str) -> datetime:
    """Since when another key signs instead: the next that can."""
    return next(
        made_at(name, paths) for name, paths in keys.items() if name > old and _is_whole(owner, paths)
    )


def made_at(name: str, paths: Iterable[Path]) -> datetime:
    """When a key was made, as its name says, or its files: copying makes these younger, and people give names by hand."""
    written = max(path.stat().st_mtime for path in paths)
    return min(_said(name), datetime.fromtimestamp(written, UTC))


def _said(name: str) -> datetime:
    stamp = _STAMP.search(name)
    try:
        return datetime.strptime(stamp[0][:15] if stamp else "", "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return NEVER
