-- The read model `filings`. Created in the schema of its build; `only_own` is the second check behind scope.py.
-- Facts of a filing and of its resources come in any order to each other: they are of different streams. So what a
-- filing says of a resource stands in tables of its own, and is joined when it is read.

create table filing (
    operator_id   uuid primary key,
    version       bigint not null,
    name          text   not null,             -- as in the basics, or as accounts knew it at the beginning
    uscc          text,
    state         text   not null,             -- draft, first_review, second_review, returned, filed
    number        integer not null,            -- of the last submission; 0: none yet
    moved_at      timestamptz not null,        -- since when it is in this state
    submitted_at  timestamptz,                 -- of the last submission
    returned      integer not null,            -- how often since it was last filed
    late          boolean not null,            -- the last submission had a change that was reported after its term
    filed_on      date,                        -- the first day on which it was filed
    standing      text   not null,             -- active, locked, asked (for its reactivation), cancelled
    basics        json,
    basics_version bigint,
    basics_changed_on date,
    filed_basics  json,
    detail        json not null
) with (fillfactor = 80);
create index filing_by_state on filing (state, moved_at, operator_id);
create index filing_by_move on filing (moved_at, operator_id);

create table resource (
    id            uuid primary key,
    operator_id   uuid   not null,
    kind          text   not null,
    version       bigint not null,
    own_version   bigint not null,             -- the last that the operator itself made
    title         text   not null,
    particulars   json   not null,
    changed_on    date   not null,
    ended_on      date,
    searched      text   not null,
    detail        json   not null
) with (fillfactor = 80);
create index resource_of_operator on resource (operator_id, kind, title, id);

create table resource_version (
    resource_id   uuid   not null,
    operator_id   uuid   not null,
    version       bigint not null,
    particulars   json   not null,
    changed_on    date   not null,
    ended_on      date,
    recorded_at   timestamptz not null,
    primary key (resource_id, version)
);

-- Papers as the operator states them now.
create table paper (
    paper_id      uuid   not null,
    resource_id   uuid   not null,
    operator_id   uuid   not null,
    resource_kind text   not null,
    kind          text   not null,
    number        text,
    issuer        text,
    title         text   not null,             -- of the resource
    valid_from    date,
    valid_to      date,
    revoked_from  date,
    primary key (resource_id, paper_id)
);
create index paper_by_end on paper (valid_to, resource_id, paper_id) where valid_to is not null;
create index paper_of_operator_by_end on paper (operator_id, valid_to, resource_id, paper_id) where valid_to is not null;
create index paper_revoked on paper (operator_id) where revoked_from is not null;

-- The version of each resource that is filed, and the one handed in last with what became of it.
create table filed_resource (
    resource_id   uuid primary key,
    operator_id   uuid not null,
    number        integer not null,
    version       bigint not null,
    filed_on      date not null,
    cancelled     boolean not null            -- the filing was cancelled since; work is judged by it all the same
);
-- Every version that was ever filed: work is judged by what was filed for its day, not by the last version alone.
create table filed_version (
    resource_id   uuid not null,
    operator_id   uuid not null,
    number        integer not null,
    version       bigint not null,
    primary key (resource_id, version)
);
create table submitted_resource (
    resource_id   uuid primary key,
    operator_id   uuid not null,
    number        integer not null,
    version       bigint not null,
    outcome       text not null,               -- waiting, passed, returned, withdrawn
    remarks       json not null,
    returned_version bigint                    -- the one that `remarks` are about
);
create index submitted_resource_of_operator on submitted_resource (operator_id, number);

-- Every fact of filings and resources without the personal data in it, of which an earlier day is worked out (past.py).
create table kept_fact (
    stream        text   not null,
    version       bigint not null,
    operator_id   uuid   not null,
    recorded_at   timestamptz not null,
    type          text   not null,
    actor         json   not null,
    fact          json   not null,
    primary key (stream, version)
);
create index kept_fact_of_operator on kept_fact (operator_id);

-- Information for the credit evaluation: documents as they stand, and what a year has.
create table credit_document (
    id            uuid primary key,
    operator_id   uuid   not null,
    version       bigint not null,
    kind          text   not null,
    title         text   not null,
    edition       text   not null,
    valid_from    date   not null,
    points        uuid[] not null,
    file          json   not null,
    filed_at      timestamptz not null,        -- this edition
    withdrawn     boolean not null
);
create index credit_document_of_operator on credit_document (operator_id, kind, title, id);

create table annual_year (
    id            uuid    not null unique,     -- of its stream
    operator_id   uuid    not null,
    year          integer not null,
    version       bigint  not null,
    plan          json,
    plan_late     boolean not null,
    closed        boolean not null,
    primary key (operator_id, year)
);

create table annual_entry (
    operator_id   uuid    not null,
    year          integer not null,
    entry_id      uuid    not null,
    entry         json    not null,
    late          boolean not null,
    recorded_at   timestamptz not null,
    primary key (operator_id, year, entry_id)
);

-- People and papers as they are filed, for questions about work: worked out anew from the tables above (filed_papers.py).
create table filed_person (
    resource_id   uuid primary key,
    operator_id   uuid not null,
    account_id    uuid not null,
    last_day      date not null                -- infinity: has not left
);
create index filed_person_of_account on filed_person (account_id, operator_id);

-- A paper of any filed version, as the newest of these versions states it. A revocation counts from its day on at once.
create table filed_paper (
    paper_id      uuid not null,
    resource_id   uuid not null,
    operator_id   uuid not null,
    resource_kind text not null,
    account_id    uuid,                        -- of a person, by the newest filed version
    title         text not null,
    kind          text not null,
    number        text,
    issuer        text,
    valid_from    date,
    valid_to      date,
    revoked_from  date,
    removed       boolean not null default false, -- a correction took it out, and no renewal replaced it: it holds on no day
    stated_first  date not null,               -- the days for which any filed version stated it
    stated_last   date not null,
    first_day     date not null generated always as (coalesce(valid_from, date '-infinity')) stored,
    last_day      date not null generated always as (
        case when removed then date '-infinity' else coalesce(least(valid_to, revoked_from - 1), date 'infinity') end) stored,
    primary key (resource_id, paper_id)
);
create index filed_paper_by_id on filed_paper (paper_id);
create index filed_paper_of_device on filed_paper (resource_id, operator_id, last_day) where resource_kind = 'device';
create index filed_paper_of_account on filed_paper (account_id, operator_id, last_day);

-- Spare parts and special equipment as they are filed. `part`: see work.part_use.
create table filed_part (
    resource_id   uuid primary key,
    operator_id   uuid not null,
    category      text not null,
    name          text not null,
    model         text not null,               -- empty where none is filed
    quantity      numeric not null,
    place         text not null,
    since         date not null,               -- the day of change from which this quantity was filed
    last_day      date not null,               -- infinity: is still there
    part          text not null generated always as (
        lower(regexp_replace(normalize(name || ' / ' || model, NFKC), '\s', '', 'g'))) stored
);
create index filed_part_of_operator on filed_part (operator_id, part);

-- Whether an operator is filed (filed, locked, none), from a day on and before another. Public, as the register of operators is.
create table standing (
    operator_id   uuid not null,
    number        integer not null,
    state         text not null,
    since         date not null,
    until         date not null,               -- infinity: it is so now
    primary key (operator_id, number)
);
