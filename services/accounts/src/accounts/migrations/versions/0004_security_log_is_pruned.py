"""Old lines of the security log are deleted by a function. The service itself may still only read and add lines."""

from qingyuan_runtime.database.revisions import app_role, run_script

revision = "0004"
down_revision = "0003"

# Six months at least: 《网络安全法》 as amended 2025, Art. 23(三) (2017 text: Art. 21(三)), "按照规定留存相关的网络日志
# 不少于六个月", https://www.cac.gov.cn/2025-12/29/c_1768735112911946.htm as quoted by a third party. So even an
# attacker who controls the service cannot delete younger lines. The oldest ids are the oldest lines: no index is needed.
TABLES = """
create function forget_security_log(keep_months integer, at timestamptz, most integer) returns bigint
language sql security definer set search_path = public, pg_temp as $$
    with gone as (
        delete from security_log
         where id in (select id from security_log order by id limit most)
           and happened < least(at - make_interval(months => keep_months), now() - interval '6 months')
        returning id
    )
    select count(*) from gone
$$;
revoke all on function forget_security_log from public;
"""


def upgrade() -> None:
    run_script(TABLES)
    run_script(f'grant execute on function forget_security_log to "{app_role()}"')
