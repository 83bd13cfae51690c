"""Rare characters of a record: drawn by the font that has them, or printed as code points. The fonts are made at setup."""

import json
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from qingyuan_local.setup import checkout
from test_printing import FONTS, HAVE_FONT, RARE, SIGNER, a_signed_visit, text_of
from views.printing.fontfiles import characters, characters_of, fonts_in, names_of
from views.printing.glyphs import uncovered
from views.printing.keeping import keep
from views.printing.press import Press
from views.printing.rare import INDEX, fonts_with, index_of, ranges
from views.printing.record import record

pytestmark = pytest.mark.slow

B, EQUIVALENT, G = "\U00020bb7", "\U0002f804", "\U00030000"
"""Of Extension B, of the compatibility supplement (its equivalent is 你), of Extension G, which no font here has."""
LEVEL_3 = (
    (0x4E00, 0x9FEF), (0x3400, 0x4DB5), (0x20000, 0x2A6D6), (0x2A700, 0x2B734), (0x2B740, 0x2B81D),
    (0x2B820, 0x2CEA1), (0x2CEB0, 0x2EBE0), (0xFA0E, 0xFA0F), (0xFA11, 0xFA11), (0xFA13, 0xFA14),
    (0xFA1F, 0xFA1F), (0xFA21, 0xFA21), (0xFA23, 0xFA24), (0xFA27, 0xFA29),
)  # fmt: skip
"""GB 18030-2022 speaks of 87,887 ideographs: those of the unified block and of Extensions A to F as of Unicode 11."""
KANGXI_RADICALS = (0x2F00, 0x2FD5)


@pytest.fixture(scope="module")
def visit() -> dict[str, Any]:
    return a_signed_visit()


async def printed(visit: dict[str, Any], name: str, fonts: Path, rare: Path | None) -> tuple[str, set[str]]:
    """What stands on the record that `name` signed, and the families of its fonts."""
    pdf = await Press(fonts, rare).print(record(visit, {}, "https://q.example", {SIGNER: name}), {})
    pages = pypdf.PdfReader(BytesIO(pdf)).pages
    fonts_of = (font.get_object() for page in pages for font in page["/Resources"]["/Font"].values())
    return text_of(pdf), {font["/BaseFont"].partition("+")[2] for font in fonts_of}


def a_font(path: Path, family: str, *having: str) -> None:
    """With a triangle for each of the characters."""
    pen = TTGlyphPen(None)
    for move, point in ((pen.moveTo, (0, 0)), (pen.lineTo, (900, 0)), (pen.lineTo, (900, 900))):
        move(point)
    pen.closePath()
    triangle = pen.glyph()
    names = {ord(character): f"u{ord(character):X}" for character in having}
    drawn = dict.fromkeys([".notdef", *names.values()], triangle)
    made = FontBuilder(1000)
    made.setupGlyphOrder(list(drawn))
    made.setupCharacterMap(names)
    made.setupGlyf(drawn)
    made.setupHorizontalMetrics(dict.fromkeys(drawn, (1000, 0)))
    made.setupHorizontalHeader(ascent=800, descent=-200)
    made.setupNameTable({"familyName": family, "styleName": "Regular", "psName": family})
    made.setupOS2()
    made.setupPost()
    path.parent.mkdir(parents=True, exist_ok=True)
    made.save(path)


@HAVE_FONT
@pytest.mark.parametrize(
    ("rare", "family"),
    [
        (B, "HanaMinB.CJK-Unified-Ideographs-Extension-B-03"),
        ("\U0002a700", "HanaMinB.CJK-Unified-Ideographs-Extension-C-1"),
        ("\U0002b740", "HanaMinB.CJK-Unified-Ideographs-Extension-D"),
        ("\U0002b821", "HanaMinB.CJK-Unified-Ideographs-Extension-E-1"),
        ("\U0002ebe0", "HanaMinB.CJK-Unified-Ideographs-Extension-F-8"),
        (EQUIVALENT, "HanaMinA.CJK-Compatibility-Ideographs-Supplement"),
    ],
    ids=lambda value: ascii(value)[1:-1],
)
async def test_a_rare_name_is_drawn(visit: dict[str, Any], rare: str, family: str) -> None:
    text, fonts = await printed(visit, f"王{rare}明", FONTS, RARE)
    assert f"王{rare}明" in text
    assert "字体不含的字符" not in text
    assert fonts == {"NotoSansSC-Regular", "NotoSansSC-Bold", family}


@HAVE_FONT
async def test_a_record_with_nothing_rare_opens_no_other_font(visit: dict[str, Any]) -> None:
    _, fonts = await printed(visit, "周厂长", FONTS, RARE)
    assert fonts == {"NotoSansSC-Regular", "NotoSansSC-Bold"}


@HAVE_FONT
async def test_what_no_font_has_is_a_code_point_beside_what_is_drawn(visit: dict[str, Any]) -> None:
    text, _ = await printed(visit, B + G + EQUIVALENT, FONTS, RARE)
    assert f"{B}[U+30000]{EQUIVALENT}" in text
    assert "不同：U+30000（1 处）。" in text


@HAVE_FONT
@pytest.mark.parametrize("rare", [None, Path("/nowhere")])
async def test_without_fonts_for_rare_characters_they_are_code_points(
    visit: dict[str, Any], rare: Path | None
) -> None:
    text, _ = await printed(visit, B + EQUIVALENT, FONTS, rare)
    assert "[U+20BB7][U+2F804]" in text
    assert "U+20BB7（1 处）、U+2F804（1 处）" in text


@HAVE_FONT
async def test_an_index_that_is_wrong_hides_nothing(visit: dict[str, Any], tmp_path: Path) -> None:
    """Of a font without the character, of a font that is not there, and of one that has another name inside."""
    a_font(tmp_path / "Other" / "Other.ttf", "Other", "a")
    a_font(tmp_path / "Renamed" / "Renamed.ttf", "Original", G)
    here = [(ord(G), ord(G))]
    (tmp_path / INDEX).write_text(json.dumps({"Other": here, "Gone": here, "Renamed": here}))
    text, _ = await printed(visit, G, FONTS, tmp_path)
    assert "[U+30000]" in text
    assert "U+30000（1 处）" in text


@HAVE_FONT
async def test_a_font_laid_into_the_fallback_folder_is_used_and_before_the_others(
    visit: dict[str, Any], tmp_path: Path
) -> None:
    """Also for an ideograph that the first family would draw as its canonical equivalent."""
    for font in FONTS.glob("*.ttf"):
        (tmp_path / font.name).symlink_to(font)
    a_font(tmp_path / "fallback" / "own.ttf", "Own", EQUIVALENT)
    text, fonts = await printed(visit, EQUIVALENT + B, tmp_path, RARE)
    assert EQUIVALENT + B in text
    assert {"Own", "HanaMinB.CJK-Unified-Ideographs-Extension-B-03"} == fonts - {
        "NotoSansSC-Regular", "NotoSansSC-Bold",
    }  # fmt: skip


@HAVE_FONT
def test_the_index_agrees_with_the_fonts() -> None:
    index = index_of(RARE)
    fonts = {path.parent.name: TTFont(path, lazy=True) for path in RARE.rglob("*.ttf")}
    assert set(index) == set(fonts)
    for name, font in fonts.items():
        assert {tuple(each) for each in index[name]} == set(ranges(characters_of(font))), name
        assert names_of(font) == {name}


@HAVE_FONT
def test_every_ideograph_of_gb_18030_level_3_is_drawn() -> None:
    wanted = {each for first, last in LEVEL_3 for each in range(first, last + 1)}
    assert len(wanted) == 87_887
    wanted |= set(range(KANGXI_RADICALS[0], KANGXI_RADICALS[1] + 1))
    noto = set().union(*characters(["Noto Sans SC"], [FONTS]).values())
    assert len(wanted & noto) == 27_785 + 214
    assert wanted <= noto.union(*(characters_of(font) for font in fonts_in(RARE)))


@HAVE_FONT
def test_no_font_is_among_the_pages() -> None:
    files = [path for path in (checkout() / "web" / "dist").rglob("*") if path.is_file()]
    assert [path for path in files if path.suffix in (".woff", ".woff2", ".ttf")] == []
    assert files


def test_only_what_adds_characters_is_kept_under_a_family_of_its_own(tmp_path: Path) -> None:
    unpacked, fonts, rare = tmp_path / "unpacked", tmp_path / "fonts", tmp_path / "rare"
    a_font(fonts / "main.ttf", "Main", "a", "b")
    a_font(fonts / "bold.ttf", "Main", "a")
    a_font(unpacked / "adds.1.ttf", "Same", "b", "c", "e")
    a_font(unpacked / "adds.2.ttf", "Same", G)
    a_font(unpacked / "nothing.ttf", "Same", "a")
    keep(unpacked, fonts, rare)
    assert index_of(rare) == {"adds.1": [[0x62, 0x63], [0x65, 0x65]], "adds.2": [[0x30000, 0x30000]]}
    assert {name for font in fonts_in(rare) for name in names_of(font)} == {"adds.1", "adds.2"}
    shutil.rmtree(unpacked)
    a_font(unpacked / "adds.2.ttf", "Same", G)
    (unpacked / "broken.ttf").write_bytes(b"no font")
    with pytest.raises(Exception, match="TrueType"):
        keep(unpacked, fonts, rare)
    assert set(index_of(rare)) == {"adds.1", "adds.2"}, "what was there is left until the new is whole"
    (unpacked / "broken.ttf").unlink()
    keep(unpacked, fonts, rare)
    assert set(index_of(rare)) == {"adds.2"}
    assert sorted(path.name for path in rare.iterdir()) == ["adds.2", INDEX]


def test_the_index_names_the_fonts_to_open(tmp_path: Path) -> None:
    index = {"low": [(1, 4), (9, 9)], "high": [(20, 30)]}
    assert fonts_with(index, {4, 5, 6}) == ["low"]
    assert fonts_with(index, {9, 30}) == ["high", "low"]
    assert fonts_with(index, {5, 31}) == []
    assert index_of(tmp_path) == {}
    assert ranges({3, 1, 2, 7}) == [(1, 3), (7, 7)]


def test_what_is_uncovered_is_looked_for_in_texts_alone() -> None:
    held = {"qr": "q", "rows": [["a", "b\n"]], "signatures": [{"title": "c", "file": "f"}]}
    assert uncovered(held, {ord("a")}) == {ord("b"), ord("c")}
