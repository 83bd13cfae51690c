"""A stream can be voided in every log; nothing here is. The functions that append are those of the other logs."""

from qingyuan_runtime.database.revisions import app_role, run_script
from qingyuan_runtime.log import store_schema

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run_script(store_schema.voiding_script(app_role()))
