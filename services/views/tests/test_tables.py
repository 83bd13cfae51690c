"""The tables that queries are composed with are those that the scripts make: the same columns, in order, of the same types."""

from collections.abc import Mapping, Sequence

import asyncpg
import pytest
from qingyuan_local.testing import DatabaseServer
from sqlalchemy import MetaData
from sqlalchemy.dialects.postgresql import dialect
from views.models import MODELS
from views.tables import confirmations, filings, register, reports, work

pytestmark = pytest.mark.servers

TABLES = {
    "register": register.TABLES,
    "work": work.TABLES,
    "confirmations": confirmations.TABLES,
    "filings": filings.TABLES,
    "reports": reports.TABLES,
}
Columns = Mapping[str, Sequence[tuple[str, str]]]


def declared(tables: MetaData) -> Columns:
    to_sql = dialect().type_compiler_instance.process
    return {
        table.name: [(column.name, to_sql(column.type).lower()) for column in table.columns]
        for table in tables.tables.values()
    }


async def made(server: DatabaseServer, model: str) -> Columns:
    connection = await asyncpg.connect(await server.fresh("tables"))
    await connection.execute(MODELS[model].script())
    rows = await connection.fetch(_COLUMNS)
    await connection.close()
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        found.setdefault(row["table"], []).append((row["column"], row["type"]))
    return found


_COLUMNS = """
    select c.relname as "table", a.attname as "column", format_type(a.atttypid, a.atttypmod) as "type"
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
     order by c.relname, a.attnum
"""


@pytest.mark.parametrize("model", MODELS)
async def test_tables_are_those_of_the_script(postgres_server: DatabaseServer, model: str) -> None:
    assert declared(TABLES[model]) == await made(postgres_server, model)


_OPEN = """
    select c.relname from pg_class c
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
       and not (c.relrowsecurity and c.relforcerowsecurity)
     order by 1
"""
NOBODYS = {
    "register": ["district_of"],
    "work": [],
    "confirmations": [],
    "filings": ["standing"],
    "reports": [],
}
"""Tables that hold nothing of anybody's: which enterprise lies in which district, and which operator is filed, is public."""


@pytest.mark.parametrize("model", MODELS)
async def test_every_table_shows_own_rows_only(postgres_server: DatabaseServer, model: str) -> None:
    connection = await asyncpg.connect(await postgres_server.fresh("tables"))
    await connection.execute(MODELS[model].script())
    assert [row["relname"] for row in await connection.fetch(_OPEN)] == NOBODYS[model]
    await connection.close()
