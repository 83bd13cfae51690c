from collections.abc import AsyncIterator

import pytest
from wechat_serving import Fake, running_fake


@pytest.fixture
async def fake() -> AsyncIterator[Fake]:
    async with running_fake() as fake:
        yield fake
