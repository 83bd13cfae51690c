"""What the tasks service's processes are told from outside, beside what all services are told."""

from qingyuan_runtime.settings import LogSettings


class TasksSettings(LogSettings):
    pass
