"""What Excel shows of a number by its format: the person saw that, and not what the cell holds. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

DIGITS_KEPT: Final = 15
"""Excel keeps no more of any number."""
_PLAIN: Final = ("", "General", "@", "0")
_HIDDEN: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DAY_LETTERS: Final = re.compile("[ymdhsYMDHS]")
_TOKEN: Final = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<wide>.)|\*(?P<filler>.)|\[(?P<bracket>[^\]]*)\]|(?P<sign>.)'
)
_COLOURS: Final = (
    "black",
    "blue",
    "cyan",
    "green",
    "magenta",
    "red",
    "white",
    "yellow",
    "color",
    "黑",
    "蓝",
    "红",
    "绿",
)
_FIRST_OF_1900: Final = date(1899, 12, 31)
_FIRST_OF_1904: Final = date(1904, 1, 1)
_NO_SUCH_DAY: Final = 60
"""Excel believes in 29 February 1900: from there on its days count one more."""
_LAST_SERIAL: Final = 2_958_465
_LARGEST_POWER: Final = 307
_GENERAL: Final = "0.##############"


def is_plain(code: str) -> bool:
    return code in _PLAIN


def is_day(code: str) -> bool:
    """Whether a number in this format is shown as a day or a time."""
    section = code.partition(";")[0]
    return section != "General" and bool(_DAY_LETTERS.search(_HIDDEN.sub("", section)))


def day_of(serial: Decimal, *, since_1904: bool) -> date | None:
    """The day that a serial number stands for; None where Excel itself shows none."""
    whole = int(serial)
    if since_1904:
        return _FIRST_OF_1904 + timedelta(whole) if 0 <= whole <= _LAST_SERIAL - 1462 else None
    if not 1 <= whole <= _LAST_SERIAL or whole == _NO_SUCH_DAY:
        return None
    return _FIRST_OF_1900 + timedelta(whole - (1 if whole > _NO_SUCH_DAY else 0))


def number_of(raw: str) -> Decimal | None:
    """The number as Excel shows it at most: 15 digits of what is stored in 17. None for what is no number there."""
    try:
        number = Decimal(raw)
    except InvalidOperation:
        return None
    if not number.is_finite() or (number and abs(number.adjusted()) > _LARGEST_POWER):
        return None
    return number if is_whole(number) else Decimal(f"{float(number):.{DIGITS_KEPT}g}")


def is_whole(number: Decimal) -> bool:
    return number == number.to_integral_value()


def is_cut(number: Decimal) -> bool:
    """Whether Excel has replaced the last digits by zeros, or will when it next saves the file."""
    return is_whole(number) and number.adjusted() >= DIGITS_KEPT


def plain(number: Decimal) -> str:
    """The number in digits, without exponent and without zeros that say nothing."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) if number else "0"


def shown(number: Decimal, code: str) -> str | None:
    """The number as the format shows it; None for formats that this does not know (fractions, exponents, 〇一二)."""
    if is_plain(code) and code != "0":
        return plain(number)
    pattern = _parsed(_section(number, code).replace("General", _GENERAL))
    return pattern.shown(abs(number) if ";" in code else number) if pattern else None


def _section(number: Decimal, code: str) -> str:
    sections = code.split(";")
    if number < 0 and len(sections) > 1:
        return sections[1]
    if number == 0 and len(sections) > 2:
        return sections[2]
    return sections[0]


@dataclass(frozen=True, slots=True)
class _Pattern:
    before: str
    places: str
    after: str

    def shown(self, number: Decimal) -> str:
        whole, _, part = self.places.partition(".")
        scaled = number.scaleb(2 * (self.before + self.after).count("%")).scaleb(-3 * _trailing_commas(whole))
        text = f"{abs(scaled).quantize(Decimal(1).scaleb(-len(part)), ROUND_HALF_UP):f}"
        left, _, right = text.partition(".")
        return ("-" if number < 0 else "") + (
            self.before + _left(left, whole) + _right(right, part) + self.after
        ).strip()


def _trailing_commas(whole: str) -> int:
    return len(whole) - len(whole.rstrip(","))


def _left(text: str, places: str) -> str:
    grouped = "," in places.rstrip(",")
    text = text.lstrip("0").zfill(places.count("0"))
    return re.sub(r"(?<=[0-9])(?=([0-9]{3})+$)", ",", text) if grouped else text


def _right(text: str, places: str) -> str:
    needed = places.rstrip("#?")
    while len(text) > len(needed) and text.endswith("0"):
        text = text[:-1]
    return f".{text}" if text else ""


def _parsed(section: str) -> _Pattern | None:
    """Literal text, one run of digit places, literal text; None where there is more to it."""
    runs: list[list[str]] = [[], [], []]
    at = 0
    for found in _TOKEN.finditer(section):
        text, is_place = _meaning(found)
        if text is None:
            return None
        if is_place and at == 0:
            at = 1
        elif not is_place and text and at == 1:
            at = 2
        if is_place and at == 2:
            return None
        runs[at].append(text)
    before, places, after = ("".join(run) for run in runs)
    return _Pattern(before, places, after) if places else None


def _meaning(found: re.Match[str]) -> tuple[str | None, bool]:
    """The text a token stands for (None: unknown), and whether it is a place for digits."""
    match found.lastgroup, found[found.lastgroup or 0]:
        case ("quoted" | "escaped", text):
            return text, False
        case ("wide" | "filler", _):
            return "", False
        case ("bracket", text):
            return _bracket(text), False
        case (_, sign):
            if sign in "0#?.,":
                return sign, True
            return (None if sign in "/Ee@" or (sign.isalpha() and sign.isascii()) else sign), False


def _bracket(text: str) -> str | None:
    if text.startswith("$"):
        return text[1:].partition("-")[0]
    return "" if text.lower().startswith(_COLOURS) else None
