"""The event store."""

from qingyuan_runtime.database.revisions import app_role, run_script
from qingyuan_runtime.log import store_schema

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_script(store_schema.create_script())
    run_script(store_schema.grant_script(app_role()))
    run_script(f'grant select on alembic_version to "{app_role()}"')
