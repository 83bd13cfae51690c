"""`python -m tasks api | relay | project places | auditor | all | migrate | audit | restored`"""

import sys

from qingyuan_runtime.process import run

from tasks import main
from tasks.settings import TasksSettings


def start(role: str = "all", *rest: str) -> None:
    settings = TasksSettings()
    match role:
        case "migrate":
            main.migrate(settings)
        case "audit":
            main.log_of(settings).audit()
        case "restored":
            main.log_of(settings).restored()
        case _:
            run(main.roles(settings), chosen=" ".join((role, *rest)))


if __name__ == "__main__":
    start(*sys.argv[1:])
