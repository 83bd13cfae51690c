-- The read model `confirmations`. Created in the schema of its build; `only_own` is the second check behind scope.py.

create table confirmation (
    id            uuid primary key,
    version       bigint not null,
    enterprise_id uuid   not null,
    operator_id   uuid   not null,
    district      text   not null,
    outlet_id     uuid   not null,
    point_id      uuid   not null,
    visit_id      uuid   not null,
    visit_day     date   not null,
    state         text   not null,
    requested_at  timestamptz not null,
    due_at        timestamptz not null,
    content_sha256 text  not null,
    signed_at     timestamptz,
    late          boolean,
    signed_content_sha256 text,
    disputed      boolean not null,
    escalated     boolean not null,
    originals_at  timestamptz,             -- when the last original of the content came; null: nobody has said so
    originals_late boolean not null,       -- it came after the day on which the enterprise was asked, at any time
    detail        json   not null
) with (fillfactor = 80);
create unique index confirmation_of_visit on confirmation (visit_id);
create index confirmation_by_day on confirmation (visit_day desc, requested_at desc, id desc);
create index confirmation_of_operator on confirmation (operator_id, visit_day desc, requested_at desc, id desc);
create index confirmation_of_enterprise on confirmation (enterprise_id, visit_day desc, requested_at desc, id desc);

-- What the visits of a month came to, for the board.
create table confirmation_tally (
    month         date not null,
    enterprise_id uuid not null,
    operator_id   uuid not null,
    district      text not null,
    signed        integer not null,
    signed_late   integer not null,
    disputed      integer not null,
    escalated     integer not null,
    originals_late integer not null,
    primary key (enterprise_id, month, operator_id, district)
);
create index confirmation_tally_of_operator on confirmation_tally (operator_id, month, district);

-- The tallies of all enterprises together.
create table confirmation_total (
    month         date not null,
    operator_id   uuid not null,
    district      text not null,
    signed        integer not null,
    signed_late   integer not null,
    disputed      integer not null,
    escalated     integer not null,
    originals_late integer not null,
    primary key (month, operator_id, district)
);
