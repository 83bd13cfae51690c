"""The browser story (tests/browser) on the running system, with the sheets that it imports."""

import os
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from qingyuan_local.setup import checkout
from qingyuan_local.testing import Stack
from registry.importing.columns import columns
from registry.importing.template import EXAMPLES, template

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.timeout(600)]
HERE = Path(__file__).parent / "browser"


def sheet(path: Path, *changes: dict[str, Any]) -> None:
    """The template with one row for each change of the example."""
    book = openpyxl.load_workbook(BytesIO(template()))
    for number, change in enumerate(changes):
        values = EXAMPLES["wastewater_analyser"] | {"serial_number": f"IMP-{number}"} | change
        book["废水分析仪器"].append([values.get(column.field) for column in columns("wastewater_analyser")])
    book.save(path)


def install() -> None:
    """Chromium, a font and the driver, by lock file."""
    lock = (HERE / "package-lock.json").read_text()
    stamp = HERE / "node_modules" / ".made"
    if not stamp.exists() or stamp.read_text() != lock:
        subprocess.run(["npm", "ci", "--silent", "--no-fund", "--no-audit"], cwd=HERE, check=True)
        stamp.write_text(lock)


def test_the_story_in_a_real_browser(running_stack: Stack, tmp_path: Path) -> None:
    install()
    sheet(tmp_path / "two-bad-rows.xlsx", {}, {"point_code": "DW999"}, {"unit": "kPa"})
    sheet(tmp_path / "good.xlsx", {}, {}, {}, {})
    sheet(tmp_path / "six-hundred.xlsx", *({"serial_number": f"MANY-{number}"} for number in range(600)))
    images = checkout() / "docs" / "images"
    environment = {
        **os.environ,
        "QINGYUAN_URL": running_stack.url,
        "QINGYUAN_PASSWORD": running_stack.password,
        "SHEETS": str(tmp_path),
        "IMAGES": str(images) if os.environ.get("UPDATE_SCREENSHOTS") else "",
    }
    done = subprocess.run(
        ["npm", "run", "--silent", "test"],
        cwd=HERE,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
