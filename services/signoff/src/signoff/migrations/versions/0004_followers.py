"""The reaction's place learns which topic and epoch it stands in; the deadlines become a read model the service makes."""

from qingyuan_runtime.database.revisions import app_role, run_script

revision = "0004"
down_revision = "0003"

LEARN = """
set local search_path = reaction_confirmations;
create table if not exists followed (topic text primary key, topic_id uuid not null, epoch integer not null);
do $$ begin
    if not exists (select from information_schema.columns where table_schema = 'reaction_confirmations'
                    and table_name = 'dead_letter' and column_name = 'letter') then
        alter table dead_letter drop constraint dead_letter_pkey;
        alter table dead_letter add column letter bigint generated always as identity primary key;
        drop index dead_letter_in_order;
        create index dead_letter_in_order on dead_letter (stream_id, version, letter);
    end if;
end $$;
set local search_path = public;
drop schema if exists deadlines cascade;
"""


def upgrade() -> None:
    run_script(LEARN)
    run_script(f'grant select, insert, update, delete on reaction_confirmations.followed to "{app_role()}"')
