-- The parties and the district of every fact that refers to a file. Who may read is asked by the hash.
create table reference (
    sha256        text not null,
    operator_id   uuid not null,
    enterprise_id uuid not null,
    district      text not null,
    primary key (sha256, operator_id, enterprise_id, district)
);
