-- The read model `business`: what says that an operator worked in a year.

create table contract (
    contract_id uuid primary key,
    operator_id uuid not null,
    number      text not null,
    first_day   date not null,
    last_day    date not null,
    confirmed   boolean not null default false,
    ended_on    date
);
create index contract_of_operator on contract (operator_id);

create table visited (
    operator_id uuid    not null,
    year        integer not null,
    primary key (operator_id, year)
);
