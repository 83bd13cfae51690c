-- For a store made before a stream could be voided. The functions that follow replace these. A process of the older release
-- goes on meanwhile: it names no `p_voids`, which has a default.
alter table streams add column if not exists voided boolean not null default false;
create index if not exists claims_of_stream on claims (stream_id);
drop function if exists append_command(uuid, text, text, bigint, text[], text[], text, text, boolean, text[], text[]);
drop function if exists append_commands(
    uuid[], text[], text[], bigint[], text[], text[], boolean[], integer[], text[], text[], integer[], text[], text[]
);
drop function if exists add_write(text, bigint, text[], text[], text, text, boolean, text[], text[]);
drop function if exists append_write(text, bigint, text[], text[], text, text, boolean, text[], text[]);
drop function if exists move_stream(text, bigint, integer, text, boolean);
