"""`python -m views api | project <model> | all | migrate | rebuild <model> | dead-letters <model> …`"""

import asyncio
import sys
from collections.abc import Sequence

from qingyuan_runtime.health import health
from qingyuan_runtime.process import run, spare_the_collector

from views import main, operating
from views.models import MODELS
from views.settings import ViewsSettings


def start(role: str = "all", *rest: str) -> None:
    settings = ViewsSettings()
    match role:
        case "migrate":
            main.migrate(settings)
        case "rebuild":
            spare_the_collector()
            model, more = _model(rest)
            accept = "--accept-differences" in more
            sys.exit(asyncio.run(operating.rebuild(settings, model, accept_differences=accept)))
        case "dead-letters":
            model, more = _model(rest)
            command, stream = (*more, None, None)[:2]
            sys.exit(asyncio.run(operating.letters(settings, model, command or "list", stream)))
        case _:
            run(main.roles(settings), chosen=" ".join((role, *rest)), beside=health(settings))


def _model(rest: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The model a command names first, and the rest of the command."""
    model, *more = rest or ("",)
    if model not in MODELS:
        operating.say(f"请指明读模型：{'、'.join(MODELS)}。")
        sys.exit(2)
    return model, more


if __name__ == "__main__":
    start(*sys.argv[1:])
