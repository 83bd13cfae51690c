"""What runs is wired to no fake: whoever makes the application says who knows the names of people."""

import inspect
from pathlib import Path

import views.main
from views.main import build_app


def test_the_application_is_not_made_without_saying_who_knows_the_names() -> None:
    assert inspect.signature(build_app).parameters["people"].default is inspect.Parameter.empty


def test_main_names_no_fake() -> None:
    assert "Memory" not in Path(str(views.main.__file__)).read_text()
