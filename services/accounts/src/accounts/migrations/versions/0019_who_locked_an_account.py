"""Who locked an account: what an administrator of the platform did, the managers of the organisation do not undo."""

from qingyuan_runtime.database.revisions import run_script

revision = "0019"
down_revision = "0018"

# Of accounts that are locked already the security log says who did it, as far back as it goes; the command line has no account.
TABLES = """
alter table accounts add column disabled_by_platform boolean not null default false;
update accounts a set disabled_by_platform = true
 where a.disabled and (
    select l.actor is null or exists (select from accounts o where o.account_id = l.actor and o.kind = 'administrator')
      from security_log l where l.account_id = a.account_id and l.what = 'disabled' order by l.id desc limit 1);
"""


def upgrade() -> None:
    run_script(TABLES)
