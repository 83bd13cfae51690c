-- What every build of every read model carries beside its own tables, in the schema of the build.

create table projection_offset (
    topic       text    not null,
    partition   integer not null,
    next_offset bigint  not null,
    primary key (topic, partition)
);

-- Which topic the offsets are of, and which epoch of its owner's log everything here agrees with.
create table followed (
    topic    text primary key,
    topic_id uuid    not null,
    epoch    integer not null
);

-- `epoch` is that of the fact at `version`: after a restore the same version may be given to another one. Null: not known.
create table projection_stream (
    stream_id text primary key,
    version   bigint not null,
    epoch     integer
) with (fillfactor = 80);

create table dead_letter (
    letter         bigint generated always as identity primary key,
    partition      integer not null, -- -1: it came from the log
    message_offset bigint  not null,
    stream_id      text    not null,
    version        bigint  not null, -- 0: the message does not say
    headers        jsonb   not null,
    value          text    not null,
    error          text    not null,
    set_aside      timestamptz not null default clock_timestamp()
);
create index dead_letter_in_order on dead_letter (stream_id, version, letter);
