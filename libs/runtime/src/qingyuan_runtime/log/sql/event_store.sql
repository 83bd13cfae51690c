-- The log of one service. Order of publishing is (epoch, xid, pos); why each guard is here: docs/decisions.

-- `cluster`: the cluster (and table) in which this epoch began, since transaction ids of clusters cannot be compared.
-- Elsewhere nothing may be written or published.
create table store_epoch (
    only_row boolean primary key default true check (only_row),
    epoch    integer not null,
    cluster  bigint  not null default (pg_control_system()).system_identifier
);
insert into store_epoch (epoch) values (1);

create table streams (
    stream_id text primary key,
    version   bigint  not null,
    epoch     integer not null,
    last_xid  xid8    not null,
    parent    text    references streams (stream_id),
    closed    boolean not null default false
) with (fillfactor = 80);
create index streams_open_children on streams (parent) where parent is not null and not closed;

create table events (
    stream_id   text        not null,
    version     bigint      not null,
    type        text        not null,
    data        json        not null, -- json keeps the text verbatim; jsonb would not
    meta        jsonb       not null,
    recorded_at timestamptz not null default clock_timestamp(),
    epoch       integer     not null,
    xid         xid8        not null default pg_current_xact_id(),
    pos         bigint      not null generated always as identity,
    primary key (stream_id, version)
);
create unique index events_in_order on events (epoch, xid, pos);

create table commands (
    command_id  uuid primary key,
    fingerprint text   not null,
    stream_id   text   not null,
    version     bigint not null
);

create table claims (
    kind      text not null,
    value     text not null,
    stream_id text not null,
    primary key (kind, value)
);

-- All events of shard `shard` of `shards` up to here are published. Rows stay when the number of shards is changed.
create table relay_cursor (
    shards      integer not null,
    shard       integer not null,
    epoch       integer not null default 0,
    xid         xid8    not null default '0',
    pos         bigint  not null default 0,
    owner_epoch bigint  not null default 0,
    primary key (shards, shard)
);

create function events_are_immutable() returns trigger language plpgsql as $$
begin
    raise exception 'events are immutable' using errcode = 'QY009';
end $$;
create trigger events_no_change before update or delete on events
    for each statement execute function events_are_immutable();
create trigger events_no_truncate before truncate on events
    for each statement execute function events_are_immutable();

-- Errors: QY001 version conflict, QY002 an older transaction (try again in a new one), QY003 claim taken,
-- QY004 parent missing, QY005 parent closed, QY006 children open, QY007 command id reused.

-- Takes no xid, so a stream's xids are in the order of its versions. Locks in sorted order, so two callers cannot deadlock.
create function lock_streams(p_streams text[]) returns void language plpgsql as $$
declare
    v_key bigint;
begin
    for v_key in select distinct hashtextextended(s, 0) as k from unnest(p_streams) s order by k loop
        perform pg_advisory_xact_lock(v_key);
    end loop;
end $$;

-- Must be the first write of its transaction. Null: the command is new; else the version in its first receipt.
create function remember_command(p_command uuid, p_fingerprint text, p_stream text, p_version bigint)
    returns table (stream_id text, version bigint) language plpgsql as $$
declare
    v_fingerprint text;
begin
    insert into commands values (p_command, p_fingerprint, p_stream, p_version) on conflict do nothing;
    if found then
        return;
    end if;
    select c.fingerprint, c.stream_id, c.version into v_fingerprint, stream_id, version
      from commands c where c.command_id = p_command;
    if v_fingerprint <> p_fingerprint then
        raise exception 'command id reused' using errcode = 'QY007';
    end if;
    return next;
end $$;

create function check_parent(p_parent text) returns void language plpgsql as $$
declare
    v_closed boolean;
begin
    select closed into v_closed from streams where stream_id = p_parent for share;
    if v_closed is null then
        raise exception '%', p_parent using errcode = 'QY004';
    elsif v_closed then
        raise exception '%', p_parent using errcode = 'QY005';
    end if;
end $$;

create function move_stream(p_stream text, p_expected bigint, p_count integer, p_parent text, p_closes boolean)
    returns integer language plpgsql as $$
declare
    v_epoch   integer;
    v_version bigint;
begin
    select epoch into strict v_epoch from store_epoch;
    if p_expected = 0 then
        if p_parent is not null then
            perform check_parent(p_parent);
        end if;
        insert into streams values (p_stream, p_count, v_epoch, pg_current_xact_id(), p_parent, p_closes)
            on conflict do nothing;
    else
        update streams
           set version = version + p_count, epoch = v_epoch, last_xid = pg_current_xact_id(), closed = closed or p_closes
         where stream_id = p_stream and version = p_expected
           and (epoch, last_xid) <= (v_epoch, pg_current_xact_id());
    end if;
    if found then
        return v_epoch;
    end if;
    select version into v_version from streams where stream_id = p_stream;
    if v_version = p_expected then
        raise exception 'older transaction' using errcode = 'QY002';
    end if;
    raise exception '%', coalesce(v_version, 0) using errcode = 'QY001', detail = p_stream;
end $$;

create function append_write(
    p_stream text, p_expected bigint, p_types text[], p_data text[], p_meta text,
    p_parent text, p_closes boolean, p_claim_kinds text[], p_claim_values text[]
) returns void language plpgsql as $$
declare
    v_epoch integer;
    v_kind  text;
    v_value text;
begin
    v_epoch := move_stream(p_stream, p_expected, cardinality(p_types), p_parent, p_closes);
    if p_closes and exists (select 1 from streams where parent = p_stream and not closed) then
        raise exception '%', p_stream using errcode = 'QY006';
    end if;
    for v_kind, v_value in select * from unnest(p_claim_kinds, p_claim_values) loop
        insert into claims values (v_kind, v_value, p_stream) on conflict do nothing;
        if not found and not exists (
            select 1 from claims c where c.kind = v_kind and c.value = v_value and c.stream_id = p_stream
        ) then
            raise exception '%', v_value using errcode = 'QY003', detail = v_kind;
        end if;
    end loop;
    insert into events (stream_id, version, type, data, meta, epoch)
    select p_stream, p_expected + n, t, d::json, p_meta::jsonb, v_epoch
      from unnest(p_types, p_data) with ordinality as facts (t, d, n)
     order by n;
end $$;

-- The hot path: one command, one stream, one call, one transaction.
create function append_command(
    p_command uuid, p_fingerprint text,
    p_stream text, p_expected bigint, p_types text[], p_data text[], p_meta text,
    p_parent text, p_closes boolean, p_claim_kinds text[], p_claim_values text[],
    out answer_stream text, out answer_version bigint
) language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_version bigint := p_expected + cardinality(p_types);
begin
    perform pg_advisory_xact_lock(hashtextextended(p_stream, 0));
    select r.stream_id, r.version into answer_stream, answer_version
      from remember_command(p_command, p_fingerprint, p_stream, v_version) r;
    if answer_stream is not null then
        return;
    end if;
    perform append_write(p_stream, p_expected, p_types, p_data, p_meta, p_parent, p_closes, p_claim_kinds, p_claim_values);
    answer_stream := p_stream;
    answer_version := v_version;
end $$;

-- Several streams in the caller's transaction: begin_append first, then add_write for each.
create function begin_append(p_locks text[], p_command uuid, p_fingerprint text, p_stream text, p_version bigint)
    returns table (stream_id text, version bigint)
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform lock_streams(p_locks);
    return query select * from remember_command(p_command, p_fingerprint, p_stream, p_version);
end $$;

create function add_write(
    p_stream text, p_expected bigint, p_types text[], p_data text[], p_meta text,
    p_parent text, p_closes boolean, p_claim_kinds text[], p_claim_values text[]
) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform append_write(p_stream, p_expected, p_types, p_data, p_meta, p_parent, p_closes, p_claim_kinds, p_claim_values);
end $$;
