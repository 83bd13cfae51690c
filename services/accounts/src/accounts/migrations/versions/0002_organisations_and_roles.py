"""The names of organisations, and the role of an operator's account: manager or technician."""

from qingyuan_runtime.database.revisions import app_role, run_script

revision = "0002"
down_revision = "0001"

# Until now an organisation's name was only part of its accounts' labels. That of its oldest account is taken.
TABLES = """
create table organisations (
    organisation uuid primary key,
    name         text not null
);
insert into organisations
select distinct on (organisation) organisation, regexp_replace(label, '（[^）]*）$', '')
  from accounts where organisation is not null order by organisation, created;
alter table accounts add column role text check (role in ('manager', 'technician'));
update accounts set role = 'manager' where kind = 'operator';
alter table accounts add check ((kind = 'operator') = (role is not null));
"""


def upgrade() -> None:
    run_script(TABLES)
    run_script(f'grant select, insert, update, delete on organisations to "{app_role()}"')
