-- Which streams refer to which files, with the parties and the district of the fact. `said_by` is the organisation whose
-- account caused the fact: the reference lets others read the file only if that organisation uploaded it.
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
