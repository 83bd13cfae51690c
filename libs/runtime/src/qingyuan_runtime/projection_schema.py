"""The tables every read model's build carries beside its own: offsets, stream versions, dead letters."""

from importlib.resources import files


def create_script() -> str:
    """SQL for the current schema of the connection."""
    return (files("qingyuan_runtime") / "sql" / "projection.sql").read_text()
