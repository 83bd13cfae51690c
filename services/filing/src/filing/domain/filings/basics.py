"""Rules for the basics of a filing: what may be entered, and what a submission needs."""

from collections.abc import Collection, Iterator, Set
from decimal import Decimal
from typing import Final

from qingyuan_events.filing import FilingBasics
from qingyuan_runtime.domain.decider import Problem
from qingyuan_standards.provinces import PROVINCES
from qingyuan_standards.uscc import is_uscc

from filing.domain.shared import checks

NUMBERS_MOST: Final = Decimal(10) ** 9
FILES: Final = {"business_licence": "营业执照", "workplace_proof": "工作场所证明"}
PEOPLE: Final = {"legal_representative": "法定代表人", "contact": "联系人"}


def problems(basics: FilingBasics, stored: Set[str], was: FilingBasics | None) -> Iterator[Problem]:
    yield from checks.texts(basics)
    if not is_uscc(basics.uscc):
        yield Problem("uscc", "GB 32100", "统一社会信用代码不正确，请核对 18 位代码和校验位。")
    if basics.registered_in not in PROVINCES:
        yield Problem("registered_in", "GB/T 2260", "登记所在地应为省级行政区划代码。")
    yield from _scope(basics)
    for field in ("registered_capital", "project_amount", "projects", "staff"):
        if not 0 <= Decimal(getattr(basics, field)) <= NUMBERS_MOST:
            yield Problem(field, "range", "应为 0 到 10 亿之间的数。")
    for field in FILES:
        known = (getattr(was, field),) if was else ()
        yield from checks.scan(field, getattr(basics, field), stored, known)


def _scope(basics: FilingBasics) -> Iterator[Problem]:
    if not basics.scope:
        yield Problem("scope", "required", "请至少选择一项业务范围。")
    elif len(set(basics.scope)) < len(basics.scope):
        yield Problem("scope", "repeated", "业务范围重复。")
    if ("other" in basics.scope) != (basics.scope_other is not None):
        yield Problem("scope_other", "with-other", "选择“其他”时请说明，没有选择时请留空。")


def missing_for_submission(basics: FilingBasics | None, people: Collection[str]) -> Iterator[Problem]:
    if basics is None:
        yield Problem("basics", "required", "请先填写备案基本信息。")
        return
    for field, title in FILES.items():
        if getattr(basics, field) is None:
            yield Problem(f"basics.{field}", "required", f"{title}还没有上传。")
    for field, title in PEOPLE.items():
        if field not in people:
            yield Problem(field, "required", f"还没有填写{title}。")
