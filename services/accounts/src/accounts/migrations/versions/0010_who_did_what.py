"""The security log tells who, from where, on whom and with which result."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    pass
