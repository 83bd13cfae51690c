"""Sixteen writers in a process that tests kill: `append_role.py DSN`. Each receipt is printed as a line.

Writer n appends its k-th fact with a command id that follows from n and k, so that another process can repeat it.
"""

import asyncio
import sys
from uuid import UUID

from counting import meta, outlet
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.log.store import Receipt, Write
from qingyuan_runtime.log.store_postgres import PostgresStore

WRITERS = 16


def stream(writer: int) -> str:
    return f"writer-{writer}"


def command(writer: int, number: int) -> UUID:
    return UUID(int=(writer << 32) + number + 1)


async def append(store: PostgresStore, writer: int, number: int) -> Receipt:
    """The writer's fact with this number, counted from 0."""
    write = Write(stream(writer), number, (outlet(),))
    about = meta().model_copy(update={"command_id": command(writer, number)})
    return await store.append([write], about, "f")


async def write_on(store: PostgresStore, writer: int) -> None:
    number = 0
    while True:
        receipt = await append(store, writer, number)
        sys.stdout.write(f"{writer} {number} {receipt.version}\n")
        sys.stdout.flush()
        number += 1


async def main(dsn: str) -> None:
    pool: Pool = await open_pool(dsn, size=WRITERS)
    store = PostgresStore(pool)
    await asyncio.gather(*(write_on(store, writer) for writer in range(WRITERS)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
