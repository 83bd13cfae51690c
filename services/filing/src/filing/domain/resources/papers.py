"""Rules for the papers of a resource: which fit it, their periods, and what a submission needs of them."""

from collections.abc import Iterator, Set
from datetime import date
from typing import Final

from qingyuan_events.filing import (
    DeviceParticulars,
    Paper,
    PaperKind,
    PersonParticulars,
    ResourceKind,
    ResourceParticulars,
    SparePartParticulars,
    VehicleParticulars,
)
from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.domain.problems import under

from filing.domain.shared import checks

PAPERS_MOST: Final = 20
KINDS_OF: Final[dict[ResourceKind, frozenset[PaperKind]]] = {
    "person": frozenset({"competence_certificate"}),
    "device": frozenset({"verification", "calibration"}),
    "vehicle": frozenset({"vehicle_licence", "lease"}),
    "spare_part": frozenset(),
}
NAMES: Final[dict[PaperKind, str]] = {
    "competence_certificate": "运维能力评定证书",
    "verification": "检定证书",
    "calibration": "校准证书",
    "vehicle_licence": "行驶证",
    "lease": "租赁合同",
}
SUBMITTED_FIELDS: Final[dict[PaperKind, tuple[tuple[str, str], ...]]] = {
    "competence_certificate": (("issuer", "发证机构"), ("number", "证书编号"), ("grade", "证书类别")),
    "verification": (("issuer", "检定机构"), ("number", "证书编号")),
    "calibration": (("issuer", "校准机构"), ("number", "证书编号")),
    "vehicle_licence": (),
    "lease": (("issuer", "出租方"), ("holder", "承租方")),
}
"""What a draft may leave open and a submission may not, beside the period and the scan."""


def problems(
    particulars: ResourceParticulars, stored: Set[str], known: tuple[Paper, ...]
) -> Iterator[Problem]:
    """`known`: the papers that the resource has already; their scans are stored."""
    if len(particulars.papers) > PAPERS_MOST:
        yield Problem("papers", "too-many", f"一个条目最多 {PAPERS_MOST} 份证件。")
        return
    if len({paper.paper_id for paper in particulars.papers}) < len(particulars.papers):
        yield Problem("papers", "repeated", "同一份证件出现了两次。")
    known_scans = tuple(paper.scan for paper in known)
    for number, paper in enumerate(particulars.papers):
        field = f"papers.{number}"
        if paper.kind not in KINDS_OF[particulars.kind]:
            yield Problem(f"{field}.kind", "fits", f"这类条目不登记{NAMES[paper.kind]}。")
        yield from under(field, checks.texts(paper))
        yield from under(field, _period(paper))
        yield from checks.scan(f"{field}.scan", paper.scan, stored, known_scans)
        yield from under(field, _overlap(paper, particulars.papers[:number]))
    yield from _leases(particulars)


def _period(paper: Paper) -> Iterator[Problem]:
    if paper.valid_from and paper.valid_to and paper.valid_to < paper.valid_from:
        yield Problem("valid_to", "reversed", "有效期止早于有效期起，请核对。")


def _overlap(paper: Paper, others: tuple[Paper, ...]) -> Iterator[Problem]:
    """Two papers of one number are one certificate; it cannot have two periods at once."""
    for other in others:
        if paper.number and (paper.kind, paper.number) == (other.kind, other.number) and _meet(paper, other):
            yield Problem("valid_from", "overlapping", f"编号 {paper.number} 的有效期与另一份重叠，请核对。")


def _meet(paper: Paper, other: Paper) -> bool:
    starts = max(paper.valid_from or date.min, other.valid_from or date.min)
    return starts <= min(paper.valid_to or date.max, other.valid_to or date.max)


def _leases(particulars: ResourceParticulars) -> Iterator[Problem]:
    if isinstance(particulars, VehicleParticulars) and particulars.ownership == "owned":
        for number, paper in enumerate(particulars.papers):
            if paper.kind == "lease":
                yield Problem(f"papers.{number}.kind", "owned", "自有车辆没有租赁合同；租赁的请改选“租赁”。")


def missing_for_submission(particulars: ResourceParticulars, operator: str) -> Iterator[Problem]:
    """What is still open in a draft. `operator`: the name in which a lease must be."""
    yield from _missing_papers(particulars)
    for number, paper in enumerate(particulars.papers):
        yield from under(f"papers.{number}", _missing_in(paper, operator))


def _missing_papers(particulars: ResourceParticulars) -> Iterator[Problem]:
    kinds = {paper.kind for paper in particulars.papers}
    match particulars:
        case DeviceParticulars() if not kinds:
            yield Problem("papers", "required", "请登记检定或校准证书。")
        case VehicleParticulars():
            if "vehicle_licence" not in kinds:
                yield Problem("papers", "required", "请登记行驶证。")
            if particulars.ownership == "leased" and "lease" not in kinds:
                yield Problem("papers", "required", "租赁的车辆请登记租赁合同。")
        case PersonParticulars() | SparePartParticulars() | DeviceParticulars():
            return


def _missing_in(paper: Paper, operator: str) -> Iterator[Problem]:
    name = NAMES[paper.kind]
    for field, title in SUBMITTED_FIELDS[paper.kind]:
        if getattr(paper, field) is None:
            yield Problem(field, "required", f"{name}还没有填写{title}。")
    if paper.valid_to is None:
        yield Problem("valid_to", "required", f"{name}还没有填写有效期止。")
    if paper.kind != "vehicle_licence" and paper.valid_from is None:
        yield Problem("valid_from", "required", f"{name}还没有填写有效期起。")
    if paper.scan is None:
        yield Problem("scan", "required", f"{name}的扫描件还没有上传。")
    if paper.kind == "lease" and paper.holder not in (None, operator):
        yield Problem("holder", "in-own-name", f"租赁合同应以本机构名义签订（{operator}）。")
