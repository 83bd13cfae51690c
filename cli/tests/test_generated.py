"""Files that are made from others are what `make generate` would make of them now."""

from qingyuan_cli import openapi, report_rules, rules
from qingyuan_local.setup import checkout


def test_the_openapi_document_is_fresh() -> None:
    assert openapi.main(["--check"]) == 0


def test_the_rules_for_reports_that_the_pages_read_are_fresh() -> None:
    assert report_rules.main(["--check"]) == 0


def test_the_lists_that_tools_read_are_fresh() -> None:
    assert rules.outdated(checkout()) == {}


def test_a_list_that_is_not_fresh_is_seen_and_made_anew() -> None:
    text = (checkout() / "pyproject.toml").read_text()
    assert rules.pyproject(text.replace('"services/tasks/src", ', "")) == text
