"""What was acknowledged, the logs, the topics and the views are compared: all must say the same.

Nothing is compared with itself: acknowledgements come from the clients, facts from the logs, messages from the broker,
versions from the tables of every follower, files from the gateway.
"""

import asyncio
import hashlib
import time
from collections import defaultdict
from dataclasses import dataclass, field

import asyncpg
import httpx
from qingyuan_events import TOPICS
from qingyuan_runtime.topology import WITH_LOG

from chaos.acknowledged import Acknowledged, Record
from chaos.poison import read_all
from chaos.system import System

FOLLOWERS = {
    "registry": (("views", "register"), ("tasks", "places")),
    "tasks": (
        ("views", "work"),
        ("files", "references_tasks"),
        ("signoff", "reaction_confirmations"),
        ("tasks", "reminders"),
    ),
    "signoff": (("views", "confirmations"), ("files", "references_signoff"), ("signoff", "deadlines")),
    "filing": (("files", "references_filing"), ("tasks", "filed")),
    "reports": (("files", "references_reports"), ("reports", "reaction_checks")),
}
"""Whose log is followed where: service and schema of each follower."""


SETTLING_SECONDS = 10.0


@dataclass
class Findings:
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unpublished: list[str] = field(default_factory=list)
    reordered: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    files_lost: list[str] = field(default_factory=list)
    facts: int = 0

    def figures(self) -> dict[str, int]:
        lists = {name: len(found) for name, found in vars(self).items() if isinstance(found, list)}
        return lists | {"facts": self.facts}

    def wrong(self) -> list[str]:
        return [
            f"{name}: {found[:3]}" for name, found in vars(self).items() if isinstance(found, list) and found
        ]


async def check(system: System, record: Record, *, topics: bool = True) -> Findings:
    """Everything that was told, against everything that is. `topics`: what is in the broker is to be complete."""
    found = Findings()
    for service in WITH_LOG:
        mine = [command for command in record.commands if command.service == service]
        facts = await _log(system, service, mine, found)
        if topics:
            await asyncio.to_thread(_topic, system, service, facts, found)
        for follower in FOLLOWERS[service]:
            found.differing += await _differing(system, service, follower)
    await asyncio.to_thread(_files, system, record, found)
    return found


Facts = dict[tuple[str, int], tuple[str, str]]


async def _log(system: System, service: str, told: list[Acknowledged], found: Findings) -> Facts:
    """Each acknowledged command has its facts where its answer said, once."""
    connection = await system.connect(service)
    try:
        rows = await connection.fetch(
            "select stream_id, version, type, data::text as data, meta->>'command_id' as command from events where epoch > 0"
        )
    finally:
        await connection.close()
    ends: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in rows:
        ends[row["command"]].append((row["stream_id"], row["version"]))
    for command in told:
        places = ends.get(str(command.command_id), [])
        if (command.stream, command.version) not in places:
            found.lost.append(f"{command.stream} {command.version}")
        elif len(places) != len(set(places)):
            found.doubled.append(command.stream)
    completed = [row["stream_id"] for row in rows if row["type"] in ONCE_A_STREAM]
    found.doubled += sorted({stream for stream in completed if completed.count(stream) > 1})
    found.facts += len(rows)
    return {(row["stream_id"], row["version"]): (row["type"], row["data"]) for row in rows}


ONCE_A_STREAM = frozenset({"visit.completed.v1", "confirmation.requested.v1", "instrument.registered.v1"})


def _topic(system: System, service: str, facts: Facts, found: Findings) -> None:
    """Every fact is there with the log's bytes, and the first time it is, all before it in its stream have been."""
    topic = next(topic.name for topic in TOPICS if topic.owner == service)
    seen: dict[str, int] = defaultdict(int)
    there: set[tuple[str, int]] = set()
    for message in read_all(system.bootstrap, topic):
        try:
            place = (message.key.decode(), int(message.headers["ce_streamversion"]))
            content = (message.headers["ce_type"].decode(), message.value.decode())
        except (KeyError, ValueError):
            continue
        if facts.get(place) != content:
            continue
        if place[1] > seen[place[0]] + 1:
            found.reordered.append(f"{place[0]} {place[1]} after {seen[place[0]]}")
        seen[place[0]] = max(seen[place[0]], place[1])
        there.add(place)
    found.unpublished += [f"{stream} {version}" for stream, version in sorted(facts.keys() - there)]


async def behind(system: System, service: str, follower: tuple[str, str]) -> list[str]:
    """Streams of which a follower does not know exactly as much as the log."""
    log, place = await system.connect(service), await system.connect(follower[0])
    try:
        held = {
            row["stream_id"]: row["version"]
            for row in await log.fetch("select stream_id, version from streams")
        }
        rows = await place.fetch(f'select stream_id, version from "{follower[1]}".projection_stream')
        letters = await place.fetchval(
            f"select count(*) from \"{follower[1]}\".dead_letter where error not like '%forged%'"
        )
    finally:
        await log.close()
        await place.close()
    known = {row["stream_id"]: row["version"] for row in rows}
    wrong = [
        f"{follower[1]}: {s} at {known.get(s)}, log {held.get(s)}"
        for s in held.keys() | known.keys()
        if held.get(s) != known.get(s)
    ]
    return wrong + ([f"{follower[1]}: {letters} letters"] if letters else [])


async def _differing(system: System, service: str, follower: tuple[str, str]) -> list[str]:
    """What is still so after a while: timers go on writing when nobody is at work, all of them at midnight."""
    end = time.monotonic() + SETTLING_SECONDS
    while (wrong := await behind(system, service, follower)) and time.monotonic() < end:
        await asyncio.sleep(0.25)
    return wrong


async def caught_up(system: System, patience: float) -> float:
    """Seconds until every follower knows all of its log; gives up silently after `patience`: the check will tell."""
    began = time.monotonic()
    for service, followers in FOLLOWERS.items():
        for follower in followers:
            while await _lags(system, service, follower) and time.monotonic() - began < patience:
                await asyncio.sleep(0.25)
    return time.monotonic() - began


async def _lags(system: System, service: str, follower: tuple[str, str]) -> bool:
    try:
        return bool(await behind(system, service, follower))
    except (OSError, asyncpg.PostgresError, TimeoutError):  # servers may only just be coming back
        return True


def _files(system: System, record: Record, found: Findings) -> None:
    """Each file that was said to be stored is given back, byte for byte as its name says."""
    missing = set(record.files)
    for account in ("demo-technician", "demo-enterprise"):
        with httpx.Client(
            base_url=system.stack.url, headers={"Origin": system.stack.url}, trust_env=False
        ) as http:
            body = {"account": account, "password": system.stack.password}
            answer = http.post("/api/session", json=body)
            http.headers["Cookie"] = answer.headers["set-cookie"].partition(";")[0]
            missing -= {sha256 for sha256 in missing if _is_there(http, sha256)}
    found.files_lost = sorted(missing)


def _is_there(http: httpx.Client, sha256: str) -> bool:
    answer = http.get(f"/api/files/{sha256}")
    return answer.status_code == 200 and hashlib.sha256(answer.content).hexdigest() == sha256
