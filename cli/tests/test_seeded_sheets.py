"""The sheets of the demo town and of the benches are accepted: the form has no problem with them, and they record work."""

from datetime import date, datetime

import pytest
from qingyuan_cli.seeding.sheets import filled
from qingyuan_standards.forms import Form, check, forms
from qingyuan_standards.work_rules import lacking

AT = datetime(2026, 11, 24, 9)


@pytest.mark.parametrize("form", forms(date(2026, 11, 24)), ids=lambda form: form.name)
def test_a_filled_sheet_is_accepted(form: Form) -> None:
    values = filled(dict(form.document), AT)
    assert check(form, values).problems == ()
    assert lacking(form, form.content, values) == ()
