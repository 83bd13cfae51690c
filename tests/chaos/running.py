"""One scenario: people at work, a blow, recovery, rest, and then everything that was said is compared."""

import asyncio
import time
from dataclasses import dataclass

from chaos.acknowledged import Record
from chaos.checking import Findings, caught_up, check
from chaos.load import KINDS, running_load
from chaos.scenarios import Scenario
from chaos.system import System

WARM_SECONDS, AFTER_SECONDS = 3.0, 2.0
RECOVERY_PATIENCE = 60.0
CATCH_UP_PATIENCE = 90.0


@dataclass(frozen=True)
class Outcome:
    """`recovery`: seconds from when everything was back until every kind of person was told yes again."""

    scenario: Scenario
    record: Record
    findings: Findings
    recovery: float
    catch_up: float
    restarted: tuple[str, ...]

    def wrong(self) -> list[str]:
        """What must not be. Empty: the system held."""
        found = self.findings.wrong()
        if self.record.surprises:
            found.append(f"answers: {self.record.surprises[:3]}")
        if self.scenario.same_processes and self.restarted:
            found.append(f"started again: {self.restarted}")
        return found

    def row(self) -> dict[str, object]:
        heard = self.record.heard
        return {
            "scenario": self.scenario.name,
            "acknowledged": heard["acknowledged"],
            "come_again": heard["503"] + heard["429"],
            "no_answer": heard["no answer"],
            "other_answers": len(self.record.surprises),
            "recovery_s": round(self.recovery, 1),
            "catch_up_s": round(self.catch_up, 1),
            "restarted": len(self.restarted),
        } | self.findings.figures()


async def run(system: System, scenario: Scenario) -> Outcome:
    before = system.services()
    async with running_load(system.stack, sessions_may_end=scenario.moved_clock) as load:
        await load.told_yes_since(time.monotonic(), RECOVERY_PATIENCE)
        await asyncio.sleep(WARM_SECONDS)
        for blow in scenario.blows:
            await blow.fall(system)
        back = time.monotonic()
        waits = await load.told_yes_since(back, RECOVERY_PATIENCE)
        await asyncio.sleep(AFTER_SECONDS)
    catch_up = await caught_up(system, CATCH_UP_PATIENCE)
    findings = await check(system, load.record, topics=scenario.complete_topics)
    after = system.services()
    restarted = tuple(name for name, pid in before.items() if after.get(name) != pid)
    slowest = max(waits[kind] for kind in KINDS)
    return Outcome(scenario, load.record, findings, slowest, catch_up, restarted)
