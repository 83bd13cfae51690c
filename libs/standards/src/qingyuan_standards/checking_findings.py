"""What a form's checks say of a sheet. They note and warn; none of them refuses."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from qingyuan_standards.checking_computed import Scope, Sheet, judged_by_band, near
from qingyuan_standards.forms_definition import Json, Level
from qingyuan_standards.forms_schema import day_of, when_of
from qingyuan_standards.formulas import shown

SHOWN_DIGITS_MAX = 6

UNVERIFIED: Mapping[str, str] = {
    "RECALL": "该要求尚未与标准原文核对，仅作提示。",
    "SEEN": "该要求来自第三方资料，尚未与标准原文核对，仅作提示。",
    "2SRC": "该要求由两处第三方资料印证，尚未与标准原文核对，仅作提示。",
}
"""What a sentence ends with, unless the rule was read in the standard's own text."""


@dataclass(frozen=True)
class Finding:
    """What a rule says of a value, with the figure, the limit and how sure the rule is."""

    field: str
    rule: str
    level: Level
    sentence: str


Said = Mapping[str, str]
"""What a check's sentence fills in."""


def findings_of(form: Json, sheet: Sheet) -> tuple[Finding, ...]:
    """In the order of the form's checks, and within a check in the order of rows."""
    return tuple(
        finding
        for check in form["checks"]
        for scope in sheet.scopes(check)
        for finding in (_by_band if check["kind"] == "band" else _by_rule)(form, check, scope)
    )


def _by_rule(form: Json, check: Json, scope: Scope) -> Iterator[Finding]:
    found = KINDS[check["kind"]](form, check, scope)
    if found is not None:
        yield Finding(scope.path(check["field"]), check["rule"], check["level"], _sentence(check, found))


def _by_band(form: Json, check: Json, scope: Scope) -> Iterator[Finding]:
    judged = judged_by_band(form, check["bands"], check["field"], scope)
    if judged is None:
        return
    band = judged.band
    said = {
        "value": told(judged.value, _digits(form, band["judges"]), judged.limit),
        "limit": band["limit"],
        "unit": band["unit"],
        "level": told(scope.number(check["field"]) or Decimal(0), _digits(form, check["field"]), None),
    }
    field, certainty = scope.path(band["judges"]), {"confidence": band.get("confidence")}
    if judged.beyond:
        sentence = _sentence({**certainty, "sentence": check["sentence"]}, said)
        yield Finding(field, band["rule"], check["level"], sentence)
    elif "near" in band and near(judged, band["near"]):
        yield Finding(
            field, band["rule"], "note", _sentence({**certainty, "sentence": check["near_sentence"]}, said)
        )


def _sentence(check: Json, said: Said) -> str:
    text = str(check["sentence"])
    for name, value in said.items():
        text = text.replace(f"{{{name}}}", value)
    return text + UNVERIFIED.get(str(check.get("confidence")), "")


def told(value: Decimal, digits: int, limit: Decimal | None) -> str:
    """As the sheet shows it, with more digits where rounding would make it look like the limit it is beyond."""
    while (
        limit is not None
        and digits < SHOWN_DIGITS_MAX
        and value.copy_abs() != limit == Decimal(shown(value.copy_abs(), digits))
    ):
        digits += 1
    return shown(value, digits)


def _digits(form: Json, name: str) -> int:
    return next((int(one["digits"]) for one in form["computed"] if one["field"] == name), SHOWN_DIGITS_MAX)


def _value_told(form: Json, check: Json, scope: Scope, value: Decimal, limit: Decimal) -> str:
    """A number that was written is repeated as written."""
    computed = any(one["field"] == check["field"] for one in form["computed"])
    return told(value, _digits(form, check["field"]), limit) if computed else scope.text(check["field"]) or ""


# The kinds of check: each gives what its sentence fills in, or None when there is nothing to say


def _limit(form: Json, check: Json, scope: Scope) -> Said | None:
    """|value| at most the limit; `or` names another value and limit of which one being met is enough."""
    value, limit = scope.number(check["field"]), Decimal(check["limit"])
    if value is None or value.copy_abs() <= limit:
        return None
    other = check.get("or")
    instead = None if other is None else scope.number(other["field"])
    if other is not None and instead is not None and instead.copy_abs() <= Decimal(other["limit"]):
        return None
    return {"value": _value_told(form, check, scope, value, limit), "limit": check["limit"]}


def _between(form: Json, check: Json, scope: Scope) -> Said | None:
    """The value lies between `from` and `to`, both included; either may be left out."""
    value = scope.number(check["field"])
    if value is None:
        return None
    for bound, outside in (("from", value.__lt__), ("to", value.__gt__)):
        if bound in check and outside(Decimal(check[bound])):
            return {
                "value": _value_told(form, check, scope, value, Decimal(check[bound])),
                "limit": check[bound],
            }
    return None


def _positive(form: Json, check: Json, scope: Scope) -> Said | None:
    value = scope.number(check["field"])
    return (
        None if value is None or value > 0 else {"value": _value_told(form, check, scope, value, Decimal(0))}
    )


def _expiry(_form: Json, check: Json, scope: Scope) -> Said | None:
    """What is used on a day is still valid on that day, the last day of validity included."""
    last, used = scope.text(check["field"]), scope.text(check["used"])
    if last is None or used is None or day_of(last) is None or when_of(used) is None:
        return None
    return {"value": last, "limit": used[:10]} if last < used[:10] else None


def _order(_form: Json, check: Json, scope: Scope) -> Said | None:
    """A day or time is not before another one; the same is in order."""
    later, earlier = scope.text(check["field"]), scope.text(check["after"])
    if later is None or earlier is None or when_of(later) is None or when_of(earlier) is None:
        return None
    length = min(len(later), len(earlier))
    return {"value": later, "limit": earlier} if later[:length] < earlier[:length] else None


def _is(_form: Json, check: Json, scope: Scope) -> Said | None:
    """One of the values that want attention."""
    value = scope.text(check["field"])
    if value is None:
        found = scope.value(check["field"])
        value = found if isinstance(found, str) else None
    return {"value": value} if value is not None and value in check["values"] else None


def _explained(form: Json, check: Json, scope: Scope) -> Said | None:
    """Where one of `of` has one of `values`, the field says why: a text or at least one row."""
    speaking = [name for name in check["of"] if scope.text(name) in check["values"]]
    silent = scope.text(check["field"]) is None and not scope.sheet.rows(check["field"])
    if not speaking or not silent:
        return None
    titles = form["schema"]["properties"]
    if "rows" in check:
        titles = {**titles, **titles[check["rows"]]["items"]["properties"]}
    return {"value": "、".join(titles[name]["title"] for name in speaking)}


KINDS: Mapping[str, Callable[[Json, Json, Scope], Said | None]] = {
    "limit": _limit,
    "between": _between,
    "positive": _positive,
    "expiry": _expiry,
    "order": _order,
    "is": _is,
    "explained": _explained,
}
"""By the name a form calls it; `band` is the one whose rule depends on the value."""
