-- The read model `register`. Created in the schema of its build; `only_own` is the second check behind scope.py.

create table district_of (
    enterprise_id uuid primary key,
    district      text not null
);
create index district_of_district on district_of (district);

create table entry (
    id            uuid primary key,
    noun          text   not null,
    enterprise_id uuid   not null,
    parent_id     uuid,
    kind          text,
    factor        text,
    version       bigint not null,
    status        text   not null,
    replaces      uuid,
    replaced_by   uuid,
    title         text   not null,
    searchable    text   not null,
    latest        jsonb  not null,
    begun         timestamptz not null,
    changed       timestamptz not null
);
create index entry_list on entry (noun, title, id);
create index entry_of_enterprise on entry (enterprise_id, noun, title, id);
create index entry_of_parent on entry (parent_id, noun, title, id);
-- No trigram index on `searchable`: LIKE is not leakproof, so behind the policy below it would never be used.
-- Reading the column takes 6 ms for 15,000 instruments (`make bench BENCH=queries`).

create table belief (
    id          uuid    not null,
    number      integer not null,
    enterprise_id uuid  not null,
    valid_from  date    not null,
    valid_to    date,
    known_from  timestamptz not null,
    known_to    timestamptz,
    particulars jsonb   not null,
    primary key (id, number)
);

create table history (
    stream        text   not null,
    version       bigint not null,
    entry_id      uuid   not null,
    enterprise_id uuid   not null,
    type          text   not null,
    recorded_at   timestamptz not null,
    actor         jsonb  not null,
    day           date,
    reason        text,
    particulars   jsonb,
    related       uuid,
    trace_id      text,
    primary key (stream, version)
);

-- Requests of enterprises to change their name, credit code or district.
create table change (
    request_id    uuid primary key,
    enterprise_id uuid   not null,
    version       bigint not null,
    was           jsonb  not null,
    wanted        jsonb  not null,
    valid_from    date   not null,
    reason        text   not null,
    requested_at  timestamptz not null,
    status        text   not null,
    decision      text,
    decided_at    timestamptz
);
create index change_of_enterprise on change (enterprise_id);
create index change_waiting on change (requested_at) where status = 'pending';
