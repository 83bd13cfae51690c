"""The topic of the tasks service."""

from typing import ClassVar

from qingyuan_events.envelope import Fact


class TasksFact(Fact):
    topic: ClassVar[str] = "qingyuan.tasks"
