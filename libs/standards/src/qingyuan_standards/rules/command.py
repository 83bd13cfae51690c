"""`python -m qingyuan_standards`: checks a report, and compares catalogues. Needs this package alone.

Each function gives an exit status and what to print, so that another command line can offer the same.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from qingyuan_standards.factors import FACTORS
from qingyuan_standards.rules.checking import check
from qingyuan_standards.rules.comparing import Difference, differences
from qingyuan_standards.rules.document import Refused
from qingyuan_standards.rules.loading import Catalogue, UnknownCatalogue, catalogue, catalogue_in, versions
from qingyuan_standards.rules.records import BadCatalogue
from qingyuan_standards.rules.saying import RESULTS
from qingyuan_standards.rules.verdict import FactorVerdict, Verdict

SIZE_MAX: Final = 5_000_000
GOOD: Final = frozenset({"pass", "not_judged"})
USAGE: Final = """用法：
  qingyuan check report.json [--json]       按规则目录检查一份报告
  qingyuan standards diff OLD NEW           比较两个规则目录（版本或文件夹）
"""
KINDS: Final = {"added": "新增", "removed": "删除", "changed": "改动"}
SEVERITIES: Final = {"warning": "警告", "note": "提示"}

Outcome = tuple[int, str]


class Unreadable(ValueError):
    """The file is no JSON that can be checked."""


def run(arguments: Sequence[str]) -> Outcome:
    status, told = _run(arguments)
    return status, writable(told)


def writable(told: str) -> str:
    """Half of a surrogate pair, which JSON may hold, cannot be written: it is written as its escape."""
    return told.encode("utf-8", "backslashreplace").decode("utf-8")


def _run(arguments: Sequence[str]) -> Outcome:
    match list(arguments):
        case ["check", path] if not path.startswith("-"):
            return checked(Path(path), as_json=False)
        case ["check", path, "--json"] | ["check", "--json", path]:
            return checked(Path(path), as_json=True)
        case ["standards", "diff", old, new]:
            return compared(old, new)
        case _:
            return 2, USAGE


def checked(path: Path, *, as_json: bool) -> Outcome:
    """0: nothing fails. 1: a rule fails, needs review or lacks data. 2: the document is refused."""
    try:
        verdict = check(_parsed(path), catalogue())
    except Unreadable as error:
        return 2, _refused([{"at": "", "code": "document.unreadable", "sentence": str(error)}], as_json)
    except Refused as refusal:
        told = [{"at": p.at, "code": p.code, "sentence": p.sentence} for p in refusal.problems]
        return 2, _refused(told, as_json)
    status = 0 if verdict.result in GOOD else 1
    return status, _json(verdict.as_json()) if as_json else "\n".join(_lines(verdict)) + "\n"


def _parsed(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            content = file.read(SIZE_MAX + 1)
    except OSError as error:
        raise Unreadable(f"无法读取 {path}：{error.strerror}。") from error
    if len(content) > SIZE_MAX:
        raise Unreadable(f"{path} 过大，最多 {SIZE_MAX // 1_000_000} MB。")
    try:
        return json.loads(content.decode("utf-8-sig"))
    except RecursionError as error:
        raise Unreadable(f"{path} 的层次过深。") from error
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path} 不是 UTF-8 编码的文件。") from error
    except ValueError as error:
        line = f"第 {error.lineno} 行" if isinstance(error, json.JSONDecodeError) else ""
        raise Unreadable(f"{path} {line}不是正确的 JSON。") from error


def _refused(problems: list[dict[str, str]], as_json: bool) -> str:
    if as_json:
        return _json({"problems": problems})
    lines = [f"报告有 {len(problems)} 处问题，没有检查："]
    return "\n".join([*lines, *(f"  {each['sentence']}（{each['code']}）" for each in problems)]) + "\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _lines(verdict: Verdict) -> Iterator[str]:
    blocking = "，有阻断项" if verdict.blocking else ""
    yield f"结论：{RESULTS[verdict.result]}{blocking}"
    yield f"规则目录：{verdict.catalogue_version}（SHA-256 {verdict.catalogue_sha256[:16]}…）"
    for factor in verdict.factors:
        yield from _factor_lines(factor)
    if verdict.findings:
        yield f"\n另有 {len(verdict.findings)} 项发现："
        yield from (f"  [{SEVERITIES[each.severity]}] {each.sentence}" for each in verdict.findings)


def _factor_lines(verdict: FactorVerdict) -> Iterator[str]:
    factor = verdict.factor
    yield f"\n{factor.point} {FACTORS[factor.code][0]}（{factor.basis}）：{RESULTS[verdict.result]}"
    for judged in verdict.judged:
        block = "，阻断" if judged.blocking else ""
        yield f"  [{RESULTS[judged.result]}{block}] {judged.sentence}"
    yield from (f"  [缺] {what}" for what in (*verdict.lacking, *verdict.known_missing))


def compared(old: str, new: str) -> Outcome:
    """0: the same rules. 1: they differ. 2: one cannot be read."""
    try:
        before, after = _catalogue(old), _catalogue(new)
    except (UnknownCatalogue, BadCatalogue, OSError) as error:
        return 2, f"{_why(error)}\n"
    found = differences(before, after)
    head = f"{before.version}（{before.sha256[:16]}…）→ {after.version}（{after.sha256[:16]}…）"
    return (1 if found else 0), "\n".join(
        [head, *map(_difference, found), f"共 {len(found)} 处不同。"]
    ) + "\n"


def _catalogue(name: str) -> Catalogue:
    return catalogue(name) if name in versions() else _in_folder(Path(name))


def _in_folder(folder: Path) -> Catalogue:
    if not folder.is_dir():
        raise UnknownCatalogue(folder.name)
    return catalogue_in(folder)


def _why(error: Exception) -> str:
    if isinstance(error, UnknownCatalogue):
        return f"没有规则目录 {error}；有版本 {'、'.join(versions())}，也可以是一个文件夹。"
    return f"规则目录不能使用：{error}"


def _difference(difference: Difference) -> str:
    fields = f"：{'、'.join(difference.fields)}" if difference.fields else ""
    return f"  {KINDS[difference.kind]} {difference.rule}{fields}"
