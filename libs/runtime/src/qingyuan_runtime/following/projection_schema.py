"""The tables that every build of a read model has beside its own: position, stream versions, dead letters."""

from importlib.resources import files


def create_script() -> str:
    """SQL for the current schema of the connection."""
    return (files("qingyuan_runtime.log") / "sql" / "projection.sql").read_text()


def position_script(schema: str, role: str, own_script: str = "") -> str:
    """SQL for a migration: the schema in which a reaction, or a projection that is never rebuilt, stores its position.

    `own_script` creates further tables in it. `role` may read and write all of them.
    """
    return f"""
        create schema "{schema}";
        set local search_path = "{schema}";
        {create_script()}
        {own_script}
        set local search_path = public;
        {position_grants(schema, role)}
    """


def position_grants(schema: str, role: str) -> str:
    """SQL that grants `role` its rights on such a schema. Safe to repeat."""
    return f"""
        grant usage on schema "{schema}" to "{role}";
        grant select, insert, update, delete on all tables in schema "{schema}" to "{role}";
    """
