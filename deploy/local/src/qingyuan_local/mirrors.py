"""Finds a mirror of Maven Central, where one is configured.

Mirrors for Python and npm need no code here: pip, uv and npm read their own variables and files (deploy/local/setup.sh).
"""

import os
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

CENTRAL = "central"


def maven_mirror() -> str | None:
    """`MAVEN_MIRROR_URL`, else the mirror of Central in ~/.m2/settings.xml, chosen as Maven does."""
    if configured := os.environ.get("MAVEN_MIRROR_URL"):
        return configured.rstrip("/")
    return next(_mirrors_of_central(Path.home() / ".m2" / "settings.xml"), None)


def _mirrors_of_central(settings: Path) -> Iterator[str]:
    """Yields nothing for an unreadable file, which Maven itself would report."""
    try:
        root = ElementTree.parse(settings).getroot()  # noqa: S314 - the user's own file
    except (OSError, ElementTree.ParseError):
        return
    for mirror in root.iterfind("{*}mirrors/{*}mirror"):
        mirror_of, url = mirror.findtext("{*}mirrorOf", ""), mirror.findtext("{*}url", "")
        if url and _includes_central(mirror_of):
            yield url.strip().rstrip("/")


def _includes_central(mirror_of: str) -> bool:
    names = {name.strip() for name in mirror_of.split(",")}
    return bool(names & {CENTRAL, "*", "external:*"}) and f"!{CENTRAL}" not in names
