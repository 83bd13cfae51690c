"""Evaluates a form's checks on a sheet. Their findings are notes and warnings; none of them refuses a sheet."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from qingyuan_standards.checking_computed import Scope, Sheet, judged_by_band, near
from qingyuan_standards.forms_definition import Json, Level
from qingyuan_standards.formulas import SHOWN_DIGITS_MAX, distinct_text
from qingyuan_standards.local_times import day_of, when_of

UNVERIFIED: Mapping[str, str] = {
    "RECALL": "该要求尚未与标准原文核对，仅作提示。",
    "SEEN": "该要求来自第三方资料，尚未与标准原文核对，仅作提示。",
    "2SRC": "该要求由两处第三方资料印证，尚未与标准原文核对，仅作提示。",
}
"""Added to a finding's sentence if the rule was not verified against the text of the standard."""


@dataclass(frozen=True)
class Finding:
    """The result of a rule for a value. The sentence names the value, the limit and how far the rule is verified."""

    field: str
    rule: str
    level: Level
    sentence: str


Placeholders = Mapping[str, str]
"""The values for the placeholders of a check's sentence."""


def findings_of(form: Json, sheet: Sheet) -> tuple[Finding, ...]:
    """In the order of the form's checks, and within a check in the order of rows."""
    return tuple(
        finding
        for check in form["checks"]
        for scope in sheet.scopes(check)
        for finding in (_by_band if check["kind"] == "band" else _by_rule)(form, check, scope)
    )


def _by_rule(form: Json, check: Json, scope: Scope) -> Iterator[Finding]:
    placeholders = KINDS[check["kind"]](form, check, scope)
    if placeholders is not None:
        sentence = _sentence(check, placeholders)
        yield Finding(scope.path(check["field"]), check["rule"], check["level"], sentence)


def _by_band(form: Json, check: Json, scope: Scope) -> Iterator[Finding]:
    judged = judged_by_band(form, check["bands"], check["field"], scope)
    if judged is None:
        return
    band = judged.band
    placeholders = {
        "value": distinct_text(judged.value, _digits(form, band["judges"]), judged.limit),
        "limit": band["limit"],
        "unit": band["unit"],
        "level": distinct_text(
            scope.number(check["field"]) or Decimal(0), _digits(form, check["field"]), None
        ),
    }
    field, certainty = scope.path(band["judges"]), {"confidence": band.get("confidence")}
    if judged.beyond:
        sentence = _sentence({**certainty, "sentence": check["sentence"]}, placeholders)
        yield Finding(field, band["rule"], check["level"], sentence)
    elif "near" in band and near(judged, band["near"]):
        yield Finding(
            field,
            band["rule"],
            "note",
            _sentence({**certainty, "sentence": check["near_sentence"]}, placeholders),
        )


def _sentence(check: Json, placeholders: Placeholders) -> str:
    text = str(check["sentence"])
    for name, value in placeholders.items():
        text = text.replace(f"{{{name}}}", value)
    return text + UNVERIFIED.get(str(check.get("confidence")), "")


def _digits(form: Json, name: str) -> int:
    digits = (int(computed["digits"]) for computed in form["computed"] if computed["field"] == name)
    return next(digits, SHOWN_DIGITS_MAX)


def _value_text(form: Json, check: Json, scope: Scope, value: Decimal, limit: Decimal) -> str:
    """A computed value with the digits of the sheet; a number from the technician as it was written."""
    is_computed = any(computed["field"] == check["field"] for computed in form["computed"])
    if is_computed:
        return distinct_text(value, _digits(form, check["field"]), limit)
    return scope.text(check["field"]) or ""


# The kinds of check. Each returns the placeholders of its sentence, or None where the check is passed.


def _limit(form: Json, check: Json, scope: Scope) -> Placeholders | None:
    """|value| is at most the limit, or the value named in `or` is within the limit given there."""
    value, limit = scope.number(check["field"]), Decimal(check["limit"])
    if value is None or value.copy_abs() <= limit:
        return None
    other = check.get("or")
    instead = None if other is None else scope.number(other["field"])
    if other is not None and instead is not None and instead.copy_abs() <= Decimal(other["limit"]):
        return None
    return {"value": _value_text(form, check, scope, value, limit), "limit": check["limit"]}


def _between(form: Json, check: Json, scope: Scope) -> Placeholders | None:
    """The value lies between `from` and `to`, both included; either may be left out."""
    value = scope.number(check["field"])
    if value is None:
        return None
    for bound, outside in (("from", value.__lt__), ("to", value.__gt__)):
        if bound in check and outside(Decimal(check[bound])):
            return {
                "value": _value_text(form, check, scope, value, Decimal(check[bound])),
                "limit": check[bound],
            }
    return None


def _positive(form: Json, check: Json, scope: Scope) -> Placeholders | None:
    value = scope.number(check["field"])
    return (
        None if value is None or value > 0 else {"value": _value_text(form, check, scope, value, Decimal(0))}
    )


def _expiry(_form: Json, check: Json, scope: Scope) -> Placeholders | None:
    """A material is still valid on the day of its use; its last day of validity counts as valid."""
    last, used = scope.text(check["field"]), scope.text(check["used"])
    if last is None or used is None or day_of(last) is None or when_of(used) is None:
        return None
    return {"value": last, "limit": used[:10]} if last < used[:10] else None


def _order(_form: Json, check: Json, scope: Scope) -> Placeholders | None:
    """A day or time is not before another one."""
    later, earlier = scope.text(check["field"]), scope.text(check["after"])
    if later is None or earlier is None or when_of(later) is None or when_of(earlier) is None:
        return None
    length = min(len(later), len(earlier))
    return {"value": later, "limit": earlier} if later[:length] < earlier[:length] else None


def _is(_form: Json, check: Json, scope: Scope) -> Placeholders | None:
    """The value is none of those that need attention."""
    value = scope.text(check["field"])
    if value is None:
        computed = scope.value(check["field"])
        value = computed if isinstance(computed, str) else None
    return {"value": value} if value is not None and value in check["values"] else None


def _explained(form: Json, check: Json, scope: Scope) -> Placeholders | None:
    """Where a field of `of` has a value of `values`, the check's field explains it: by a text or at least one row."""
    unusual = [name for name in check["of"] if scope.text(name) in check["values"]]
    explained = scope.text(check["field"]) is not None or scope.sheet.rows(check["field"])
    if not unusual or explained:
        return None
    titles = form["schema"]["properties"]
    if "rows" in check:
        titles = {**titles, **titles[check["rows"]]["items"]["properties"]}
    return {"value": "、".join(titles[name]["title"] for name in unusual)}


KINDS: Mapping[str, Callable[[Json, Json, Scope], Placeholders | None]] = {
    "limit": _limit,
    "between": _between,
    "positive": _positive,
    "expiry": _expiry,
    "order": _order,
    "is": _is,
    "explained": _explained,
}
"""By the names that forms use. Checks of the kind `band` are in `_by_band`, since their rule depends on the value."""
