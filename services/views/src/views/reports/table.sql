-- The read model `reports`: reports with their rounds, verdicts and steps, and exemptions from rules. Created in the schema
-- of its build; `only_own` is the second check behind scope.py.
-- What was handed in once may be seen by others than its operator; a row of `report` shows what was handed in last.

create table report (
    id            uuid primary key,
    version       bigint not null,
    enterprise_id uuid   not null,
    operator_id   uuid   not null,
    district      text   not null,
    handed_in     boolean not null,
    state         text   not null,         -- draft, submitted, checked, returned, accepted, superseded, withdrawn
    round         integer not null,        -- of the last submission; 0 before the first
    number        text,                    -- texts of the document as typed; a draft may lack them
    doc_type      text,
    basis         text,
    conclusion    text,
    performed_from text,
    performed_to  text,
    first_day     date,
    last_day      date,
    points        uuid[] not null,
    factors       text[] not null,
    result        text,                    -- of the last verdict on the last submission, as all that follows
    blocking      boolean,
    urgency       integer not null,        -- of the regulator's queue, the worst first: `verdicts.py`
    failing       text[] not null,
    findings      text[] not null,
    warnings      integer not null,
    notes         integer not null,
    submitted_at  timestamptz,
    submitted_by  uuid,
    decided_at    timestamptz,
    decided_by    uuid,
    replaces      uuid,
    superseded_by uuid,
    listed_at     timestamptz not null,    -- when it was handed in last, or begun
    changed_at    timestamptz not null,
    changed_since boolean not null         -- by its operator, after it was returned
) with (fillfactor = 80);
create index report_by_time on report (listed_at desc, id desc);
create index report_of_operator on report (operator_id, listed_at desc, id desc);
create index report_of_enterprise on report (enterprise_id, listed_at desc, id desc);
create index report_of_district on report (district, listed_at desc, id desc);
create index report_waiting on report (urgency, listed_at, id) where state in ('submitted', 'checked');
create index report_by_urgency on report (urgency, listed_at, id);
create index report_by_day on report (first_day);

-- Found by `=`, which goes through an index under row-level security; operators of arrays do not.
create table report_point (
    report_id     uuid not null,
    point_id      uuid not null,
    enterprise_id uuid not null,
    operator_id   uuid not null,
    district      text not null,
    handed_in     boolean not null,
    primary key (point_id, report_id)
);
create index report_point_of_report on report_point (report_id);

-- Exemptions that the last verdict was told of.
create table report_exemption (
    report_id     uuid not null,
    exemption_id  uuid not null,
    enterprise_id uuid not null,
    operator_id   uuid not null,
    district      text not null,
    primary key (exemption_id, report_id)
);
create index report_exemption_of_report on report_exemption (report_id);

-- What its operator is writing, also after a return.
create table report_draft (
    report_id     uuid primary key,
    operator_id   uuid not null,
    document      json not null,
    points        uuid[] not null,
    file          json,
    originals     json not null
);

create table report_round (
    report_id     uuid    not null,
    round         integer not null,
    enterprise_id uuid    not null,
    operator_id   uuid    not null,
    district      text    not null,
    version       bigint  not null,        -- of the submission
    number        text    not null,
    document      json    not null,
    document_sha256 text  not null,
    file          json,
    originals     json    not null,
    by            uuid    not null,
    submitted_at  timestamptz not null,
    answer        text,
    review        json,
    primary key (report_id, round)
);

create table report_verdict (
    report_id     uuid    not null,
    version       bigint  not null,
    enterprise_id uuid    not null,
    operator_id   uuid    not null,
    district      text    not null,
    round         integer not null,
    verdict       json    not null,        -- with who, when, why, findings and exemptions
    primary key (report_id, version)
);

-- What the last verdict says of a factor: a place of a trend.
create table report_factor (
    report_id     uuid not null,
    at            text not null,
    enterprise_id uuid not null,
    operator_id   uuid not null,
    district      text not null,
    point_id      uuid not null,
    factor        text not null,
    instrument_id uuid,
    first_day     date not null,
    judged        json not null,
    primary key (report_id, at)
);
create index report_factor_of_instrument on report_factor (instrument_id, first_day) where instrument_id is not null;
create index report_factor_of_point on report_factor (point_id, factor, first_day);

-- What the last verdict says by a rule: `applied`, and each outcome that the rule has anywhere in the report.
create table report_rule (
    report_id     uuid not null,
    rule          text not null,
    outcome       text not null,
    enterprise_id uuid not null,
    operator_id   uuid not null,
    district      text not null,
    primary key (report_id, rule, outcome)
);
create index report_rule_by_outcome on report_rule (rule, outcome);

create table report_step (
    report_id     uuid    not null,
    version       bigint  not null,
    enterprise_id uuid    not null,
    operator_id   uuid    not null,
    district      text    not null,
    handed_in     boolean not null,        -- false: done to a draft that has not been handed in since
    what          text    not null,
    at            timestamptz not null,
    by            uuid,
    round         integer,
    text          text,
    primary key (report_id, version)
);

create table exemption (
    id            uuid primary key,
    version       bigint not null,
    enterprise_id uuid   not null,
    district      text   not null,
    rule          text   not null,
    point_id      uuid,
    factor        text,
    report_id     uuid,
    first_day     date   not null,
    last_day      date   not null,
    reason_code   text   not null,
    text          text   not null,
    document_number text,
    granted_at    timestamptz not null,
    granted_by    uuid   not null,
    ended_at      timestamptz,
    ended_by      uuid,
    end_reason    text
);
create index exemption_by_time on exemption (granted_at desc, id desc);
create index exemption_of_enterprise on exemption (enterprise_id, granted_at desc, id desc);
