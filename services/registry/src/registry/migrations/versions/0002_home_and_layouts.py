"""A store made before it knew its cluster and its relay's layouts learns both. One made since knows them already."""

from qingyuan_runtime.database.revisions import run_script

revision = "0002"
down_revision = "0001"

LEARN = """
alter table store_epoch
    add column if not exists cluster bigint not null default (pg_control_system()).system_identifier;
alter table relay_cursor add column if not exists shards integer not null default 1;
alter table relay_cursor alter column shards drop default;
alter table relay_cursor drop constraint relay_cursor_pkey, add primary key (shards, shard);
"""


def upgrade() -> None:
    run_script(LEARN)
