"""Inspects many mutated files in one isolated process, which must survive them all. Imports no test module."""

from collections import Counter
from pathlib import Path

from files.checking.inspecting import inspect_file
from files.checking.unfit import Limits, Unfit

LIMITS = Limits(pixels=2_000_000, pages=10, json_bytes=10_000, xlsx_bytes=1_000_000)


def inspect_all(folder: str, media_type: str) -> dict[str, int]:
    outcomes = Counter[str]()
    for path in sorted(Path(folder).iterdir()):
        try:
            inspect_file(str(path), media_type, LIMITS)
        except Unfit as unfit:
            outcomes[unfit.code if unfit.sentence.endswith("。") else "no sentence"] += 1
        else:
            outcomes["accepted"] += 1
    return dict(outcomes)
