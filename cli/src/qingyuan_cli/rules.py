"""`python -m qingyuan_cli.rules [--check]`: generates settings of tools that name every package, from the topology.

These are the import contracts, and three lists in pyproject.toml: the search path of mypy, the folders that it checks, and
the folders with helper modules for tests.
"""

import re
import sys
from pathlib import Path
from typing import Final

from qingyuan_local.setup import checkout
from qingyuan_runtime.topology import NAMES, WITH_LOG

LIBRARIES: Final = ("events", "runtime", "standards", "certificates", "wechat")
HELPERS: Final = (
    "tests",
    "cli/tests",
    "libs/runtime/tests",
    "libs/standards/tests",
    "libs/certificates/tests",
    "libs/wechat/tests",
    *(f"services/{name}/tests" for name in NAMES),
)
"""Folders of test modules that other tests import by their plain names."""

SOURCES: Final = (
    *(f"libs/{name}/src" for name in LIBRARIES),
    *(f"services/{name}/src" for name in NAMES),
    "deploy/local/src",
    "cli/src",
)
LISTS: Final = {"mypy_path": (*HELPERS, *SOURCES), "files": (*SOURCES, "tests"), "pythonpath": HELPERS}


LAYERS: Final = {
    "registry": (
        "__main__",
        "main",
        "http",
        "importing",
        "enterprises | outlets | monitoring_points | instruments | options",
        "shared",
        "domain | response_models",
    ),
    "filing": (
        "__main__",
        "main",
        "http | deadlines | business | erasing",
        "importing",
        "filings | resources | options",
        "credit",
        "shared",
        "domain | response_models | settings",
    ),
    "tasks": (
        "__main__",
        "main",
        "http",
        "contracts | plans | visits | forms | reminders",
        "shared",
        "filed_copy | register_copy",
        "domain | settings | response_models",
    ),
    "signoff": (
        "__main__",
        "main",
        "http | reactions | deadlines",
        "handlers | bodies",
        "repository | policy",
        "rules",
        "domain | settings | response_models",
    ),
    "reports": (
        "__main__",
        "main",
        "http | checks",
        "reports | exemptions",
        "judging",
        "shared",
        "archive | contracted | installed",
        "domain | settings | response_models",
    ),
    "files": (
        "__main__",
        "main",
        "http",
        "http_evidence | copies | tus | working",
        "evidence | receiving | naming",
        "file_repository | settings",
        "checking | policy | references | store | upload_repository",
    ),
    "accounts": (
        "__main__",
        "main",
        "http | users",
        "signing",
        "certificates | opening | organisations | security | wechat",
        "service",
        "factors | managing",
        "security_log",
        "sessions",
        "attempts | passwords",
        "account | display_names | manager_conditions | names | one_at_a_time | sealing | settings",
    ),
    "views": (
        "__main__",
        "main",
        "spare_parts",
        "exports",
        "models | printing",
        "choices | reliance",
        "work",
        "confirmations",
        "board | filings | register | reports",
        "shared",
        "settings | tables",
    ),
    "messages": (
        "__main__",
        "main",
        "http",
        "http_preferences | streaming",
        "digesting | failures | inbox | notices | sending | spreading",
        "deciding | message_writing | addresses | channels | preferences | response_models",
        "message | rulebook | texts | settings",
    ),
    "gateway": (
        "__main__",
        "main",
        "app",
        "answering | public",
        "security_lines",
        "naming | pages | sessions",
        "request_parts | routes | ticking | upstream",
        "headers | tables",
        "route | settings",
        "audit",
    ),
}
"""The modules of a service from top to bottom: each may import those below it, and none beside it or above.

A new module of one of these services must be given its place here. A service that stands not in the list has a flat shape.
"""


def pyproject(text: str) -> str:
    """The file's text with the lists replaced."""
    for name, paths in LISTS.items():
        line = f"{name} = [{', '.join(f'{path!r}' for path in paths)}]".replace("'", '"')
        text, replaced = re.subn(rf"^{name} = \[.*\]$", line, text, flags=re.MULTILINE)
        assert replaced == 1, f"{name} stands in pyproject.toml {replaced} times"
    return text


def import_contracts() -> str:
    """The contracts that import-linter enforces."""
    contracts = _CONTRACTS.format(
        every="\n    ".join(NAMES),
        beside=" | ".join(NAMES),
        domains="\n    ".join(f"{name}.domain" for name in WITH_LOG),
    )
    return contracts + "".join(
        _LAYERS_OF_SERVICE.format(name=name, layers="\n    ".join(layers)) for name, layers in LAYERS.items()
    )


def outdated(root: Path) -> dict[Path, str]:
    """The files that are out of date, with the content they should have."""
    settings = root / "pyproject.toml"
    wanted = {root / ".importlinter": import_contracts(), settings: pyproject(settings.read_text())}
    return {path: text for path, text in wanted.items() if not path.exists() or path.read_text() != text}


def main(arguments: list[str]) -> int:
    old = outdated(checkout())
    if "--check" in arguments:
        return 1 if old else 0
    for path, text in old.items():
        path.write_text(text)
    return 0


_CONTRACTS: Final = """\
# Made by `make generate` from the topology; do not edit.
[importlinter]
root_packages =
    qingyuan_events
    qingyuan_runtime
    qingyuan_standards
    qingyuan_certificates
    qingyuan_wechat
    {every}
    qingyuan_local
    qingyuan_cli
include_external_packages = True

[importlinter:contract:services-apart]
name = Services never import each other
type = independence
modules =
    {every}

[importlinter:contract:direction]
name = Libraries know no service; events know nothing of ours
type = layers
layers =
    qingyuan_cli
    qingyuan_local
    {beside}
    qingyuan_runtime
    qingyuan_certificates | qingyuan_wechat
    qingyuan_events | qingyuan_standards

[importlinter:contract:runtime-rooms]
name = The folders of the runtime build on each other in this order, and there are no others
type = layers
containers = qingyuan_runtime
exhaustive = True
layers =
    assembly
    publishing | reacting | edge
    following
    log
    bus | database | importing | tokens
    process
    domain | topology

[importlinter:contract:events-alone]
name = The published package needs pydantic alone
type = forbidden
source_modules = qingyuan_events
forbidden_modules =
    qingyuan_runtime
    fastapi
    asyncpg
    aiokafka
    sqlalchemy

[importlinter:contract:no-circles]
name = No two modules or folders beside each other need each other
type = acyclic_siblings
ancestors =
    qingyuan_events
    qingyuan_runtime
    qingyuan_standards
    qingyuan_certificates
    qingyuan_wechat
    {every}
    qingyuan_local
    qingyuan_cli

[importlinter:contract:pure-domain]
name = A domain has no I/O
type = forbidden
source_modules =
    {domains}
    qingyuan_standards
    qingyuan_certificates
    qingyuan_runtime.domain
forbidden_modules =
    fastapi
    starlette
    asyncpg
    sqlalchemy
    aiokafka
    opentelemetry
    structlog
    qingyuan_runtime.edge
    qingyuan_runtime.log
allow_indirect_imports = True
"""

_LAYERS_OF_SERVICE: Final = """
[importlinter:contract:layers-of-{name}]
name = The modules of {name} build on each other in this order, and there are no others
type = layers
containers = {name}
exhaustive = True
layers =
    {layers}
"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
