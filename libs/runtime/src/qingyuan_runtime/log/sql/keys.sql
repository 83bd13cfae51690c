-- Keys of persons' data, in a database of their own with short-lived backups.

create table if not exists erased_subject (
    subject uuid primary key,
    erased  timestamptz not null default clock_timestamp()
);

create table if not exists subject_key (
    subject uuid primary key,
    wrapped bytea not null
);

-- The mark of an erasure also counts if a key is created at the same moment.
create or replace function refuse_key_of_erased() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtextextended(new.subject::text, 0));
    if exists (select 1 from erased_subject e where e.subject = new.subject) then
        raise exception 'subject is erased' using errcode = 'QY010';
    end if;
    return new;
end $$;
create or replace trigger subject_key_fence before insert on subject_key
    for each row execute function refuse_key_of_erased();

create or replace function lock_subject() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtextextended(new.subject::text, 0));
    return new;
end $$;
create or replace trigger erased_subject_lock before insert on erased_subject
    for each row execute function lock_subject();
