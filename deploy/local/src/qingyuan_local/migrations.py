"""`python -m qingyuan_local.migrations`: runs `migrate` of every service, one after the other in one process.

The tables of all come first: followers read the logs of other services, and two services may follow each other. A process
for each service would load the same libraries every time. Reads JSON on stdin: [[service, {variable: value}], …].
"""

import json
import os
import runpy
import sys


def main() -> None:
    services = json.load(sys.stdin)
    for arguments in (("migrate", "tables"), ("migrate",)):
        for service, env in services:
            _run(service, env, *arguments)


def _run(service: str, env: dict[str, str], *arguments: str) -> None:
    """With these variables alone: what one service is told another must not find."""
    before = dict(os.environ)
    os.environ.update(env)
    sys.argv = [service, *arguments]
    try:
        runpy.run_module(service, run_name="__main__", alter_sys=True)
    finally:
        os.environ.clear()
        os.environ.update(before)


if __name__ == "__main__":
    main()
