-- The contents of visits that are known here. All that a content refers to was told before it, on the same stream.
create table content (
    content_sha256 text not null,
    stream_id      text not null,
    operator_id    uuid not null,
    enterprise_id  uuid not null,
    district       text not null,
    primary key (content_sha256, stream_id)
);
create index content_of_stream on content (stream_id);
