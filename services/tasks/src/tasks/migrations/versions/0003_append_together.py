"""Several commands are appended in one transaction. An event store that 0001 creates today has this already."""

from qingyuan_runtime.database.revisions import app_role, run_script
from qingyuan_runtime.log import store_schema

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run_script(store_schema.together_script(app_role()))
