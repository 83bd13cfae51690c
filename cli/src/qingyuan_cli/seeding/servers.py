"""Demo data are written only to the servers that the state folder has started itself."""

import os
from typing import Final

from qingyuan_local.state import State, last_running

SERVERS_OF_OTHERS: Final = ("DATABASE_URL", "KAFKA_BOOTSTRAP")
"""Variables that name servers which this folder did not start; their data may be of a real installation."""


class ServersOfOthers(Exception):
    """The system that runs uses servers which its state folder did not start."""

    def __init__(self) -> None:
        super().__init__(
            "没有建立演示数据：数据库或 Kafka 不是由本目录启动的（DATABASE_URL、KAFKA_BOOTSTRAP），"
            "其中可能有真实数据；演示账户、演示企业和演示记录只写入本机新建的系统。"
        )


def require_own_servers(system: State) -> None:
    """Raises `ServersOfOthers`. Asked before each seed: the servers of today need not be those of the last one."""
    if not has_own_servers(system):
        raise ServersOfOthers


def has_own_servers(system: State) -> bool:
    """By this shell's variables, and by what the supervisor has started: it may have been given other variables."""
    if any(map(os.environ.get, SERVERS_OF_OTHERS)):
        return False
    started = [process.name for process in last_running(system.folder)]
    return "postgres" in started and any(name.startswith("kafka-") for name in started)
