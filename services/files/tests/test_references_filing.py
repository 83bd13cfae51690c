"""Who may read a paper that a filing refers to: its operator, every regulator, and administrators."""

import pytest
from files.references import FILING
from qingyuan_events import Actor
from referring import Reading, basics_changed, photo_added, recorded, resource_added
from uploading import (
    CITY,
    COLLEAGUE,
    DISTRICT,
    EVERYBODY,
    OFFICE,
    OTHER_DISTRICT,
    OTHER_OPERATOR,
    OWNER,
    TECHNICIAN,
)

pytestmark = pytest.mark.servers

UPLOADER = {TECHNICIAN, COLLEAGUE}
OPENED = UPLOADER | {DISTRICT, OTHER_DISTRICT, CITY, OFFICE}


async def test_every_regulator_reads_a_paper_and_no_enterprise_or_other_operator(reading: Reading) -> None:
    licence, scan, other = [await reading.file(TECHNICIAN) for _ in range(3)]
    assert await reading.readers(licence) == await reading.readers(scan) == UPLOADER
    await reading.apply(basics_changed(licence), resource_added(scan))
    assert await reading.readers(licence) == await reading.readers(scan) == OPENED
    assert await reading.readers(other) == UPLOADER


@pytest.mark.parametrize("says", [TECHNICIAN, OTHER_OPERATOR, OWNER, CITY])
async def test_a_fact_of_another_organisation_than_the_uploaders_opens_nothing(
    says: Actor, reading: Reading
) -> None:
    """Whoever knows a hash can write it into a filing, also into that of the operator whose file it is."""
    uploaders = [somebody for somebody in (TECHNICIAN, OTHER_OPERATOR, OWNER) if somebody is not says]
    hashes = {uploader: await reading.file(uploader) for uploader in uploaders}
    for operator in (TECHNICIAN, OTHER_OPERATOR):
        assert operator.organisation
        forged = resource_added(*hashes.values(), operator_id=operator.organisation)
        await reading.apply(forged, by=says)
    for uploader, hash_ in hashes.items():
        own = {somebody for somebody in EVERYBODY if somebody.organisation == uploader.organisation}
        assert await reading.readers(hash_) == own


async def test_two_operators_with_the_same_file_each_open_their_own(reading: Reading) -> None:
    both = await reading.file(TECHNICIAN)
    await reading.file(OTHER_OPERATOR, both)
    await reading.apply(resource_added(both))
    assert await reading.readers(both) == OPENED | {OTHER_OPERATOR}


async def test_an_operator_without_an_organisation_and_the_system_read_nothing(reading: Reading) -> None:
    scan = await reading.file(TECHNICIAN)
    await reading.apply(resource_added(scan))
    assert await reading.files.readable(scan, Actor(account=TECHNICIAN.account, kind="operator")) is None
    assert await reading.files.readable(scan, Actor(account=TECHNICIAN.account, kind="system")) is None


async def test_a_filing_opens_nothing_of_a_visit(reading: Reading) -> None:
    """A regulator of another district reads what is filed, and nothing else of the operator."""
    filed, of_visit = await reading.file(TECHNICIAN), await reading.file(TECHNICIAN)
    await reading.apply(resource_added(filed), photo_added(of_visit))
    assert OTHER_DISTRICT in await reading.readers(filed)
    assert await reading.readers(of_visit) == UPLOADER | {OWNER, DISTRICT, CITY, OFFICE}


async def test_built_anew_the_rows_amount_to_the_same(reading: Reading) -> None:
    first, second = basics_changed("a" * 64), resource_added("b" * 64, "c" * 64)
    streams = [recorded(first).stream, recorded(second).stream]
    await reading.apply(first, second, second)
    before = await reading.digests(FILING, streams)
    assert set(before) == set(streams)
    await reading.pool.execute("truncate references_filing.reference")
    await reading.apply(second)
    await reading.apply(first)
    assert await reading.digests(FILING, streams) == before
    await reading.pool.execute("delete from references_filing.reference where sha256 like 'c%'")
    after = await reading.digests(FILING, streams)
    assert [after[stream] == before[stream] for stream in streams] == [True, False]
