-- The copy `places`. Created in the schema of its build. Rows of different streams arrive in any order, so nothing
-- refers to anything; a point is shown once its enterprise is here too.

create table enterprise (
    enterprise_id uuid primary key,
    name          text not null,
    uscc          text not null,
    district      text not null
);
create index enterprise_uscc on enterprise (uscc);

create table point (
    point_id      uuid primary key,
    outlet_id     uuid   not null,
    enterprise_id uuid   not null,
    code          text   not null,
    name          text   not null,
    medium        text   not null,
    factors       text[] not null,
    location      jsonb,
    ends          date
);
create index point_of_enterprise on point (enterprise_id);

create table instrument (
    instrument_id uuid primary key,
    point_id      uuid not null,
    kind          text not null,
    factor        text,
    model         text not null,
    serial_number text,
    ends          date
);
create index instrument_of_point on instrument (point_id);
