-- The read model `work`: contracts, plans, cycles and visits. Created in the schema of its build; `only_own` is the
-- second check behind scope.py, so every row says which enterprise, operator and district it belongs to.
-- What is never asked for by a part is kept as `json`: it is proven by hash, and `jsonb` would spell it anew.

create table contract (
    id            uuid primary key,
    version       bigint not null,
    enterprise_id uuid   not null,
    operator_id   uuid   not null,
    district      text   not null,
    number        text   not null,
    operator_name text   not null,
    enterprise_name text not null,         -- as it was told with the contract
    state         text   not null,         -- submitted, confirmed, declined, ended
    points        uuid[] not null,         -- none until the enterprise has confirmed them
    first_day     date   not null,
    last_day      date   not null,
    ended_on      date,                    -- the last day that the enterprise named when it ended the contract
    submitted     timestamptz not null,
    reminders     integer not null,        -- how often the enterprise was reminded, and when last
    reminded_at   timestamptz,
    replaces      uuid,                    -- the declined contract whose number it has taken again
    detail        json   not null
);
create index contract_of_enterprise on contract (enterprise_id, submitted desc, id);
create index contract_of_operator on contract (operator_id, submitted desc, id);
create index contract_that_replaces on contract (replaces) where replaces is not null;

create table plan (
    id            uuid primary key,
    version       bigint not null,
    enterprise_id uuid   not null,
    operator_id   uuid   not null,
    district      text   not null,
    contract_id   uuid   not null,
    name          text   not null,
    first_day     date   not null,
    last_day      date   not null,
    stopped_on    date,
    published     timestamptz not null,
    detail        json   not null
);
create index plan_of_contract on plan (contract_id);
create index plan_of_operator on plan (operator_id, published desc, id);

-- A window of a plan's item at one point of the plan. `visit_id` is the earliest visit that did the work in it.
create table cycle (
    plan_id       uuid    not null,
    item          integer not null,
    number        integer not null,
    point_id      uuid    not null,
    enterprise_id uuid    not null,
    operator_id   uuid    not null,
    district      text    not null,
    content       text    not null,
    opens         date    not null,
    closes        date    not null,
    gap_days_max  integer,
    stopped       boolean not null,
    visit_id      uuid,
    done_on       date,
    primary key (plan_id, item, number, point_id)
) with (fillfactor = 80);
create index cycle_by_day on cycle (closes, plan_id, item, number, point_id);
-- A plan writes its year at once, so the cycles of one week lie all over the table: the board counts them in here.
create index cycle_for_board on cycle (closes) include (district, operator_id, enterprise_id, visit_id, stopped);
create index cycle_of_operator on cycle (operator_id, closes);
create index cycle_of_enterprise on cycle (enterprise_id, closes);
create index cycle_of_point on cycle (point_id, closes);

create table visit (
    id            uuid primary key,
    version       bigint not null,
    enterprise_id uuid   not null,
    operator_id   uuid   not null,
    district      text   not null,
    outlet_id     uuid   not null,
    point_id      uuid   not null,
    state         text   not null,
    day           date   not null,
    worked_on     date   not null,         -- of a back-fill the arrival; papers are judged by it
    by            uuid   not null,
    people        uuid[] not null,         -- who opened it, who signed in, and who came along
    devices       uuid[] not null default '{}', -- the filed devices that it names; none of visits before this was asked for
    contents      text[] not null,
    sheets        integer not null,
    photos        integer not null,
    marks         text[] not null,
    implausible   boolean not null default false, -- set by travel.py alone: it follows from other visits too
    backfilled    boolean not null,
    obstructed    boolean not null,
    conflict      boolean not null,
    sign_in_at    timestamptz,
    sign_out_at   timestamptz,
    distance_m    numeric,
    began_at      timestamptz not null -- what a day's visits are sorted by; those without a sign-in come last
                  generated always as (coalesce(sign_in_at, timestamptz '1970-01-01 00:00+00')) stored
) with (fillfactor = 80);
create index visit_by_day on visit (day desc, began_at desc, id desc);
create index visit_of_operator on visit (operator_id, day desc, began_at desc, id desc);
create index visit_of_enterprise on visit (enterprise_id, day desc, began_at desc, id desc);
create index visit_of_point on visit (point_id, day desc, began_at desc, id desc);
create index visit_of_technician on visit (by, day desc, began_at desc, id desc);

create table visit_detail (
    id            uuid primary key,
    enterprise_id uuid not null,
    operator_id   uuid not null,
    district      text not null,
    detail        json not null
);

-- Every revision of every sheet. `counts` is true for the standing revisions of complete visits on which the work of their
-- content is recorded: work that was done.
create table sheet (
    visit_id      uuid    not null,
    revision_id   uuid    not null,
    number        bigint  not null, -- the version of the fact that brought it
    enterprise_id uuid    not null,
    operator_id   uuid    not null,
    district      text    not null,
    point_id      uuid    not null,
    form          text    not null,
    content       text    not null,
    day           date    not null,
    counts        boolean not null,
    revision      json    not null,
    primary key (visit_id, revision_id)
);
create index sheet_of_content on sheet (point_id, content, day desc, visit_id) where counts;
create index sheet_of_form on sheet (point_id, form, day desc, visit_id) where counts;

-- What the standing sheets of complete visits say was used: spare parts, reagents and gases. `part` is the same as in
-- filings.filed_part for the same name and model, however they are spaced and whatever their width and case.
create table part_use (
    visit_id      uuid    not null,
    revision_id   uuid    not null,
    place         integer not null,        -- on the sheet
    enterprise_id uuid    not null,
    operator_id   uuid    not null,
    district      text    not null,
    point_id      uuid    not null,
    day           date    not null,
    name          text    not null,
    model         text    not null,        -- empty where none was written
    lot           text    not null,        -- the same
    expires       date,
    expired       boolean not null,        -- before the day of the work
    quantity      numeric not null,
    unit          text    not null,
    part          text    not null generated always as (
        lower(regexp_replace(normalize(name || ' / ' || model, NFKC), '\s', '', 'g'))) stored,
    primary key (visit_id, revision_id, place)
);
create index part_use_of_operator on part_use (operator_id, day desc, visit_id desc, revision_id desc, place desc);
create index part_use_of_part on part_use (operator_id, part, day);

-- Where a person's device said it was, in WGS-84 degrees, to see who was in two places too soon after each other.
create table whereabouts (
    visit_id      uuid not null,
    part          text not null,
    enterprise_id uuid not null,
    operator_id   uuid not null,
    district      text not null,
    account       uuid not null,
    at            timestamptz not null,
    longitude     double precision not null,
    latitude      double precision not null,
    primary key (visit_id, part)
);
create index whereabouts_of_account on whereabouts (account, at);

-- What a month came to, for the board: a year of a city is summed up in milliseconds. A cycle belongs to the month in
-- which it closes. Whether the undone ones are missed follows from the day of the question.
create table visit_tally (
    month         date not null,
    enterprise_id uuid not null,
    operator_id   uuid not null,
    district      text not null,
    visits        integer not null,
    aborted       integer not null,
    empty         integer not null,
    complete      integer not null,
    late          integer not null,
    backfilled    integer not null,
    outside_fence integer not null,
    obstructed    integer not null,
    primary key (enterprise_id, month, operator_id, district)
);
create table cycle_tally (
    month         date not null,
    enterprise_id uuid not null,
    operator_id   uuid not null,
    district      text not null,
    planned       integer not null,
    done          integer not null,
    primary key (enterprise_id, month, operator_id, district)
);
create index visit_tally_of_operator on visit_tally (operator_id, month, district);
create index cycle_tally_of_operator on cycle_tally (operator_id, month, district);

-- The tallies of all enterprises together.
create table visit_total (
    month         date not null,
    operator_id   uuid not null,
    district      text not null,
    visits        integer not null,
    aborted       integer not null,
    empty         integer not null,
    complete      integer not null,
    late          integer not null,
    backfilled    integer not null,
    outside_fence integer not null,
    obstructed    integer not null,
    primary key (month, operator_id, district)
);
create table cycle_total (
    month         date not null,
    operator_id   uuid not null,
    district      text not null,
    planned       integer not null,
    done          integer not null,
    primary key (month, operator_id, district)
);
