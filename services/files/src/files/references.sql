-- The parties and the district of every stream that refers to a file. Who may read is asked by the hash.
create table reference (
    sha256        text not null,
    stream_id     text not null,
    operator_id   uuid not null,
    enterprise_id uuid not null,
    district      text not null,
    primary key (sha256, stream_id, operator_id, enterprise_id, district)
);
create index reference_of_stream on reference (stream_id);
