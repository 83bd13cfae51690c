-- The copy `installed`. Created in the schema of its build. Rows of different streams arrive in any order, so nothing
-- refers to anything; a point is known once its enterprise is here too.

create table enterprise (
    enterprise_id uuid primary key,
    district      text not null
);

create table point (
    point_id      uuid primary key,
    enterprise_id uuid not null,
    voided        boolean not null default false
);

create table instrument (
    instrument_id uuid primary key,
    point_id      uuid not null,
    first_day     date not null,
    ends          date
);
