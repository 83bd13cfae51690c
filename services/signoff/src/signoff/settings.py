"""What the signoff service's processes are told from outside, beside what all services are told."""

from qingyuan_runtime.settings import LogSettings


class SignoffSettings(LogSettings):
    pass
