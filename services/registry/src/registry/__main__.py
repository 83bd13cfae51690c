"""`python -m registry api | relay | worker | auditor | all | migrate | audit`"""

import sys

from qingyuan_runtime.process import run

from registry import main
from registry.settings import RegistrySettings


def start(role: str) -> None:
    settings = RegistrySettings()
    if role == "migrate":
        main.migrate(settings)
    elif role == "audit":
        main.audit(settings)
    else:
        run(main.roles(settings), chosen=role)


if __name__ == "__main__":
    start(*sys.argv[1:] or ["all"])
