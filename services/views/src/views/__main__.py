"""`python -m views api | project <model> | all | migrate | rebuild <model> | dead-letters <model> …`"""

import asyncio
import sys

from qingyuan_runtime.health import health
from qingyuan_runtime.operating import operate
from qingyuan_runtime.process import run

from views import main
from views.settings import ViewsSettings


def start(role: str = "all", *rest: str) -> None:
    settings = ViewsSettings()
    match role:
        case "migrate":
            main.migrate(settings)
        case "rebuild" | "dead-letters":
            sys.exit(asyncio.run(operate(main.kept(settings), role, *rest)))
        case _:
            run(main.roles(settings), chosen=" ".join((role, *rest)), beside=health(settings))


if __name__ == "__main__":
    start(*sys.argv[1:])
