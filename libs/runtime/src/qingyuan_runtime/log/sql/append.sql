-- How one write comes into the log; each function replaces the one of an older store.

create or replace function check_parent(p_parent text) returns void language plpgsql as $$
declare
    v_closed boolean;
begin
    select closed into v_closed from streams where stream_id = p_parent for share;
    if v_closed is null then
        raise exception '%', p_parent using errcode = 'QY004';
    elsif v_closed then
        raise exception '%', p_parent using errcode = 'QY005';
    end if;
end $$;

create or replace function move_stream(
    p_stream text, p_expected bigint, p_count integer, p_parent text, p_closes boolean, p_voids boolean
) returns integer language plpgsql as $$
declare
    v_epoch   integer;
    v_version bigint;
begin
    select epoch into strict v_epoch from store_epoch;
    if p_expected = 0 then
        if p_parent is not null then
            perform check_parent(p_parent);
        end if;
        insert into streams values (p_stream, p_count, v_epoch, pg_current_xact_id(), p_parent, p_closes, p_voids)
            on conflict do nothing;
    else
        update streams
           set version = version + p_count, epoch = v_epoch, last_xid = pg_current_xact_id(),
               closed = closed or p_closes, voided = voided or p_voids
         where stream_id = p_stream and version = p_expected
           and (epoch, last_xid) <= (v_epoch, pg_current_xact_id());
    end if;
    if found then
        return v_epoch;
    end if;
    select version into v_version from streams where stream_id = p_stream;
    if v_version = p_expected then
        raise exception 'older transaction' using errcode = 'QY002';
    end if;
    raise exception '%', coalesce(v_version, 0) using errcode = 'QY001', detail = p_stream;
end $$;

create or replace function append_write(
    p_stream text, p_expected bigint, p_types text[], p_data text[], p_meta text,
    p_parent text, p_closes boolean, p_claim_kinds text[], p_claim_values text[], p_voids boolean default false,
    p_releases boolean default false
) returns void language plpgsql as $$
declare
    v_epoch integer;
    v_kind  text;
    v_value text;
begin
    v_epoch := move_stream(p_stream, p_expected, cardinality(p_types), p_parent, p_closes, p_voids);
    if p_voids and exists (select 1 from streams where parent = p_stream and not voided) then
        raise exception '%', p_stream using errcode = 'QY008';
    elsif p_closes and exists (select 1 from streams where parent = p_stream and not closed) then
        raise exception '%', p_stream using errcode = 'QY006';
    end if;
    if p_releases then
        delete from claims where stream_id = p_stream;
    end if;
    for v_kind, v_value in select * from unnest(p_claim_kinds, p_claim_values) loop
        insert into claims values (v_kind, v_value, p_stream) on conflict do nothing;
        if not found and not exists (
            select 1 from claims c where c.kind = v_kind and c.value = v_value and c.stream_id = p_stream
        ) then
            raise exception '%', v_value using errcode = 'QY003', detail = v_kind;
        end if;
    end loop;
    if p_voids then
        delete from claims where stream_id = p_stream;
    end if;
    insert into events (stream_id, version, type, data, meta, epoch)
    select p_stream, p_expected + n, t, d::json, p_meta::jsonb, v_epoch
      from unnest(p_types, p_data) with ordinality as facts (t, d, n)
     order by n;
end $$;

-- The hot path: one command, one stream, one call, one transaction.
create or replace function append_command(
    p_command uuid, p_fingerprint text,
    p_stream text, p_expected bigint, p_types text[], p_data text[], p_meta text,
    p_parent text, p_closes boolean, p_claim_kinds text[], p_claim_values text[], p_voids boolean default false,
    p_releases boolean default false, out answer_stream text, out answer_version bigint
) language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_version bigint := p_expected + cardinality(p_types);
begin
    perform pg_advisory_xact_lock(hashtextextended(p_stream, 0));
    select r.stream_id, r.version into answer_stream, answer_version
      from remember_command(p_command, p_fingerprint, p_stream, v_version) r;
    if answer_stream is not null then
        return;
    end if;
    perform append_write(
        p_stream, p_expected, p_types, p_data, p_meta, p_parent, p_closes, p_claim_kinds, p_claim_values, p_voids,
        p_releases
    );
    answer_stream := p_stream;
    answer_version := v_version;
end $$;

-- Several streams in the caller's transaction: begin_append first, then add_write for each.
create or replace function begin_append(p_locks text[], p_command uuid, p_fingerprint text, p_stream text, p_version bigint)
    returns table (stream_id text, version bigint)
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform lock_streams(p_locks);
    return query select * from remember_command(p_command, p_fingerprint, p_stream, p_version);
end $$;

create or replace function add_write(
    p_stream text, p_expected bigint, p_types text[], p_data text[], p_meta text,
    p_parent text, p_closes boolean, p_claim_kinds text[], p_claim_values text[], p_voids boolean default false,
    p_releases boolean default false
) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
    perform append_write(
        p_stream, p_expected, p_types, p_data, p_meta, p_parent, p_closes, p_claim_kinds, p_claim_values, p_voids,
        p_releases
    );
end $$;
