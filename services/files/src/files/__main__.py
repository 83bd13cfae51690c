"""`python -m files api | project <model> | all | migrate`"""

import sys

from qingyuan_runtime.process import run

from files import main
from files.settings import FilesSettings


def start(role: str = "all", *rest: str) -> None:
    settings = FilesSettings()
    if role == "migrate":
        main.migrate(settings)
    else:
        run(main.roles(settings), chosen=" ".join((role, *rest)))


if __name__ == "__main__":
    start(*sys.argv[1:])
