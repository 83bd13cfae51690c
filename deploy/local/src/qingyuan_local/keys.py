"""The signing keys of a checkout's system: created where they are missing, rotated and retired on request.

The name of a key ends with the time of its creation and sorts after all others, so the newest key signs, even if the
clock was wrong before or a user has renamed files. Old keys verify until their files are deleted, which every process
notices within seconds. Files without a usable key and incomplete pairs are ignored.
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
from qingyuan_runtime.tokens import issuers
from qingyuan_runtime.topology import ISSUERS, WITH_LOG

from qingyuan_local.state import State, write_private

NEVER: Final = datetime(9000, 1, 1, tzinfo=UTC)
_STAMP: Final = re.compile("[0-9]{8}T[0-9]{6}-[0-9]{9}$")


def log_keys(state: State) -> Path:
    """A folder for each service with a log, with the keys of its relay. Followers of the topic read it, too."""
    folder = state.folder / "secrets" / "log-keys"
    for service in WITH_LOG:
        if not signing.key_files(folder / service):
            fresh_log_key(state, service)
    return folder


def fresh_log_key(state: State, service: str) -> Path:
    others = signing.key_files(state.folder / "secrets" / "log-keys" / service)
    return state.secret_file(f"log-keys/{service}/{_name_after(others)}")


def signing_keys(state: State, issuer: str) -> Path:
    """The private keys of one issuer, only for its own processes."""
    folder = state.folder / "secrets" / "signing-keys" / issuer
    if not any(folder.glob("*.json")):
        fresh_issuer_key(state, issuer)
    return folder


def trusted_keys(state: State) -> Path:
    """A folder for each issuer with its public keys, for all services."""
    for issuer in ISSUERS:
        signing_keys(state, issuer)
    return state.folder / "secrets" / "trusted-keys"


def fresh_issuer_key(state: State, issuer: str) -> str:
    """Create a pair and return its name. The public key is written first, so that it is known before the private one signs."""
    folders = [state.folder / "secrets" / folder / issuer for folder in ("trusted-keys", "signing-keys")]
    name = _name_after(path for folder in folders for path in folder.glob("*.json"))
    pair = OKPKey.generate_key("Ed25519")
    for folder, private in zip(folders, (False, True), strict=True):
        write_private(folder / f"{name}.json", json.dumps(pair.as_dict(private=private)))
    return name


def _name_after(others: Iterable[Path]) -> str:
    """A name with the present time that sorts after all others, with a prefix if necessary."""
    last = max((path.stem for path in others), default="")
    now = time.time_ns()
    stamp = f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime(now // 10**9))}-{now % 10**9:09}"
    return next(name for name in (stamp, _STAMP.sub("", last) + stamp, f"{last}-{stamp}") if name > last)


def fresh_key(state: State, owner: str) -> str:
    """Create another key of a log or of an issuer, which signs from now on. Returns its name."""
    keys_of(state, owner)
    return fresh_log_key(state, owner).name if owner in WITH_LOG else fresh_issuer_key(state, owner)


def keys_of(state: State, owner: str) -> dict[str, list[Path]]:
    """The files of each key by its name, oldest first; the last key signs. Of a pair the private key comes first."""
    by_name = _by_name(state, owner)
    last = max((name for name, paths in by_name.items() if _is_complete(owner, paths)), default="")
    return {name: paths for name, paths in by_name.items() if name <= last}


def halves_of(state: State, owner: str) -> list[str]:
    """Incomplete pairs newer than the signing key: created on a full disk, or being copied from another machine."""
    keys = keys_of(state, owner)
    return [name for name in _by_name(state, owner) if name not in keys]


def _by_name(state: State, owner: str) -> dict[str, list[Path]]:
    by_name: dict[str, list[Path]] = {}
    for path in _files(state, owner):
        by_name.setdefault(path.stem, []).append(path)
    return dict(sorted(by_name.items()))


def _files(state: State, owner: str) -> list[Path]:
    """The files with a usable key, by the same check as in the services."""
    if owner in WITH_LOG:
        return [path for path in signing.key_files(log_keys(state) / owner) if signing.read_key(path)]
    folders = (signing_keys(state, owner), trusted_keys(state) / owner)
    return [path for folder in folders for path in folder.glob("*.json") if issuers.read_key(path)]


def _is_complete(owner: str, paths: list[Path]) -> bool:
    return owner in WITH_LOG or len(paths) == 2


def retire_keys(state: State, owner: str, at: datetime, lasting: timedelta | None) -> list[str]:
    """Delete keys whose successor has signed for `lasting`, or all old ones if that is None. Returns their names.

    `lasting` is how long signed content is read, so nothing signed with these keys is needed any more. Incomplete pairs are deleted as well, since services accept tokens by the
    public key alone, and the private one may have leaked.
    """
    keys = keys_of(state, owner)
    retired = [
        name
        for name in list(keys)[:-1]
        if lasting is None or _succeeded_at(owner, keys, name) + lasting <= at
    ]
    for path in (path for name in retired for path in keys[name]):
        path.unlink()
    return retired


def _succeeded_at(owner: str, keys: dict[str, list[Path]], old: str) -> datetime:
    """When the next complete key was created, which signs since then."""
    return next(
        made_at(name, paths) for name, paths in keys.items() if name > old and _is_complete(owner, paths)
    )


def made_at(name: str, paths: Iterable[Path]) -> datetime:
    """When a key was created: the earlier of the times in its name and of its files.

    Files that were copied look newer than they are, and users may have given a key any name.
    """
    written = max(path.stat().st_mtime for path in paths)
    return min(_time_in(name), datetime.fromtimestamp(written, UTC))


def _time_in(name: str) -> datetime:
    stamp = _STAMP.search(name)
    try:
        return datetime.strptime(stamp[0][:15] if stamp else "", "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return NEVER
