"""`python -m files api | project <model> | all | migrate | rebuild <model> | dead-letters <model> …`"""

import asyncio
import sys

from qingyuan_runtime.health import health
from qingyuan_runtime.process import run, spare_the_collector

from files import main, operating
from files.settings import FilesSettings


def start(role: str = "all", *rest: str) -> None:
    settings = FilesSettings()
    match role:
        case "migrate":
            main.migrate(settings)
        case "rebuild":
            spare_the_collector()
            sys.exit(asyncio.run(operating.rebuild(settings, *rest)))
        case "dead-letters":
            sys.exit(asyncio.run(operating.letters(settings, *rest)))
        case _:
            run(main.roles(settings), chosen=" ".join((role, *rest)), beside=health(settings))


if __name__ == "__main__":
    start(*sys.argv[1:])
