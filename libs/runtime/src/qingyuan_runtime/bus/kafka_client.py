"""What the producer and the consumer of Kafka share: time limits, and the port's exceptions for those of the client."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from qingyuan_runtime.bus.port import OffsetGone, Unreachable
from qingyuan_runtime.process.closing import is_cancelled, quietly

CLOSE_SECONDS = 1.5


@contextmanager
def translated_errors() -> Iterator[None]:
    """Raise the port's exceptions for those of the client.

    aiokafka may also raise the cancellation of a task of its own. That is an error here, not a request to stop.
    """
    try:
        yield
    except OffsetOutOfRangeError as error:
        raise OffsetGone(str(error)) from error
    except KafkaError as error:
        raise Unreachable(_message_of(error)) from error
    except asyncio.CancelledError as error:
        if is_cancelled():
            raise
        raise Unreachable("the client gave up") from error


def _message_of(error: KafkaError) -> str:
    return str(error) or type(error).__name__


async def close_all(*steps: Callable[[], Awaitable[Any]]) -> None:
    """Run every step of closing a client, even if an earlier one fails or hangs."""
    for step in steps:
        await quietly(step(), within=CLOSE_SECONDS)
