"""`python -m registry api | relay | worker | erasures | auditor | all | migrate | audit | restored`"""

import sys

from qingyuan_runtime.health import health
from qingyuan_runtime.process import run

from registry import main
from registry.settings import RegistrySettings


def start(role: str, *rest: str) -> None:
    settings = RegistrySettings()
    match role:
        case "migrate":
            main.migrate(settings)
        case "audit":
            sys.exit(main.log_of(settings).audit())
        case "restored":
            main.restored(settings, *map(int, rest))
        case _:
            run(main.roles(settings), chosen=role, beside=health(settings))


if __name__ == "__main__":
    start(*sys.argv[1:] or ["all"])
