"""The event store, and the table in which an Excel import waits for its confirmation."""

from qingyuan_runtime.database.revisions import app_role, run_script
from qingyuan_runtime.log import store_schema

revision = "0001"
down_revision = None

IMPORTS = """
create table imports (
    import_id     uuid primary key,
    account       uuid not null,
    actor         jsonb not null,
    enterprise_id uuid not null,
    file_name     text not null,
    content       bytea not null,
    state         text not null check (state in ('checking', 'refused', 'ready', 'importing', 'done', 'failed')),
    rows          integer not null default 0,
    checked       integer not null default 0,
    written       integer not null default 0,
    problems      jsonb not null default '[]',
    notes         jsonb not null default '[]',
    created       timestamptz not null default now(),
    changed       timestamptz not null default now()
);
create index imports_unfinished on imports (state) where state in ('checking', 'importing');
"""


def upgrade() -> None:
    run_script(store_schema.create_script())
    run_script(store_schema.grant_script(app_role()))
    run_script(f'grant select on alembic_version to "{app_role()}"')
    run_script(IMPORTS)
    run_script(f'grant select, insert, update on imports to "{app_role()}"')
