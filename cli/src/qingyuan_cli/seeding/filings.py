"""The demo operators file themselves: the first is filed and has handed in a change since, the second waits for its review."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID, uuid5

from qingyuan_runtime.edge.http import new_id

from qingyuan_cli.seeding.client import Client, Json, sent_key
from qingyuan_cli.seeding.history import filing_contents as contents
from qingyuan_cli.seeding.history import pictures
from qingyuan_cli.seeding.history.filing_contents import Entry
from qingyuan_cli.seeding.history.pictures import Drawing
from qingyuan_cli.seeding.identities import id_of
from qingyuan_cli.seeding.refusals import Refusal

Say = Callable[[str], None]
UPLOADS_AT_ONCE: Final = 4
MANAGER: Final = "demo-operator"
BEGUN_BY_ITS_USERS: Final = "filing.exists"
DONE_BEFORE: Final = "idempotency-key.reused"
"""The same command, with the files service's word or the day of another try."""


@dataclass(frozen=True)
class Desk:
    """The manager of an operator at its filing."""

    client: Client
    operator: str
    today: date
    password: str

    @property
    def operator_id(self) -> UUID:
        return id_of(f"operator {self.operator}")

    def key(self, what: str) -> str:
        return f"filing {self.operator} {what}"

    def send(self, path: str, body: Json, what: str) -> None:
        _once(self.client, path, body, self.key(what))

    def has_handed_in(self, number: int) -> bool:
        """Where a view is behind, the commands are sent once more under their keys, which changes nothing."""
        path = f"/views/filings/{self.operator_id}"
        return self.client.exists(path) and bool(self.client.get(path)["number"] >= number)


def seed_filings(first: Desk, second: Desk, city: Client, say: Say) -> None:
    """Running it again changes nothing. A filing that was begun by the users of an operator is theirs.

    So is that of the history, where the first operator was filed long ago.
    """
    say("演示备案")
    if not first.has_handed_in(2) and _begin(first):
        _file_and_change(first, city)
    if not second.has_handed_in(1) and _begin(second):
        _hand_in(second, contents.entries_of_the_second(_accounts(second), second.today))


def _begin(desk: Desk) -> bool:
    try:
        desk.send("/filing/filing", {}, "begun")
    except Refusal as refusal:
        if refusal.code == BEGUN_BY_ITS_USERS:
            return False
        raise
    return True


def _file_and_change(desk: Desk, city: Client) -> None:
    accounts = _accounts(desk)
    entries = contents.entries_of_the_first(accounts, desk.today)
    stored = _hand_in(desk, entries)
    _review(desk, city)
    resource_id = _resource_id(UUID(accounts[MANAGER]), desk.key(entries[0].key))
    promoted = contents.promoted(entries[0], stored, desk.today)
    desk.send(f"/filing/resources/{resource_id}/correction", promoted, "promoted")
    desk.send("/filing/filing/submission", {}, "submission 2")


def _accounts(desk: Desk) -> dict[str, str]:
    return {each["name"]: each["id"] for each in desk.client.get("/colleagues")["items"]}


def _hand_in(desk: Desk, entries: list[Entry]) -> dict[str, Json]:
    """All that the operator files, submitted. Returns the stored files by their names."""
    of_basics = contents.basics_scans(desk.operator).values()
    scans = [scanned.scan for entry in entries for scanned in entry.papers]
    signature = pictures.signature(desk.operator)
    stored = _uploaded(desk.client, (*of_basics, *scans, *signature.values()))
    evidence = {"evidence": desk.client.evidence(files=list(stored.values()))}
    basics = contents.basics_body(desk.operator, stored, desk.today)
    desk.send("/filing/filing/basics", basics | evidence, "basics")
    signed = {part: stored[drawing.name] for part, drawing in signature.items()}
    desk.send(
        "/filing/filing/undertaking", _undertaking(desk) | {"signature": signed} | evidence, "undertaking"
    )
    for entry in entries:
        desk.send("/filing/resources", entry.body(stored, desk.today) | evidence, entry.key)
    desk.send("/filing/filing/submission", {}, "submission 1")
    return stored


def _undertaking(desk: Desk) -> Json:
    """The text of today, with the password once more."""
    text = desk.client.get("/filing/options")["undertaking"]
    given = {"password": desk.password, "over": [text["sha256"]]}
    return {"version": text["version"], "second_factor": desk.client.post("/second-factor", given)["token"]}


def _uploaded(client: Client, drawings: Iterable[Drawing]) -> dict[str, Json]:
    """Several at once, since most of the time of an upload is waiting."""

    def send(drawing: Drawing) -> tuple[str, Json]:
        return drawing.name, client.upload(drawing.content, drawing.media_type, drawing.name)

    with ThreadPoolExecutor(UPLOADS_AT_ONCE) as uploads:
        return dict(uploads.map(send, drawings))


def _review(desk: Desk, city: Client) -> None:
    number: Json = {"number": 1}
    passed = number | {"passed": True}
    path = f"/filing/filings/{desk.operator_id}"
    for opening, step in (("opening", "first-review"), ("second opening", "second-review")):
        _once(city, f"{path}/opening", number, desk.key(opening))
        _once(city, f"{path}/{step}", passed, desk.key(step))


def _once(client: Client, path: str, body: Json, key: str) -> None:
    """What was done under this key before stays as it is."""
    try:
        client.command(path, body, key=key)
    except Refusal as refusal:
        if refusal.code != DONE_BEFORE:
            raise


def _resource_id(account: UUID, key: str) -> UUID:
    """What the service calls a resource that this account has added under this key."""
    return new_id(uuid5(account, sent_key(key)), "resource")
