"""Search by a part of a text. Pure."""


def pattern(search: str | None) -> str | None:
    """For LIKE on a column in lower case; None for nothing but blanks."""
    if not search or not search.strip():
        return None
    escaped = search.strip().lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
