"""`python -m accounts api | sweeper | all | migrate | user …`"""

import sys

from qingyuan_runtime.health import health
from qingyuan_runtime.process import run

from accounts import main, users
from accounts.settings import AccountsSettings


def start(role: str = "all", *rest: str) -> None:
    settings = AccountsSettings()
    if role == "migrate":
        main.migrate(settings)
    elif role == "user":
        sys.exit(users.run(list(rest), settings))
    else:
        run(main.roles(settings), chosen=role, beside=health(settings))


if __name__ == "__main__":
    start(*sys.argv[1:])
