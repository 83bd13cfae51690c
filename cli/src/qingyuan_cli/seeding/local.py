"""The demo town of the system in a local state folder: its day, and whether it has a history, are kept there."""

import json
import os
from collections.abc import Collection
from datetime import date
from functools import partial
from uuid import UUID

from qingyuan_local.processes import Plan
from qingyuan_local.state import State
from qingyuan_runtime.process.clock import now
from qingyuan_standards.days import local_day

from qingyuan_cli.base import say
from qingyuan_cli.seeding.demo_accounts import LABELS, accounts_in, add_missing
from qingyuan_cli.seeding.refusals import told_in_a_sentence
from qingyuan_cli.seeding.seed import no_history, seed, user_adder
from qingyuan_cli.seeding.servers import require_own_servers

CHOSEN = "demo.json"


def seed_town(system: State, plan: Plan, history: bool) -> None:
    """Create the demo data, or what is still missing of them. Raises `ServersOfOthers` before anything is written, and `NotSeeded`."""
    require_own_servers(system)
    say("建立演示数据")
    today, with_history = choice_of(system, history)
    give = partial(_give_history, system, plan, today) if with_history else no_history
    add_users = user_adder({**os.environ, **plan.env("accounts")}, system.demo_password)
    with told_in_a_sentence():
        seed(plan.url("gateway"), add_users, system.demo_password, say, give)
    (system.folder / "seeded").touch()


def demo_accounts(system: State, plan: Plan, *, add: bool) -> Collection[str]:
    """Names of the demo accounts that a system has. With `add` an older system gets those that it lacks. Raises `NotSeeded`."""
    if not system.seeded:
        return ()
    env = {**os.environ, **plan.env("accounts")}
    with told_in_a_sentence():
        there = accounts_in(env)
        added = add_missing(there, user_adder(env, system.demo_password)) if add else ()
    if added:
        say(f"补上演示账户：{'、'.join(added)}")
    return [name for name in LABELS if name in there or name in added]


def choice_of(system: State, history: bool) -> tuple[date, bool]:
    """The day of the town and whether it has a history, as the first seed has chosen; later ones follow it.

    A town that was seeded before there were histories has none.
    """
    path = system.folder / CHOSEN
    if not path.exists():
        allowed = history and not system.seeded
        today = local_day(now()).isoformat()
        path.write_text(json.dumps({"today": today, "history": allowed}))
    stored = json.loads(path.read_text())
    return date.fromisoformat(stored["today"]), stored["history"]


def _give_history(system: State, plan: Plan, today: date) -> UUID | None:
    from qingyuan_cli.seeding.history.loading import NotOfTheDemo
    from qingyuan_cli.seeding.history.seed import Demo, seed_history

    try:
        return seed_history(Demo(plan, system.demo_password, today), say)
    except NotOfTheDemo:
        say("系统里已有演示以外的数据，不再补演示历史（需要时：qingyuan reset 后重新启动）")
        return None
