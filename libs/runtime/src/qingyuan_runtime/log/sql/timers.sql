-- What is to be asked when, in the schema of the projection that sets it. `cause`: the event that set it.

create table timer (
    stream_id   text        not null,
    what        text        not null,
    at          timestamptz not null,
    cause       uuid        not null,
    correlation uuid        not null,
    traceparent text,
    primary key (stream_id, what)
);
create index timer_in_order on timer (at, stream_id, what);
