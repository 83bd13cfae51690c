"""The roles of all kinds of accounts, invitations, and the person whom an account belongs to."""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    pass
