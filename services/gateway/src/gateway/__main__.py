"""`python -m gateway api | all`"""

import sys

from qingyuan_runtime.process import run

from gateway import main
from gateway.settings import GatewaySettings


def start(role: str = "all") -> None:
    run(main.roles(GatewaySettings()), chosen=role)


if __name__ == "__main__":
    start(*sys.argv[1:])
