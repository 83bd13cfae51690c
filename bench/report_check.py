"""The check of one report with 12 factors of 9 pairs each: CPU time, from the parsed JSON to the verdict's JSON.

Needs no servers: `python -m bench.report_check`.
"""

import asyncio
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from qingyuan_standards.rules import catalogue, check, problems_of

from bench.servers import Servers, percentiles, say

FACTORS = {
    "a21026": "mg/m³",
    "a21002": "mg/m³",
    "a19001": "%",
    "a34013": "mg/m³",
    "a01011": "m/s",
    "a01012": "℃",
    "a01014": "%",
    "a21001": "mg/m³",
    "a21018": "mg/m³",
    "a21022": "mg/m³",
    "a21028": "mg/m³",
    "a24088": "mg/m³",
}
PAIRS = 9
TIMES = 400


def report() -> dict[str, Any]:
    """Every factor passes by its own numbers, and states figures that agree."""
    factors = [_factor(number, code, unit) for number, (code, unit) in enumerate(FACTORS.items())]
    return {
        "document": "report.v1",
        "doc_type": "verification",
        "basis": "HJ 75-2017",
        "performed": {"from": "2026-11-03T08:00", "to": "2026-11-03T18:00"},
        "conclusion": "pass",
        "points": [{"id": "DA001-1", "factors": factors}],
    }


def _factor(number: int, code: str, unit: str) -> dict[str, Any]:
    level = 100 + number
    pairs = [
        {
            "from": f"2026-11-03T{9 + at // 2:02}:{at % 2 * 30:02}",
            "to": f"2026-11-03T{9 + at // 2:02}:{at % 2 * 30 + 20:02}",
            "reference": f"{level + at}.5",
            "measured": f"{level + at + 1 + at % 3}.0",
        }
        for at in range(PAIRS)
    ]
    mean = sum(Decimal(pair["reference"]) for pair in pairs) / PAIRS
    return {
        "factor": code,
        "unit": unit,
        "basis": "HJ 1286-2023" if code == "a24088" else "HJ 75-2017",
        "emission_limit": "120",
        "instrument": {"principle": "extractive", "range": "1000", "unit": unit},
        "pairs": pairs,
        "reported": {"pairs": str(PAIRS), "reference_mean": f"{mean:.2f}"},
        "conclusion": "pass",
    }


def cpu_seconds(once: Callable[[], Any]) -> list[float]:
    took = []
    for _ in range(TIMES):
        began = time.process_time()
        once()
        took.append(time.process_time() - began)
    return took


def measure() -> None:
    document, rules = report(), catalogue()
    verdict = check(document, rules)
    assert not verdict.findings, verdict.findings
    for what, once in (
        ("read", lambda: problems_of(document)),
        ("check", lambda: check(document, rules)),
        ("check and JSON", lambda: check(document, rules).as_json()),
    ):
        took = cpu_seconds(once)
        figures = {"min_ms": round(min(took) * 1000, 2), **percentiles(took)}
        say(
            "report check",
            what,
            n=TIMES,
            factors=len(FACTORS),
            pairs=PAIRS,
            rules=len(verdict.judged),
            **figures,
        )


async def run(_servers: Servers) -> None:
    await asyncio.to_thread(measure)


if __name__ == "__main__":
    measure()
