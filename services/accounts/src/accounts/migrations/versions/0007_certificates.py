"""Challenges for certificates, the credit codes of organisations, and which certificate belongs to which account."""

from qingyuan_runtime.database.revisions import app_role, run_script

revision = "0007"
down_revision = "0006"

TABLES = """
create table challenges (
    challenge_id uuid primary key,
    signed_text  text not null,
    address      text not null,
    made         timestamptz not null,
    expires      timestamptz not null
);
create index challenges_by_address on challenges (address, made);
create table organisation_codes (
    uscc         text primary key,
    organisation uuid not null unique
);
create table account_certificates (
    fingerprint bytea primary key,
    account_id  uuid not null references accounts on delete cascade,
    serial      text not null,
    content     bytea not null,
    first_used  timestamptz not null
);
create index certificates_of_account on account_certificates (account_id);
alter table accounts alter column password drop not null;
"""


def upgrade() -> None:
    run_script(TABLES)
    tables = "challenges, organisation_codes, account_certificates"
    run_script(f'grant select, insert, update, delete on {tables} to "{app_role()}"')
