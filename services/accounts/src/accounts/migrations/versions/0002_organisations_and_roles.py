"""What organisations are called, and what an account is within its own: a manager or a technician."""

from qingyuan_runtime.database.revisions import app_role, run_script

revision = "0002"
down_revision = "0001"

# Until now a name stood only in the labels of its accounts, the oldest being the organisation's own.
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
