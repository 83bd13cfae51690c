"""An error as it may be logged: its kind and where in our code it was raised, but no content that a user has entered.

Messages of errors often quote content: a name, a phone number, a password. Libraries do this by themselves (pydantic
quotes the input, asyncpg the row), so only messages are logged that are known to be about servers and not about content.
"""

import logging
import traceback
from collections.abc import Iterator, MutableMapping
from types import TracebackType
from typing import Any, Final

import asyncpg
import structlog

ABOUT_SERVERS: Final = frozenset({"08", "25", "28", "3D", "40", "42", "53", "55", "57", "58"})
"""Classes of SQLSTATE whose messages name connections, roles, tables and columns. Those about data (22, 23) quote it."""
NAMING_NO_CONTENT: Final = (
    "aiokafka.",
    "qingyuan_runtime.bus.port",
    "qingyuan_runtime.process.unavailable",
    "qingyuan_runtime.process.isolated",
)

Chained = tuple[BaseException, TracebackType | None]


def summary_of(error: BaseException) -> str:
    """Such as `UniqueViolationError 23505 accounts_name_key`, `ConnectionRefusedError 111 Connection refused`, `ValueError`."""
    words = " ".join(str(word) for word in _words(error) if word)
    return f"{type(error).__name__} {' '.join(words.split())[:300]}".strip()


def _words(error: BaseException) -> Iterator[object]:
    match error:
        case BaseExceptionGroup():
            yield from (f"({summary_of(part)})" for part in error.exceptions)
        case asyncpg.PostgresError():
            state = str(getattr(error, "sqlstate", "") or "")
            yield state
            yield getattr(error, "constraint_name", None)
            yield getattr(error, "message", None) if state[:2] in ABOUT_SERVERS else None
        case asyncpg.InterfaceError() if not isinstance(error, ValueError):
            yield error
        case _ if type(error).__module__.startswith(NAMING_NO_CONTENT):
            yield error
        case OSError():
            yield error.errno
            yield error.strerror
        case _:
            code = getattr(error, "code", None)
            yield code if isinstance(code, str | int) else None


def summary_with_causes(error: BaseException) -> str:
    """With the lines of code of its traceback, and with the errors that caused it."""
    parts = [f"{''.join(traceback.format_tb(tb))}{summary_of(link)}" for link, tb in _chain(error)]
    return "\n-- and then --\n".join(reversed(parts))


def _chain(error: BaseException) -> Iterator[Chained]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link, link.__traceback__
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def without_values(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Log processor: replaces every error in the event by its summary."""
    if exc_info := event.pop("exc_info", None):
        error = exc_info if isinstance(exc_info, BaseException) else _error_in(exc_info)
        if error:
            event["exception"] = summary_with_causes(error)
    for name, value in event.items():
        if isinstance(value, BaseException):
            event[name] = summary_of(value)
    return event


def _error_in(exc_info: object) -> BaseException | None:
    if isinstance(exc_info, tuple):
        return exc_info[1] if isinstance(exc_info[1], BaseException) else None
    return None


class FromLibraries(logging.Handler):
    """Writes what libraries log in the format of our own lines. Errors among their arguments are summarised."""

    def emit(self, record: logging.LogRecord) -> None:
        event = {"library": record.name}
        if record.exc_info and record.exc_info[1]:
            event["exception"] = summary_with_causes(record.exc_info[1])
        level = "error" if record.levelno >= logging.ERROR else "warning"
        getattr(structlog.get_logger(), level)(_message(record), **event)


def _message(record: logging.LogRecord) -> str:
    """The first line only: in further lines asyncio writes the failed task together with its error."""
    args = record.args
    if isinstance(args, tuple):
        args = tuple(summary_of(arg) if isinstance(arg, BaseException) else arg for arg in args)
    try:
        text = str(record.msg) % args if args else str(record.msg)
    except (TypeError, ValueError):
        text = str(record.msg)
    return text.partition("\n")[0][:500]
