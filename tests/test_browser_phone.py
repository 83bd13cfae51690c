"""The technician's phone (tests/browser/phone.test.mjs) on the running system."""

import os
import subprocess

import pytest
from qingyuan_local.setup import checkout
from qingyuan_local.testing import Stack
from test_browser import HERE, install

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.timeout(900)]


def test_a_day_with_a_phone_and_poor_signal(running_stack: Stack) -> None:
    install()
    environment = {
        **os.environ,
        "QINGYUAN_URL": running_stack.url,
        "QINGYUAN_PASSWORD": running_stack.password,
        "IMAGES": str(checkout() / "docs" / "images") if os.environ.get("UPDATE_SCREENSHOTS") else "",
    }
    done = subprocess.run(
        ["node", "--test", "phone.test.mjs"],
        cwd=HERE,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
