-- The copy `contracted`: which operator works at which points, on which days.

create table contract (
    contract_id uuid primary key,
    operator_id uuid   not null,
    first_day   date   not null,
    last_day    date   not null,
    points      uuid[] not null default '{}', -- as the enterprise has confirmed them
    ended_on    date
);
create index contract_of_operator on contract (operator_id);
