"""The security log tells who, from where, on whom and with which result."""

from qingyuan_runtime.database.revisions import run_script

revision = "0010"
down_revision = "0009"

# No trigger can be passed by the service's role. Not even the function that deletes old lines, nor the owner of the table,
# deletes a line of the last six months. 180 days are named too: they are what supervisors count, and six months are never fewer.
TABLES = """
alter table security_log
    add column actor        uuid,
    add column address      text not null default '',
    add column device       text not null default '',
    add column kind         text,
    add column organisation uuid,
    add column district     text,
    add column result       text not null default 'done' check (result in ('done', 'refused', 'failed')),
    add column detail       jsonb not null default '{}' check (octet_length(detail::text) <= 2000);
create index security_log_by_account on security_log (account_id, id);
create index security_log_by_actor on security_log (actor, id);
create index security_log_by_organisation on security_log (organisation, id);
create index security_log_by_what on security_log (what, id);
create index security_log_by_address on security_log (address, id);

create or replace function forget_security_log(keep_months integer, at timestamptz, most integer) returns bigint
language sql security definer set search_path = public, pg_temp as $$
    with gone as (
        delete from security_log
         where id in (select id from security_log order by happened, id limit most)
           and happened < least(at - make_interval(months => keep_months),
                                now() - interval '6 months', now() - interval '180 days')
        returning id
    )
    select count(*) from gone
$$;
create function security_log_is_immutable() returns trigger language plpgsql as $$
begin
    raise exception 'the security log is immutable' using errcode = 'QY009';
end $$;
create function security_log_is_kept() returns trigger language plpgsql as $$
begin
    if old.happened >= least(now() - interval '6 months', now() - interval '180 days') then
        raise exception 'lines of the last six months are kept' using errcode = 'QY009';
    end if;
    return old;
end $$;
create trigger security_log_no_change before update on security_log
    for each statement execute function security_log_is_immutable();
create trigger security_log_no_truncate before truncate on security_log
    for each statement execute function security_log_is_immutable();
create trigger security_log_no_early_end before delete on security_log
    for each row execute function security_log_is_kept();
"""


def upgrade() -> None:
    run_script(TABLES)
