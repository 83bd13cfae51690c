"""Second steps at the log-in, earlier passwords, and the day a password must be changed."""

from qingyuan_runtime.database.revisions import app_role, run_script

revision = "0009"
down_revision = "0008"

TABLES = """
alter table accounts add column if not exists must_change boolean not null default false;
alter table accounts add column password_since timestamptz not null default now();
create table earlier_passwords (
    account_id uuid not null references accounts on delete cascade,
    replaced   timestamptz not null,
    password   text not null
);
create index earlier_passwords_of_account on earlier_passwords (account_id, replaced);
create table totp_keys (
    account_id uuid primary key references accounts on delete cascade,
    secret     bytea not null,
    confirmed  timestamptz,
    last_step  bigint not null default 0
);
create table webauthn_keys (
    credential_id bytea primary key,
    key_id        uuid not null unique default gen_random_uuid(),
    account_id    uuid not null references accounts on delete cascade,
    name          text not null,
    public_key    bytea not null,
    sign_count    bigint not null,
    added         timestamptz not null,
    last_used     timestamptz
);
create index webauthn_keys_of_account on webauthn_keys (account_id);
create table recovery_codes (
    account_id uuid not null references accounts on delete cascade,
    hash       bytea not null,
    used       timestamptz,
    primary key (account_id, hash)
);
create table factor_challenges (
    challenge_id uuid primary key,
    account_id   uuid not null references accounts on delete cascade,
    purpose      text not null check (purpose in ('enrol', 'sign-webauthn', 'sign-certificate')),
    content      bytea not null,
    over         text[] not null,
    site         text not null,
    expires      timestamptz not null
);
create index factor_challenges_by_age on factor_challenges (expires);
create table log_in_steps (
    step_hash  bytea primary key,
    account_id uuid not null references accounts on delete cascade,
    first      text not null check (first in ('password', 'wechat')),
    password   text,
    openid     text,
    challenge  bytea,
    expires    timestamptz not null
);
create index log_in_steps_of_account on log_in_steps (account_id);
"""


def upgrade() -> None:
    run_script(TABLES)
    tables = "earlier_passwords, totp_keys, webauthn_keys, recovery_codes, factor_challenges, log_in_steps"
    run_script(f'grant select, insert, update, delete on {tables} to "{app_role()}"')
