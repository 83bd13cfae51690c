"""`python -m signoff api | relay | worker | auditor | all | migrate | audit | restored`"""

import sys

from qingyuan_runtime.process import run

from signoff import main
from signoff.settings import SignoffSettings


def start(role: str) -> None:
    settings = SignoffSettings()
    match role:
        case "migrate":
            main.migrate(settings)
        case "audit":
            main.log_of(settings).audit()
        case "restored":
            main.log_of(settings).restored()
        case _:
            run(main.roles(settings), chosen=role)


if __name__ == "__main__":
    start(*sys.argv[1:] or ["all"])
