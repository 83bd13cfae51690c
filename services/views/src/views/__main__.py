"""`python -m views api | project <model> | all | migrate | rebuild register | dead-letters …`"""

import asyncio
import sys

from qingyuan_runtime.process import run, spare_the_collector

from views import main, operating
from views.settings import ViewsSettings


def start(role: str = "all", *rest: str) -> None:
    settings = ViewsSettings()
    match role:
        case "migrate":
            main.migrate(settings)
        case "rebuild":
            spare_the_collector()
            accept = "--accept-differences" in rest
            sys.exit(asyncio.run(operating.rebuild(settings, accept_differences=accept)))
        case "dead-letters":
            command, stream = (*rest, None, None)[:2]
            sys.exit(asyncio.run(operating.letters(settings, command or "list", stream)))
        case _:
            run(main.roles(settings), chosen=" ".join((role, *rest)))


if __name__ == "__main__":
    start(*sys.argv[1:])
