"""`python -m accounts api | all | migrate | user …`"""

import sys

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
        run(main.roles(settings), chosen=role)


if __name__ == "__main__":
    start(*sys.argv[1:])
