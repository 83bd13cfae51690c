"""`python -m gateway api | all`"""

import sys

from qingyuan_runtime.edge.health import health
from qingyuan_runtime.process.running import run

from gateway import main
from gateway.settings import GatewaySettings


def start(role: str = "all") -> None:
    settings = GatewaySettings()
    health_role = health(settings, ready=lambda: main.listens(settings))
    run(main.roles(settings), chosen=role, beside=health_role)


if __name__ == "__main__":
    start(*sys.argv[1:])
