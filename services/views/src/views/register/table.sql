-- The read model `register`. Created in the schema of its build; `only_own` is the second fence behind scope.py.

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
create index entry_search on entry using gin (searchable public.gin_trgm_ops);

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

create function may_see(p_enterprise uuid) returns boolean language sql stable as $$
    select case current_setting('qingyuan.sees', true)
        when 'all' then true
        when 'enterprise' then p_enterprise::text = current_setting('qingyuan.place', true)
        when 'district' then exists (
            select 1 from district_of d
             where d.enterprise_id = p_enterprise and d.district = current_setting('qingyuan.place', true))
        else false
    end
$$;

alter table entry enable row level security;
alter table entry force row level security;
create policy only_own on entry using (may_see(enterprise_id));
alter table belief enable row level security;
alter table belief force row level security;
create policy only_own on belief using (may_see(enterprise_id));
alter table history enable row level security;
alter table history force row level security;
create policy only_own on history using (may_see(enterprise_id));
