-- The contents of visits. Every file that a content refers to is also in an earlier fact of the same stream.
create table content (
    content_sha256 text not null,
    stream_id      text not null,
    operator_id    uuid not null,
    enterprise_id  uuid not null,
    district       text not null,
    primary key (content_sha256, stream_id)
);
create index content_of_stream on content (stream_id);
