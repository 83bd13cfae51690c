"""The event store's tables and functions, for a service's first migration."""

from importlib.resources import files

READABLE = ("store_epoch", "streams", "events", "commands", "claims", "relay_cursor")
INNER = ("lock_streams", "remember_command", "check_parent", "move_stream", "append_write")
OUTER = ("append_command", "begin_append", "add_write")


def create_script() -> str:
    """SQL that makes the event store in an empty schema."""
    return (files("qingyuan_runtime") / "sql" / "event_store.sql").read_text()


def grant_script(role: str) -> str:
    """SQL that lets `role` read everything, append through the functions, and move a relay's cursor.

    It gets no right to write `events` itself: not even a mistaken statement can change a fact.
    """
    quoted = '"' + role.replace('"', '""') + '"'
    functions = ", ".join(f"{name}" for name in (*INNER, *OUTER))
    return f"""
        revoke execute on function {functions} from public;
        grant select on {", ".join(READABLE)} to {quoted};
        grant execute on function {", ".join(OUTER)} to {quoted};
        grant insert, update on relay_cursor to {quoted};
    """
