"""Who uploads: everybody at work for an enterprise or an operator, and no quality officer, who only reads."""

from uuid import UUID

import pytest
from files.policy import uploader
from qingyuan_events import Actor, ActorRole
from qingyuan_runtime.edge.problems import Forbidden


@pytest.mark.parametrize("role", ["manager", "technician", None])
def test_who_is_at_work_uploads(role: ActorRole | None) -> None:
    actor = Actor(account=UUID(int=1), kind="operator", organisation=UUID(int=2), role=role)
    assert uploader(actor) == UUID(int=2)


def test_a_quality_officer_does_not() -> None:
    with pytest.raises(Forbidden):
        uploader(
            Actor(account=UUID(int=1), kind="operator", organisation=UUID(int=2), role="quality_officer")
        )
