"""Whatever a service keeps by following a topic can be rebuilt and looked into from the command line, by its name."""

from collections.abc import Mapping

import files.main
import files.settings
import pytest
import signoff.main
import signoff.settings
import tasks.main
import tasks.settings
import views.main
import views.settings
from qingyuan_cli.app import MODELS, rebuild
from typer.models import ArgumentInfo

KEPT: Mapping[str, Mapping[str, object]] = {
    "files": files.main.kept(files.settings.FilesSettings()),
    "signoff": signoff.main.kept(signoff.settings.SignoffSettings()),
    "tasks": tasks.main.kept(tasks.settings.TasksSettings()),
    "views": views.main.kept(views.settings.ViewsSettings()),
}


@pytest.mark.parametrize("service", sorted(KEPT))
def test_the_command_line_knows_every_model_of_a_service(service: str) -> None:
    assert {name for name, owner in MODELS.items() if owner == service} == set(KEPT[service])


def test_the_help_names_all_of_them() -> None:
    (model,) = [
        note for note in rebuild.__annotations__["model"].__metadata__ if isinstance(note, ArgumentInfo)
    ]
    assert model.help == "、".join(MODELS)
