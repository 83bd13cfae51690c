"""Reports that are mostly whole, lie near the edges of bands and limits, or are broken: for tests that let two programs check them."""

from decimal import Decimal
from random import Random
from typing import Any

from qingyuan_standards.rules import Refused, catalogue, check
from random_tests import LEVELS, OFF, Json, a_test, minute, near, number

KINDS = [
    ("verification", "HJ 75-2017"),
    ("acceptance", "HJ 75-2017"),
    ("commissioning", "HJ 75-2017"),
    ("supervisory_comparison", "HJ 75-2017"),
    ("quality_control", "HJ 75-2017"),
    ("sample_comparison", "HJ 355-2019"),
    ("sample_comparison", "HJ 355-2019"),
    ("flow_comparison", "HJ 355-2019"),
    ("quality_control", "HJ 355-2019"),
    ("trueness_check", "HJ 1286-2023"),
    ("quality_control", "HJ 1286-2023"),
    ("acceptance", "环办执法〔2019〕64号"),
]
FACTORS = {
    "HJ 75-2017": ["a21026", "a21026", "a21002", "a21005", "a19001", "a34013", "a01011", "a01012", "a01014"],
    "HJ 355-2019": ["w01018", "w01018", "w21003", "w21011", "w21001", "w01001", "w01010", "w00000", "w01020"],
    "HJ 1286-2023": ["a24088"],
    "环办执法〔2019〕64号": ["w01018", "a21026"],
}
UNITS = {
    "a01011": ["m/s"],
    "a01012": ["℃", "°C"],
    "a01014": ["%", "％"],
    "a19001": ["%"],
    "w01001": ["无量纲", "pH", ""],
    "w01010": ["℃"],
    "w00000": ["L/s", "m3/h", "L", "m³"],
    "a34013": ["mg/m³", "mg/m3", "g/m³"],
}
OF_GASES, OF_WATER = ["mg/m³", "mg/m3", "µmol/mol", "ppm", "μmol/mol", "g/m³"], ["mg/L", "µg/L", "mg/L"]
BROKEN: list[Any] = [
    *(
        "",
        " ",
        "\u3000",
        "８１２．５",
        "1e3",
        "1,5",
        "1，234.5",
        "01",
        ".5",
        "1.",
        "+1",
        "-3",
        "1\n",
        "NaN",
        "12 mg",
        "--1",
    ),
    *(
        "1.1234567",
        "1234567890",
        "1234567890123.5",
        "十二",
        "x" * 101,
        "\ud800",
        "1\udfff𠮷\\ud800",
        "𠮷" * 101,
        "{}",
        "2026-02-29T09:00",
        "2026-11-03T24:00",
    ),
    *(None, True, False, 0, 7, [], {}, ["1"], {"a": "1"}, [[]], [None], [{}] * 3),
]
NAMES = ["surprise", "constructor", "toString", "__proto__", "0", "a/b", "~", "栏", "𠮷"]


def pair(level: Decimal, bias: Decimal, random: Random) -> Json:
    reference = (
        near(level, random)
        if random.random() < 0.3
        else level * (1 + Decimal(random.randrange(-20, 20)) / 1000)
    )
    measured = reference * (1 + bias) + Decimal(random.randrange(-30, 30)) / 20
    found: Json = {"reference": number(reference, random), "measured": number(abs(measured), random)}
    if random.random() < 0.2:
        found["parallels"] = [
            number(reference * Decimal(f), random) for f in ("0.99", "1.01", "1")[: random.choice([2, 3])]
        ]
        if random.random() < 0.6:
            del found["reference"]
    if random.random() < 0.4:
        found |= (
            {"from": minute(random)}
            if random.random() < 0.5
            else dict(zip(("from", "to"), sorted([minute(random), minute(random)]), strict=True))
        )
    if random.random() < 0.06:
        found |= random.choice(
            [
                {"substitute": True},
                {"excluded": "停机"},
                {"excluded": " "},
                {"measured": found["measured"] + "000"[:3]},
            ]
        )
    return found


def parting(random: Random) -> Json:
    """Above and below the edge of two bands, off by what one of them allows: two readings of the standard part ways."""
    laboratory = [Decimal(random.randrange(560, 660)) / 10 for _ in range(random.choice([3, 3, 4, 5]))]
    pairs = [{"reference": str(value), "measured": f"{value * Decimal('1.21'):.1f}"} for value in laboratory]
    return {"factor": "w01018", "unit": "mg/L", "pairs": pairs}


def factor(code: str, basis: str, random: Random) -> Json:
    unit = random.choice(UNITS.get(code, OF_WATER if code.startswith("w") else OF_GASES))
    level, bias = Decimal(random.choice(LEVELS)), Decimal(random.choice(OFF)) * random.choice([-1, 1])
    count = random.choice([0, 1, 2, 3, 3, 4, 5, 6, 9, 9, 9, 9, 12, 40])
    found: Json = {"factor": code, "unit": unit}
    if count:
        found["pairs"] = [pair(level, bias, random) for _ in range(count)]
    if not count or random.random() < 0.3:
        found["tests"] = [a_test(random) for _ in range(random.choice([1, 2, 4]))]
    if random.random() < 0.5:
        found["instrument"] = {
            "range": random.choice(["100", "99.9", "1000"]),
            "unit": random.choice([unit, "µmol/mol"]),
        }
        found["instrument"] |= random.choice(
            [{}, {"no2": "none"}, {"no2": "converted"}, {"principle": "extractive"}, {"principle": "nmhc"}]
        )
    if random.random() < 0.3:
        found["emission_limit"] = random.choice(["49", "50", "80"])
    if random.random() < 0.3:
        found["conclusion"] = random.choice(["pass", "fail", "not_judged"])
    if random.random() < 0.1:
        found |= {"convention": "reference_minus_measured", "basis": basis}
    return found


def report(random: Random) -> Any:
    doc_type, basis = random.choice(KINDS)
    codes = random.sample(
        FACTORS[basis], k=random.choice([1, 1, 2, len(FACTORS[basis])]) if len(FACTORS[basis]) > 2 else 1
    )
    document: Json = {
        "document": "report.v1",
        "doc_type": doc_type,
        "basis": basis,
        "performed": {
            "from": "2026-11-03T00:00",
            "to": random.choice(["2026-11-03T17:20", "2026-11-04T23:59"]),
        },
        "points": [
            {
                "id": "DA001-1",
                "about": {
                    "序号": random.choice(["Ａ-1", "\ud800\\ud800", "\udfff𠮷\ud800\ud801", "\\\udc01"])
                },
                "factors": [factor(code, basis, random) for code in dict.fromkeys(codes)],
            }
        ],
    }
    if doc_type == "sample_comparison" and random.random() < 0.6:
        document["points"][0]["factors"] = [parting(random)]
    if random.random() < 0.1:
        document["points"].append({"id": "2", "factors": [dict(document["points"][0]["factors"][0])]})
    if random.random() < 0.2:
        document["conclusion"] = random.choice(["pass", "fail"])
    if random.random() < 0.1:
        rules = [rule.id for rule in catalogue().rules]
        document["exemptions"] = [
            {
                "rule": random.choice(rules),
                "from": "2026-01-01",
                "to": random.choice(["2026-12-31", "2026-02-01"]),
                "reason": "批准",
            }
            for _ in range(40)
        ]
    if random.random() < 0.6:
        state(document, random)
    if random.random() < 0.15:
        spoil(document, random)
    return document


def state(document: Json, random: Random) -> None:
    """Has the report state what follows from its numbers: right, of the other sign, off by a little or by more."""
    try:
        verdict = check(document, catalogue()).as_json()
    except Refused:
        return
    every = [each for point in document["points"] for each in point["factors"]]
    for typed, computed in zip(every, verdict["factors"], strict=True):
        figures = {name: Decimal(figure["value"]) for name, figure in computed["figures"].items()}
        typed["reported"] = {
            name: stated(value, random) for name, value in figures.items() if random.random() < 0.5
        }


def stated(value: Decimal, random: Random) -> str:
    digits = random.choice([0, 1, 2, 4])
    rounded = value.quantize(Decimal(1).scaleb(-digits)) * random.choice([1, 1, 1, -1])
    return f"{rounded + random.choice([0, 0, 0, 1, 3]) * Decimal(1).scaleb(-digits):f}"


def spoil(document: Any, random: Random) -> None:
    """Breaks one place, as deep as chance has it."""
    owner, below = document, document
    while isinstance(below, dict | list) and below and random.random() < 0.85:
        owner = below
        key = random.choice(list(owner)) if isinstance(owner, dict) else random.randrange(len(owner))
        below = owner[key]
    if owner is below or random.random() < 0.1:
        document[random.choice(NAMES)] = "1"
    elif random.random() < 0.2 and isinstance(owner, dict):
        del owner[key]
    else:
        owner[key] = random.choice(BROKEN)
