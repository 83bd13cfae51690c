"""Builds facts that refer to files, stores files of known uploaders, and asks who may read them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from files.file_repository import FileRepository
from files.references import MODELS, References
from qingyuan_events import Actor, Fact, Meta, Recorded
from qingyuan_events.filing import FilingBasics, FilingBasicsChanged, Paper, ResourceAdded, VehicleParticulars
from qingyuan_events.parts import FileRef, Photo
from qingyuan_events.signoff import ConfirmationDisputed
from qingyuan_events.tasks import ContractSupplemented, VisitCompleted, VisitPhotoAdded
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.following.rebuilding import session_of
from uploading import ENTERPRISE, EVERYBODY, OPERATOR, OWNER, TECHNICIAN, sha256

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
PARTIES: dict[str, Any] = {"operator_id": OPERATOR, "enterprise_id": ENTERPRISE, "district": "310118"}


def ref(hash_: str) -> FileRef:
    return FileRef(sha256=hash_, size=1, media_type="image/jpeg")


def photo_added(original: str, shown: str | None = None, **changed: Any) -> VisitPhotoAdded:
    taken = Photo(
        photo_id=uuid4(),
        of="sign_in",
        original=ref(original),
        shown=ref(shown) if shown else None,
        taken_at=NOW,
    )
    places = {name: uuid4() for name in ("visit_id", "outlet_id", "point_id")}
    return VisitPhotoAdded(**PARTIES | places | changed, photo=taken, by=TECHNICIAN.account, received_at=NOW)


def completed(visit_id: UUID, content: str, **changed: Any) -> VisitCompleted:
    places = {"visit_id": visit_id, "outlet_id": uuid4(), "point_id": uuid4()}
    fields = {"day": NOW.date(), "contents": ("patrol",), "content_sha256": content}
    return VisitCompleted(**PARTIES | places | fields | changed)


def supplemented(*hashes: str, **changed: Any) -> ContractSupplemented:
    return ContractSupplemented(
        **PARTIES | changed,
        contract_id=uuid4(),
        text="补充协议",
        files=tuple(ref(sha256) for sha256 in hashes),
    )


def disputed(*hashes: str, **changed: Any) -> ConfirmationDisputed:
    ids = {name: uuid4() for name in ("confirmation_id", "visit_id", "outlet_id", "point_id")}
    photos = tuple(ref(sha256) for sha256 in hashes)
    return ConfirmationDisputed(
        **PARTIES | changed, **ids, reason="未见更换", photos=photos, by=OWNER.account, disputed_at=NOW
    )


def basics_changed(licence: str, operator_id: UUID = OPERATOR) -> FilingBasicsChanged:
    basics = FilingBasics(
        name="上海清测运维有限公司",
        uscc="91130200699229617X",
        registered_in="310000",
        registered_capital=Decimal(500),
        address="上海市青浦区清源路 1 号",
        scope=("wastewater",),
        projects=1,
        project_amount=Decimal(10),
        staff=12,
        business_licence=ref(licence),
    )
    return FilingBasicsChanged(operator_id=operator_id, basics=basics, changed_on=NOW.date())


def resource_added(*scans: str, operator_id: UUID = OPERATOR) -> ResourceAdded:
    papers = tuple(Paper(paper_id=uuid4(), kind="vehicle_licence", scan=ref(scan)) for scan in scans)
    vehicle = VehicleParticulars(plate="沪AD12345", ownership="owned", papers=papers)
    return ResourceAdded(
        operator_id=operator_id, resource_id=uuid4(), particulars=vehicle, changed_on=NOW.date()
    )


def recorded(fact: Fact, actor: Actor | None = None) -> Recorded[Fact]:
    """The fact on the stream of its aggregate. By default the enterprise causes facts of confirmations, the technician all others.

    The stream of a filing has the id of its operator.
    """
    command, noun = uuid4(), fact.type.split(".")[0]
    by = actor or (OWNER if noun == "confirmation" else TECHNICIAN)
    meta = Meta(actor=by, command_id=command, correlation=command)
    id_ = getattr(fact, "operator_id" if noun == "filing" else f"{noun}_id")
    return Recorded(f"{noun}-{id_}", 1, NOW, meta, fact)


class Reading:
    """Stores files of known uploaders, applies facts that refer to them, and asks who may read them."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    async def open(self) -> None:
        self.pool = await open_pool(self._dsn, size=2)
        self.files = FileRepository(self.pool)

    async def file(self, uploader: Actor, hash_: str | None = None, *, blank: bool = False) -> str:
        hash_ = hash_ or sha256(uuid4().bytes)
        assert uploader.organisation
        await self.pool.execute(
            """
            insert into file (sha256, organisation, account, size, media_type, name, blank)
            values ($1, $2, $3, 1, 'image/jpeg', 'x.jpg', $4)
            """,
            hash_, uploader.organisation, uploader.account, blank,
        )  # fmt: skip
        return hash_

    async def apply(self, *facts: Fact, by: Actor | None = None) -> None:
        for model in MODELS:
            mine = [recorded(fact, by) for fact in facts if fact.topic == model.topic]
            pool = await open_pool(self._dsn, size=1, session=session_of(model.model))
            async with pool.acquire() as connection:
                await model.apply(connection, mine)
            await pool.close()

    async def digests(self, model: References, streams: list[str]) -> dict[str, str]:
        pool = await open_pool(self._dsn, size=1, session=session_of(model.model))
        async with pool.acquire() as connection:
            found = await model.digests(connection, streams)
        await pool.close()
        return found

    async def readers(self, hash_: str) -> set[Actor]:
        return {actor for actor in EVERYBODY if await self.files.readable(hash_, actor)}
