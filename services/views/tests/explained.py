"""How PostgreSQL has carried out a statement under row-level security: what tests of speed count instead of seconds."""

import json
from collections.abc import Iterator
from typing import Any

from read_models import Model
from views.shared.composed import Statement
from views.shared.scope import Scope
from views.shared.scoped import scoped
from views.shared.voided import introduce_points

Node = dict[str, Any]


async def nodes_of(model: Model, schema: str, scope: Scope, statement: Statement) -> list[Node]:
    async with scoped(model.reader, scope) as connection:
        await introduce_points(connection, scope)
        await connection.execute(f"set local search_path = {schema}")
        explained = f"explain (analyze, format json) {statement.sql}"
        told = await connection.fetchval(explained, *statement.parameters)
    return list(_nodes(json.loads(told)[0]["Plan"]))


def _nodes(plan: Node) -> Iterator[Node]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from _nodes(inner)


def of_table(nodes: list[Node], table: str) -> list[Node]:
    return [node for node in nodes if node.get("Relation Name") == table]


def lookups(nodes: list[Node], table: str) -> int:
    """How often the table was looked into."""
    return sum(node["Actual Loops"] for node in of_table(nodes, table))


def rows_read(nodes: list[Node], table: str) -> int:
    """Those that were filtered out included."""
    return sum(
        round((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"])
        for node in of_table(nodes, table)
    )
