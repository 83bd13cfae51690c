"""A message says which enterprise, operator and point it is about. Those of before say nothing of it."""

from qingyuan_runtime.database.revisions import run_script

revision = "0003"
down_revision = "0002"

PARTIES = "alter table message add column enterprise uuid, add column operator uuid, add column point uuid;"


def upgrade() -> None:
    run_script(PARTIES)
