"""Each service's history of revisions: the cheap reading of its head is what Alembic would say."""

from importlib.resources import files

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from qingyuan_runtime.database.migrating import head
from qingyuan_runtime.topology import WITH_DATABASE


@pytest.mark.parametrize("service", WITH_DATABASE)
def test_the_newest_file_is_the_head(service: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(files(service) / "migrations"))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [head(service)]
