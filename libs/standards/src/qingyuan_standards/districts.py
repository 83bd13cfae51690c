"""The districts of the city by their codes of GB/T 2260."""

from datetime import date
from typing import Final

DISTRICTS: Final[dict[str, tuple[str, date | None, date | None]]] = {
    "310101": ("黄浦区", None, None),
    "310104": ("徐汇区", None, None),
    "310105": ("长宁区", None, None),
    "310106": ("静安区", None, None),
    "310107": ("普陀区", None, None),
    "310109": ("虹口区", None, None),
    "310110": ("杨浦区", None, None),
    "310112": ("闵行区", None, None),
    "310113": ("宝山区", None, None),
    "310114": ("嘉定区", date(1992, 1, 1), None),
    "310115": ("浦东新区", date(1992, 1, 1), None),
    "310116": ("金山区", date(1997, 1, 1), None),
    "310117": ("松江区", date(1998, 1, 1), None),
    "310118": ("青浦区", date(1999, 1, 1), None),
    "310120": ("奉贤区", date(2001, 1, 1), None),
    "310151": ("崇明区", date(2016, 1, 1), None),
}
"""GB/T 2260 districts of Shanghai: name, first day, first day on which it no longer exists.

Abolished districts are not listed: they occur only inside old credit codes.
"""


def district_name(code: str) -> str:
    """The code itself where it is none of the city's."""
    return DISTRICTS[code][0] if code in DISTRICTS else code
