"""Reads many workbooks in one isolated process, for the fuzz test. Imports no test module."""

from collections import Counter
from pathlib import Path

from qingyuan_runtime.importing.sizes import Unreadable
from registry.importing.decoding import plain_reading


def read_all(folder: str) -> dict[str, int]:
    """Runs in the isolated process. A panic of the reader is no `Exception`; it is counted here and ends the process in the worker."""
    outcomes = Counter[str]()
    for path in sorted(Path(folder).iterdir()):
        try:
            plain_reading(path.read_bytes())
        except Unreadable as unreadable:
            outcomes["refused" if str(unreadable).endswith("。") else "no sentence"] += 1
        except BaseException as error:
            outcomes[type(error).__name__] += 1
        else:
            outcomes["read"] += 1
    return dict(outcomes)
