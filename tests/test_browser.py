"""The stories in a real browser (tests/browser) on the running system, with the sheets that they import."""

import json
import os
import subprocess
import sys
import uuid
from datetime import datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from filing.importing.layout import WORKBOOK as OF_FILINGS
from qingyuan_local.setup import checkout
from qingyuan_local.testing import Stack, start_stack
from qingyuan_runtime.importing.template import template
from qingyuan_standards.days import SHANGHAI
from registry.importing.columns import WORKBOOK, columns
from registry.importing.examples import EXAMPLES

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.long, pytest.mark.timeout(1500)]
HERE = Path(__file__).parent / "browser"
NEWCOMER = {
    "name": "newcomer",
    "label": "上海清测环境技术有限公司（演示）",
    "kind": "operator",
    "organisation": str(uuid.UUID(int=26)),
    "organisation_name": "上海清测环境技术有限公司",
    "role": "manager",
}
"""An operator that has not begun its filing: those of the demo town are filed, or wait."""


def sheet(path: Path, *changes: dict[str, Any]) -> None:
    """The template with one row for each change of the example."""
    book = openpyxl.load_workbook(BytesIO(template(WORKBOOK, datetime.now(SHANGHAI).date())))
    for number, change in enumerate(changes):
        values = EXAMPLES["wastewater_analyser"] | {"serial_number": f"IMP-{number}"} | change
        book["废水分析仪器"].append([values.get(column.field) for column in columns("wastewater_analyser")])
    book.save(path)


def devices(path: Path, *changes: dict[str, str]) -> None:
    """The template of filings with one device for each change of the example; `p_` stands for the fields of its paper."""
    today = datetime.now(SHANGHAI).date()
    term = {"p_valid_from": today - timedelta(days=365), "p_valid_to": today + timedelta(days=365)}
    fixed = {"changed_on": str(today), "p_kind": "检定证书", "name": "便携式水质分析仪", "model": "DX-22"}
    layout = OF_FILINGS.sheet("device")
    book = openpyxl.load_workbook(BytesIO(template(OF_FILINGS, today)))
    for change in changes:
        stated = fixed | {name: str(day) for name, day in term.items()} | change
        values = {name.replace("p_", "papers.0.", 1): value for name, value in stated.items()}
        book[layout.name].append(
            [{**layout.example, **values}.get(column.field) for column in layout.columns]
        )
    book.save(path)


def device(number: str, **change: str) -> dict[str, str]:
    return {
        "serial_number": f"QC-{number}",
        "asset_number": f"ZC-{number}",
        "p_number": f"JD-{number}",
        "p_issuer": "上海市计量测试技术研究院",
        "p_scan": f"JD-{number}.png",
    } | change


def install() -> None:
    """Chromium, a font and the driver, by lock file."""
    lock = (HERE / "package-lock.json").read_text()
    stamp = HERE / "node_modules" / ".made"
    if not stamp.exists() or stamp.read_text() != lock:
        subprocess.run(["npm", "ci", "--silent", "--no-fund", "--no-audit"], cwd=HERE, check=True)
        stamp.write_text(lock)


def unpacked() -> Path:
    """Where the browser unpacks itself and keeps its profiles: in our own folders, not in everybody's."""
    folder = HERE / "node_modules" / ".tmp"
    folder.mkdir(exist_ok=True)
    return folder


def play(stack: Stack, *stories: str, **more: str) -> None:
    """Run stories one after the other; each in a browser of its own."""
    install()
    images = checkout() / "docs" / "images"
    environment = {
        **os.environ,
        "QINGYUAN_URL": stack.url,
        "QINGYUAN_PASSWORD": stack.password,
        "TMPDIR": str(unpacked()),
        "IMAGES": str(images) if os.environ.get("UPDATE_SCREENSHOTS") else "",
        **more,
    }
    for story in stories:
        run(story, environment)


def run(story: str, environment: dict[str, str]) -> None:
    command = ["node", "--test", f"{story}.test.mjs"]
    done = subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout)


def test_the_register_in_a_real_browser(running_stack: Stack, tmp_path: Path) -> None:
    sheet(tmp_path / "two-bad-rows.xlsx", {}, {"point_code": "DW999"}, {"unit": "kPa"})
    sheet(tmp_path / "good.xlsx", {}, {}, {}, {})
    sheet(tmp_path / "six-hundred.xlsx", *({"serial_number": f"MANY-{number}"} for number in range(600)))
    play(running_stack, "story", "office", SHEETS=str(tmp_path))


def test_the_working_day_in_a_real_browser(scratch: Path) -> None:
    """On a town of its own: it uses up the confirmations that wait, and `day` ends after midnight, so that `taps`
    finds work that nobody has done yet."""
    clock = clock_of(scratch / "clock", ahead_of(datetime.now(SHANGHAI)))
    stack = start_stack(scratch / "working-day", TRACE_RATIO="0", SESSIONS_MOST="100", **clock)
    try:
        play(stack, "work", "lost", "phone", "phone-sign", "day", "taps", MOVED_CLOCK=clock["MOVED_CLOCK"])
    finally:
        stack.cli("down")


def test_the_first_use_in_a_real_browser(scratch: Path) -> None:
    """On a town of its own: a new operator registers itself, accounts are locked, and WeChat is the fake's."""
    clock = clock_of(scratch / "first-use-clock", until_shortly_before_a_digest(datetime.now(SHANGHAI)))
    stack = start_stack(scratch / "first-use", TRACE_RATIO="0", SESSIONS_MOST="100", **clock)
    same = {name: stack.environment[name] for name in ("QINGYUAN_STATE", "PORT")}
    try:
        play(stack, "first-use", PYTHON=sys.executable, **same, **clock)
    finally:
        stack.cli("down")


def test_every_page_form_and_list_in_a_real_browser(scratch: Path) -> None:
    """On a town with a history, so that no list is empty."""
    stack = start_stack(scratch / "every-page", "--history", TRACE_RATIO="0", SESSIONS_MOST="100")
    try:
        play(stack, "pages", "forms", "lists", "report-check")
    finally:
        stack.cli("down")


def test_filings_in_a_real_browser(scratch: Path, tmp_path: Path) -> None:
    """On a town of its own: what is filed and revoked stays, and marks the visits that others count."""
    stack = start_stack(scratch / "filing", TRACE_RATIO="0", SESSIONS_MOST="100")
    try:
        stack.cli("user", "add-many", stdin=json.dumps(NEWCOMER | {"password": stack.password}))
        sheets = tmp_path / "devices.xlsx"
        wrong = (device("3", p_kind="合格证"), device("4", p_valid_to="2020-01-01"))
        devices(sheets, device("1"), *wrong, device("2"))
        newcomer = {"NEWCOMER": NEWCOMER["name"], "NEWCOMER_NAME": NEWCOMER["organisation_name"]}
        play(stack, "filing", DEVICES=str(sheets), **newcomer)
    finally:
        stack.cli("down")


def clock_of(file: Path, ahead: float) -> dict[str, str]:
    """What a system needs whose clock a story moves: the file, which says by how many seconds it is ahead."""
    file.write_text(str(ahead))
    return {"MOVED_CLOCK": str(file), "PYTHONPATH": str(HERE.parent / "moved_clock")}


def until_shortly_before_a_digest(now: datetime) -> float:
    """Seconds to the next time at which the digest of 16:00 is so near that no session ends when the clock is moved there."""
    shortly_before = datetime.combine(now.date(), time(15, 45), SHANGHAI)
    if shortly_before < now:
        shortly_before += timedelta(days=1)
    return (shortly_before - now).total_seconds()


def ahead_of(now: datetime) -> float:
    """Seconds that the clock is ahead to begin with: what is seeded must be of the day on which the stories are played,
    and the last reminder of that day still to come. When little is left of a day, the stories are of the next one."""
    if now.hour < 22:
        return 0
    tomorrow = datetime.combine(now.date() + timedelta(days=1), time(0, 5), SHANGHAI)
    return (tomorrow - now).total_seconds()
