"""Which WeChat user is bound to which accounts, and the tokens that several processes share."""

from qingyuan_runtime.database.revisions import app_role, run_script
from qingyuan_wechat.tokens_postgres import tables

revision = "0012"
down_revision = "0011"

TABLES = (
    tables()
    + """
create table wechat_states (
    state_hash bytea primary key,
    purpose    text not null check (purpose in ('log-in', 'binding')),
    browser    bytea not null,
    account_id uuid references accounts on delete cascade,
    name       text,
    address    text not null,
    made       timestamptz not null,
    expires    timestamptz not null,
    code_hash  bytea,
    openid     text,
    snapshot   boolean,
    number     text,
    tries      integer not null default 0,
    done       boolean not null default false
);
create index wechat_states_by_address on wechat_states (address, made);
create table wechat_bindings (
    binding_id uuid primary key,
    account_id uuid not null references accounts on delete cascade,
    openid     text not null,
    name       text not null,
    bound      timestamptz not null,
    unique (account_id, openid)
);
create index wechat_bindings_by_openid on wechat_bindings (openid);
create table wechat_followers (
    openid    text primary key,
    following boolean not null,
    changed   timestamptz not null
);
"""
)


def upgrade() -> None:
    run_script(TABLES)
    names = "wechat_tokens, wechat_states, wechat_bindings, wechat_followers"
    run_script(f'grant select, insert, update, delete on {names} to "{app_role()}"')
