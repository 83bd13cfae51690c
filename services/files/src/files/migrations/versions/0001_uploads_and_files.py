"""Uploads, stored files, and the privilege to create the schemas of the read models of references."""

from qingyuan_runtime.database.revisions import app_role, run_script

revision = "0001"
down_revision = None

TABLES = """
create table upload (
    upload_id    text primary key,
    account      uuid not null,
    organisation uuid not null,
    name         text not null,
    declared     text not null, -- the media type as the client says
    sha256       text not null,
    size         bigint not null check (size > 0),
    received     bigint not null default 0 check (received between 0 and size),
    state        text not null default 'receiving'
                 check (state in ('receiving', 'checking', 'stored', 'refused')),
    media_type   text,
    code         text,
    sentence     text,
    tus          jsonb,
    tries        integer not null default 0,
    created      timestamptz not null default now(),
    expires      timestamptz not null
);
create index upload_unchecked on upload (created) where state = 'checking';
create index upload_under_way on upload (account) where state = 'receiving';
create index upload_expires on upload (expires);

-- One row for each organisation: who uploads content that another one has stored gets a row of its own, and does not learn of it.
create table file (
    sha256       text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    organisation uuid not null,
    account      uuid not null,
    size         bigint not null,
    media_type   text not null,
    name         text not null,
    stored_at    timestamptz not null default clock_timestamp(),
    primary key (sha256, organisation)
);
"""


def upgrade() -> None:
    run_script(TABLES)
    run_script(
        f"""
        grant select, insert, update, delete on upload to "{app_role()}";
        grant select, insert on file to "{app_role()}";
        grant select on alembic_version to "{app_role()}";
        do $$ begin
            execute format('grant create on database %I to "{app_role()}"', current_database());
        end $$;
        """
    )
