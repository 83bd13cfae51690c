"""Wrong passwords are counted by name and address; sessions tell their owner where they are open."""

from qingyuan_runtime.database.revisions import app_role, run_script

revision = "0003"
down_revision = "0002"

TABLES = """
create table guesses (
    key   bytea primary key,
    spent double precision not null,
    last  timestamptz not null
);
create index guesses_by_age on guesses (last);
alter table accounts drop column failures, drop column locked_until;
alter table sessions
    add column session_id uuid not null unique default gen_random_uuid(),
    add column device text not null default '',
    add column address text not null default '';
"""


def upgrade() -> None:
    run_script(TABLES)
    run_script(f'grant select, insert, update, delete on guesses to "{app_role()}"')
