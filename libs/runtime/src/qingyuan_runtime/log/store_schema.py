"""SQL of the event store's tables, functions and grants, for migrations."""

from importlib.resources import files

TABLES = ("store_epoch", "streams", "events", "commands", "claims", "relay_cursor")
TABLES_OF_FOLLOWERS = ("store_epoch", "streams", "events")
INTERNAL_FUNCTIONS = ("lock_streams", "remember_command", "check_parent", "move_stream", "append_write")
"""Only the functions below call these."""
FUNCTIONS_OF_SERVICE = ("append_command", "append_commands", "begin_append", "add_write")


def create_script() -> str:
    """SQL that creates the event store in an empty schema."""
    return _sql("event_store") + _sql("append") + _sql("append_together")


def together_script(role: str) -> str:
    """SQL for an event store created before commands could be appended together."""
    return f"""{_sql("append_together")};
        revoke execute on function append_commands from public;
        grant execute on function append_commands to {_quoted(role)};
    """


def voiding_script(role: str) -> str:
    """SQL for an event store created before a stream could be voided and its claims released."""
    return f"""{_sql("voiding")}{_sql("append")}{_sql("append_together")};
        {_execution_script(role)}
    """


def grant_script(role: str) -> str:
    """SQL that lets `role` read everything, append through the functions, and store a relay's cursor.

    It gets no right to write to `events` directly, so that no faulty statement can change a fact.
    """
    quoted = _quoted(role)
    return f"""
        {_execution_script(role)}
        grant select on {", ".join(TABLES)} to {quoted};
        grant insert, update on relay_cursor to {quoted};
    """


def reader_script(role: str) -> str:
    """SQL that lets followers of the topic read its log, where the deployment has the reader role."""
    return f"""
        do $$ begin
            if exists (select from pg_roles where rolname = '{role}') then
                grant usage on schema public to {_quoted(role)};
                grant select on {", ".join(TABLES_OF_FOLLOWERS)} to {_quoted(role)};
            end if;
        end $$;
    """


def _execution_script(role: str) -> str:
    """SQL that lets `role` call the functions of a service, and nobody those that only they call."""
    return f"""
        revoke execute on function {", ".join((*INTERNAL_FUNCTIONS, *FUNCTIONS_OF_SERVICE))} from public;
        grant execute on function {", ".join(FUNCTIONS_OF_SERVICE)} to {_quoted(role)};
    """


def _sql(name: str) -> str:
    return (files("qingyuan_runtime.log") / "sql" / f"{name}.sql").read_text()


def _quoted(role: str) -> str:
    return '"' + role.replace('"', '""') + '"'
