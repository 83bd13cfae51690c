-- Which streams of filings refer to which files, with the operator of the fact. `said_by` as in `references.sql`.
create table reference (
    sha256      text not null,
    stream_id   text not null,
    operator_id uuid not null,
    said_by     uuid not null,
    primary key (sha256, stream_id, operator_id, said_by)
);
create index reference_of_stream on reference (stream_id);
