-- The parties and the district of every stream that refers to a file, and the organisation whose account said so: only
-- what it uploaded itself is opened by its word. Who may read is asked by the hash.
create table reference (
    sha256        text not null,
    stream_id     text not null,
    operator_id   uuid not null,
    enterprise_id uuid not null,
    district      text not null,
    said_by       uuid not null,
    primary key (sha256, stream_id, operator_id, enterprise_id, district, said_by)
);
create index reference_of_stream on reference (stream_id);
