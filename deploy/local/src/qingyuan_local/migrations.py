"""`python -m qingyuan_local.migrations`: runs `migrate` of every service, one after the other in one process.

A process for each service would load the same libraries every time. Reads JSON on stdin: [[service, {variable: value}], …].
"""

import json
import os
import runpy
import sys


def main() -> None:
    for service, env in json.load(sys.stdin):
        os.environ.update(env)
        sys.argv = [service, "migrate"]
        runpy.run_module(service, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
