-- Several commands, each of one stream, in one transaction: under load a commit and a round trip cost more than a
-- command does. Each succeeds or fails by itself. All locks are taken first and in order, so two callers cannot
-- deadlock, and the transaction's xid is greater than every one that wrote to these streams before.
--
-- Facts and claims of all commands are passed one after the other, with how many belong to each. For a command that failed
-- the result is null and nothing is stored; the caller appends it again alone, to get the error.
create or replace function append_commands(
    p_commands uuid[], p_fingerprints text[], p_streams text[], p_expected bigint[], p_metas text[], p_parents text[],
    p_closes boolean[], p_facts integer[], p_types text[], p_data text[],
    p_claims integer[], p_claim_kinds text[], p_claim_values text[], p_voids boolean[] default '{}',
    p_releases boolean[] default '{}'
) returns table (answer_stream text, answer_version bigint)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    v_fact  integer := 1; -- the first fact and the first claim of the command at hand
    v_claim integer := 1;
begin
    perform lock_streams(p_streams);
    for i in 1 .. cardinality(p_commands) loop
        begin
            answer_stream := null;
            select r.stream_id, r.version into answer_stream, answer_version
              from remember_command(p_commands[i], p_fingerprints[i], p_streams[i], p_expected[i] + p_facts[i]) r;
            if answer_stream is null then
                perform append_write(
                    p_streams[i], p_expected[i], p_types[v_fact : v_fact + p_facts[i] - 1],
                    p_data[v_fact : v_fact + p_facts[i] - 1], p_metas[i], p_parents[i], p_closes[i],
                    p_claim_kinds[v_claim : v_claim + p_claims[i] - 1],
                    p_claim_values[v_claim : v_claim + p_claims[i] - 1],
                    coalesce(p_voids[i], false), coalesce(p_releases[i], false)
                );
                answer_stream := p_streams[i];
                answer_version := p_expected[i] + p_facts[i];
            end if;
        exception when others then
            answer_stream := null;
            answer_version := null;
        end;
        v_fact := v_fact + p_facts[i];
        v_claim := v_claim + p_claims[i];
        return next;
    end loop;
end $$;
