"""Requests for a second way in where a certificate is lost, organisations that demand the certificate, and certificates
that their owner has removed."""

from qingyuan_runtime.database.revisions import app_role, run_script

revision = "0011"
down_revision = "0010"

# A removed certificate stays on record: otherwise its next log-in would make a new account by itself.
TABLES = """
alter table challenges add column purpose text not null default 'log-in';
alter table account_certificates
    add column certificate_id uuid not null unique default gen_random_uuid(),
    add column removed timestamptz;
create table certificate_demands (
    organisation    uuid primary key,
    demanded_by     uuid not null,
    demanded        timestamptz not null,
    suspended_until timestamptz
);
create table lost_keys (
    request_id   uuid primary key,
    uscc         text not null,
    name         text not null,
    contact      text not null,
    reason       text not null,
    address      text not null,
    asked        timestamptz not null,
    state        text not null default 'asked' check (state in ('asked', 'reviewed', 'refused', 'approved', 'used')),
    account_id   uuid references accounts on delete cascade,
    reviewer     uuid,
    reviewed     timestamptz,
    review_note  text,
    approver     uuid,
    decided      timestamptz,
    decision_note text,
    code_hash    bytea unique,
    code_expires timestamptz,
    used         timestamptz,
    check (approver is null or approver <> reviewer),
    check (state not in ('reviewed', 'approved', 'used') or account_id is not null)
);
create index lost_keys_by_age on lost_keys (asked);
create index lost_keys_by_address on lost_keys (address, asked);
"""


def upgrade() -> None:
    run_script(TABLES)
    run_script(f'grant select, insert, update, delete on certificate_demands, lost_keys to "{app_role()}"')
