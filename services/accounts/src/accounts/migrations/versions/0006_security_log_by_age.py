"""The security log is pruned by the age of its lines, no longer in the order of their ids."""

from qingyuan_runtime.database.revisions import run_script

revision = "0006"
down_revision = "0005"

# If the clock was ahead for a time, lines with future times may have the lowest ids. As soon as they filled a whole batch
# that was chosen by id, no old line was deleted any more.
TABLES = """
create index security_log_by_age on security_log (happened);
create or replace function forget_security_log(keep_months integer, at timestamptz, most integer) returns bigint
language sql security definer set search_path = public, pg_temp as $$
    with gone as (
        delete from security_log
         where id in (select id from security_log order by happened, id limit most)
           and happened < least(at - make_interval(months => keep_months), now() - interval '6 months')
        returning id
    )
    select count(*) from gone
$$;
"""


def upgrade() -> None:
    run_script(TABLES)
