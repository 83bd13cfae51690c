"""The keys of a checkout's running system: made where they are missing, and one more whenever a person changes them.

A key's name is the time at which it was made, so the newest comes last and signs. Old ones go on verifying until their
files are deleted; every process notices within seconds.
"""

import json
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

from joserfc.jwk import OKPKey
from qingyuan_runtime.topology import ISSUERS, WITH_LOG

from qingyuan_local.state import State, write_private

NEVER: Final = datetime(9000, 1, 1, tzinfo=UTC)


def log_keys(state: State) -> Path:
    """A folder for each service that has a log, with what its relay signs by; who follows a topic reads it too."""
    folder = state.folder / "secrets" / "log-keys"
    for service in WITH_LOG:
        if not any((folder / service).glob("*")):
            fresh_log_key(state, service)
    return folder


def fresh_log_key(state: State, service: str) -> Path:
    return state.secret_file(f"log-keys/{service}/{_name()}")


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
    name, pair = _name(), OKPKey.generate_key("Ed25519")
    for folder, private in (("trusted-keys", False), ("signing-keys", True)):
        path = state.folder / "secrets" / folder / issuer / f"{name}.json"
        write_private(path, json.dumps(pair.as_dict(private=private)))
    return name


def _name() -> str:
    now = time.time_ns()
    return f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime(now // 10**9))}-{now % 10**9:09}"


def fresh_key(state: State, owner: str) -> str:
    """One more key of a log or of an issuer, which signs from now on. Returns its name."""
    keys_of(state, owner)
    return fresh_log_key(state, owner).name if owner in WITH_LOG else fresh_issuer_key(state, owner)


def keys_of(state: State, owner: str) -> dict[str, list[Path]]:
    """The files of each key by the key's name, oldest first: the last one signs. A private half before its public one."""
    folders = [log_keys(state) / owner]
    if owner in ISSUERS:
        folders = [signing_keys(state, owner), trusted_keys(state) / owner]
    found: dict[str, list[Path]] = {}
    for folder in folders:
        for path in folder.glob("*.json" if owner in ISSUERS else "*"):
            if owner in ISSUERS or "." not in path.name:  # else half-written
                found.setdefault(path.stem, []).append(path)
    return dict(sorted(found.items()))


def retire_keys(state: State, owner: str, at: datetime, lasting: timedelta) -> list[str]:
    """Delete keys whose successor has signed for `lasting`: what they signed is read no more. Returns their names."""
    keys = keys_of(state, owner)
    gone = [old for old, newer in pairwise(keys) if made_at(newer) + lasting <= at]
    for path in (path for name in gone for path in keys[name]):
        path.unlink()
    return gone


def made_at(name: str) -> datetime:
    """When a key was made, which its name says; of a name that does not say it, never."""
    try:
        return datetime.strptime(name[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return NEVER
