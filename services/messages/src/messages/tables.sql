-- Messages are not rows of a read model: who has read them, and what was sent, must outlive a rebuild. The followers insert
-- into them with ids that follow from the fact and the rule, so facts that are told again change nothing.
create table public.message (
    message_id   uuid primary key,
    kind         text not null,
    organisation uuid,
    roles        text[], -- null: all of the organisation
    signers      boolean not null default false,
    account      uuid,
    district     text,
    stream       text not null,
    version      integer not null,
    subject      text, -- what of the stream it is about: a paper; of a digest, its hour
    title        text not null,
    text         text not null,
    link         text not null,
    phone_link   text,
    at           timestamptz not null,
    inbox        boolean not null default true,
    done_at      timestamptz,
    spread_at    timestamptz, -- null: whom it reaches by other ways than the inbox is not worked out yet
    check (num_nonnulls(organisation, account, district) = 1)
);
create index message_of_organisation on public.message (organisation, at desc, message_id desc) where inbox;
create index message_of_account on public.message (account, at desc, message_id desc) where inbox;
create index message_of_district on public.message (district, at desc, message_id desc) where inbox;
create index message_open_of_stream on public.message (stream) where done_at is null;
create index message_open_of_kind on public.message (kind, at) where done_at is null;
create index message_to_spread on public.message (at) where spread_at is null;

create table public.message_read (
    account    uuid not null,
    message_id uuid not null references public.message on delete cascade,
    read_at    timestamptz not null default clock_timestamp(),
    primary key (account, message_id)
);

create table public.preference (
    account      uuid primary key,
    choices      jsonb not null default '{}', -- kind → channel → wanted
    quiet        boolean not null default true,
    digest_hours text[] -- null: all that the rules name
);

-- One row for each message, way and account. `address` is kept only while it is needed.
create table public.delivery (
    provider_id uuid primary key,
    message_id  uuid not null references public.message on delete cascade,
    channel     text not null,
    account     uuid not null,
    organisation uuid,
    address     text,
    state       text not null default 'waiting' check (state in ('waiting', 'sending', 'sent', 'failed', 'unknown')),
    tries       integer not null default 0,
    next_try    timestamptz not null,
    claimed_at  timestamptz,
    ended_at    timestamptz,
    error       text,
    unique (message_id, channel, account)
);
create index delivery_waiting on public.delivery (next_try) where state = 'waiting';
create index delivery_sending on public.delivery (claimed_at) where state = 'sending';
create index delivery_failed on public.delivery (ended_at desc) where state in ('failed', 'unknown');
