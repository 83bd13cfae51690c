"""Accounts, sessions and the security log. None of them are events: they may be changed and forgotten."""

from qingyuan_runtime.database.revisions import app_role, run_script

revision = "0001"
down_revision = None

TABLES = """
create table accounts (
    account_id   uuid primary key,
    name         text not null unique check (name = lower(name)),
    label        text not null,
    kind         text not null check (kind in ('enterprise', 'operator', 'regulator', 'administrator')),
    organisation uuid,
    district     text,
    password     text not null,
    failures     integer not null default 0,
    locked_until timestamptz,
    disabled     boolean not null default false,
    created      timestamptz not null default now(),
    check ((kind in ('enterprise', 'operator')) = (organisation is not null)),
    check ((kind = 'regulator') = (district is not null))
);
create table sessions (
    token_hash bytea primary key,
    account_id uuid not null references accounts on delete cascade,
    created    timestamptz not null,
    last_seen  timestamptz not null
);
create index sessions_of_account on sessions (account_id);
create table security_log (
    id         bigint generated always as identity primary key,
    happened   timestamptz not null default now(),
    account_id uuid,
    what       text not null
);
"""


def upgrade() -> None:
    run_script(TABLES)
    run_script(f'grant select on alembic_version to "{app_role()}"')
    run_script(f'grant select, insert, update, delete on accounts, sessions to "{app_role()}"')
    run_script(f'grant select, insert on security_log to "{app_role()}"')
