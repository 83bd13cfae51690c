"""The roles of all kinds of accounts, who signs, invitations, and the person whom an account belongs to."""

from qingyuan_runtime.database.revisions import app_role, run_script

revision = "0008"
down_revision = "0007"

# Until now every account of an enterprise signed, and every account of an office did whatever its kind did.
TABLES = """
alter table accounts
    drop constraint accounts_role_check,
    drop constraint accounts_check2,
    add column signs boolean not null default false,
    add column person uuid,
    add column must_change boolean not null default false,
    add column last_log_in timestamptz;
update accounts set role = 'manager', signs = true where kind = 'enterprise';
update accounts set role = 'reviewer' where kind = 'regulator';
update accounts set role = 'system' where kind = 'administrator';
alter table accounts
    alter column role set not null,
    add constraint accounts_role_of_kind check (case kind
        when 'operator' then role in ('manager', 'technician', 'quality_officer')
        when 'enterprise' then role in ('manager', 'signatory')
        when 'regulator' then role in ('reviewer', 'reader')
        else role in ('system', 'security', 'audit') end),
    add constraint accounts_who_signs check (not signs or kind = 'enterprise'),
    add constraint accounts_signatory_signs check (signs or role <> 'signatory'),
    add constraint accounts_whose_person check (person is null or kind = 'operator');
create unique index accounts_of_person on accounts (organisation, person);
create index accounts_of_organisation on accounts (organisation, name);
create table invitations (
    invitation_id uuid primary key,
    code_hash     bytea not null unique,
    organisation  uuid not null,
    kind          text not null,
    role          text not null,
    signs         boolean not null,
    label         text not null,
    person        uuid,
    made_by       uuid not null references accounts on delete cascade,
    made          timestamptz not null,
    expires       timestamptz not null,
    used          timestamptz,
    used_by       uuid
);
create index invitations_of_organisation on invitations (organisation, made);
create index invitations_by_age on invitations (expires);
"""


def upgrade() -> None:
    run_script(TABLES)
    run_script(f'grant select, insert, update, delete on invitations to "{app_role()}"')
