-- The copy `filed`. Created in the schema of its build. A filing and its resources are streams of their own and arrive
-- in any order, so nothing refers to anything; a resource is shown once the version that is filed is here too.

create table filing (
    operator_id   uuid primary key,
    begun         bigint not null,             -- version of the filing's stream at which it began, anew perhaps
    standing      text   not null,             -- active, locked, cancelled
    filed_on      date
);

create table resource_version (
    resource_id   uuid   not null,
    version       bigint not null,
    operator_id   uuid   not null,
    kind          text   not null,             -- person, device
    account_id    uuid,
    name          text   not null,
    model         text   not null,
    serial_number text   not null,
    papers        json   not null,
    replaced      uuid[] not null,             -- papers that renewals replaced up to this version
    primary key (resource_id, version)
);

create table filed_resource (
    resource_id    uuid   not null,
    version        bigint not null,
    operator_id    uuid   not null,
    filing_version bigint not null,
    primary key (resource_id, version)
);
create index filed_resource_of_operator on filed_resource (operator_id);

create table revoked (
    resource_id   uuid not null,
    paper_id      uuid not null,
    first_day     date not null,
    primary key (resource_id, paper_id)
);

create table ended (
    resource_id   uuid primary key,
    last_day      date not null
);
