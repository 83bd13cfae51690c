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
    closed    boolean not null default false,
    voided    boolean not null default false -- registered by mistake: it holds no claim, and its parent can be voided
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
create index claims_of_stream on claims (stream_id);

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
-- QY004 parent missing, QY005 parent closed, QY006 children open, QY007 command id reused, QY008 children not voided.

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
