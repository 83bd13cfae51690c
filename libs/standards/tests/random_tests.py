"""Numbers near the edges of bands and limits, and items of testing made of them."""

from decimal import Decimal
from random import Random
from typing import Any

Json = dict[str, Any]
LEVELS = [
    "0",
    "1.5",
    "2",
    "5",
    "5.0",
    "8",
    "10",
    "20",
    "25",
    "30",
    "50",
    "57",
    "60",
    "100",
    "143",
    "200",
    "250",
    "500",
    "715",
    "900",
]
OFF = ["0", "0.001", "0.004", "0.02", "0.05", "0.1", "0.12", "0.15", "0.2", "0.25", "0.3", "0.4"]


def number(value: Decimal, random: Random) -> str:
    text = f"{value.quantize(Decimal(1).scaleb(-random.choice([0, 1, 1, 2, 3, 6]))):f}"
    if random.random() < 0.01:
        return text.translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))
    return f" {text}" if random.random() < 0.01 else text


def near(level: Decimal, random: Random) -> Decimal:
    sign, off = random.choice([-1, 1]), Decimal(random.choice(OFF))
    return level * (1 + sign * off * Decimal(random.choice(["1", "1", "0.99", "1.01", "0.5"])))


def some(random: Random) -> str:
    return number(abs(near(Decimal(random.choice(LEVELS)), random)), random)


def minute(random: Random) -> str:
    return f"2026-11-0{random.choice('33334')}T{random.randrange(24):02d}:{random.choice(['00', '15', '30'])}"


TESTS: dict[str, Any] = {
    "zero_drift": lambda r: (
        {"before": number(Decimal(r.randrange(-40, 60)) / 2, r), "after_last": "0.5"}
        | r.choice([{}, {"range": "200"}])
    ),
    "span_drift": lambda r: {"before": some(r), "after_last": some(r)} | r.choice([{}, {"range": "1000"}]),
    "indication_error": lambda r: {
        "gas": "200",
        "readings": [number(near(Decimal(200), r), r) for _ in range(3)],
    },
    "response_time": lambda r: {
        "repeats": [{"transport": some(r), "rise": some(r)} for _ in range(r.choice([1, 3]))]
    },
    "analysis_cycle": lambda r: {"minutes": r.choice(["2", "3", "3.1"])},
    "converter_efficiency": lambda r: {"percent": r.choice(["94.9", "95", "96.25"])},
    "velocity_field": lambda r: {
        "sets": [
            {
                name: number(near(Decimal(12), r), r)
                for name in ("reference_area", "area", "reference_velocity", "velocity")
            }
            for _ in range(r.choice([1, 2, 5]))
        ]
    },
    "correlation": lambda r: {
        "pairs": [{"reference": some(r), "measured": some(r)} for _ in range(r.choice([1, 5, 15]))]
    },
    "k_coefficient": lambda r: {
        "pairs": [{"reference": some(r), "measured": some(r)} for _ in range(r.choice([1, 5]))]
    },
    "qc_sample": lambda r: {"standard": "50", "measured": number(near(Decimal(50), r), r)},
    "level": lambda r: (
        {
            "pairs": [
                {"reference": "300", "measured": number(Decimal(300) + r.randrange(-14, 15), r)}
                for _ in range(r.choice([3, 6]))
            ]
        }
        | r.choice([{}, {"unit": "cm"}, {"unit": "mm"}])
    ),
    "cumulative_flow": lambda r: (
        {"reference": "100", "measured": number(near(Decimal(100), r), r)} | r.choice([{}, {"minutes": "10"}])
    ),
    "oxygen_folding": lambda r: {
        "value": some(r),
        "oxygen": r.choice(["6.2", "20.9", "21"]),
        "oxygen_reference": "9",
    },
    "mass_concentration": lambda r: {"value": some(r)},
    "dry_basis": lambda r: {"value": some(r), "moisture": r.choice(["8.5", "100"])},
    "standard_state": lambda r: {
        "value": some(r),
        "pressure": "101100",
        "temperature": r.choice(["120", "-273", "-5.5"]),
    },
}


def a_test(random: Random) -> Json:
    kind = random.choice(list(TESTS))
    more: Json = {"test": kind, **TESTS[kind](random)}
    if random.random() < 0.5:
        more["at"] = minute(random)
    if random.random() < 0.3:
        more["reported"] = some(random)
    return more
