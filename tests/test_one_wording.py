"""Pages, messages, PDF and Excel say one thing with one word: the table "One wording" in docs/glossary.md."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from filing.importing.layout import WORKBOOK
from qingyuan_events.filing_labels import FILING_VALUES
from views.printing.words import FILING_MARKS, MARKS
from views.shared import words
from views.shared.coordinates import coordinates

ROOT = Path(__file__).parent.parent
TABLE = (ROOT / "docs" / "glossary.md").read_text().split("## One wording")[1]
CHINESE = re.compile("[\u4e00-\u9fff]+")


def rows() -> Iterator[tuple[str, list[str], list[str]]]:
    """Of each row: the word, those that are not said, and the names that contain one of them all the same."""
    for line in TABLE.splitlines():
        if line.startswith("| ") and "---" not in line and not line.startswith("| say"):
            word, wrong, names = (cell.strip() for cell in line.strip("|").split("|"))
            yield word, wrong.split("、"), [name for name in names.split("、") if CHINESE.fullmatch(name)]


@cache
def texts() -> list[tuple[str, str]]:
    """Files with text that users see, without those that are generated or only tests."""
    pages = [*(ROOT / "web" / "src").rglob("*.vue"), *(ROOT / "web" / "src").rglob("*.ts")]
    services = [path for kind in ("*.py", "*.typ") for path in (ROOT / "services").glob(f"*/src/**/{kind}")]
    libraries = [
        *(ROOT / "libs").glob("*/src/*/*.py"),
        *(ROOT / "libs/standards/src/qingyuan_standards/rules").rglob("*.py"),
        *(ROOT / "libs/standards/src/qingyuan_standards/rules").rglob("*.json"),
        ROOT / "libs/standards/src/qingyuan_standards/dated.json",
    ]
    manual = (ROOT / "docs" / "manual").rglob("*.md")
    paths = [*pages, *services, *libraries, *manual]
    shown = [path for path in paths if not path.name.endswith((".test.ts", "schema.d.ts"))]
    return [(str(path.relative_to(ROOT)), path.read_text()) for path in shown]


def said(wrong: list[str], names: list[str]) -> list[str]:
    return [
        f"{path}:{number}: {word}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        for word in wrong
        if word in without(names, line)
    ]


def without(names: list[str], line: str) -> str:
    for name in names:
        line = line.replace(name, "")
    return line


@pytest.mark.parametrize(
    ("word", "wrong", "names"), list(rows()), ids=lambda cell: cell if isinstance(cell, str) else ""
)
def test_one_word_is_said_for_one_thing(word: str, wrong: list[str], names: list[str]) -> None:
    assert said(wrong, names) == [], f"say {word}"


def test_the_right_words_are_said_and_wrong_ones_would_be_found() -> None:
    assert said(["运维机构"], [])
    assert without(["本次运维商"], "本次运维商与运维商") == "与运维商"
    assert len(list(rows())) > 5


def pairs(path: str, table: str) -> dict[str, str]:
    """Code and word of each line of a table of the pages."""
    text = (ROOT / "web" / "src" / path).read_text().split(f"export const {table}")[1].split("\n}")[0]
    return dict(re.findall(r"^  (\w+): (?:\{ text: )?'([^']+)'", text, re.ASCII | re.MULTILINE))


@pytest.mark.parametrize(
    ("path", "table", "exported"),
    [
        ("words.ts", "CONFIRMATION_TEXT", words.CONFIRMATION),
        ("words.ts", "MARKS", MARKS),
        ("words.ts", "FILING_MARKS", FILING_MARKS),
        ("work/words.ts", "VISIT", words.VISIT),
        ("work/words.ts", "CYCLE", words.CYCLE),
        ("work/words.ts", "CONTRACT", words.CONTRACT),
        ("work/words.ts", "PLAN", words.PLAN),
        ("filing/words.ts", "RESOURCE", words.RESOURCE),
        ("forms/changes.ts", "CHANGE_FIELDS", words.CHANGE_FIELDS),
        ("forms/changes.ts", "CHANGE_STATES", words.CHANGE),
    ],
)
def test_excel_files_say_what_the_pages_say(path: str, table: str, exported: dict[str, str]) -> None:
    assert pairs(path, table) == exported


@pytest.mark.parametrize(
    ("table", "field"),
    [
        ("EDUCATIONS", "education"),
        ("TECHNICAL_POSTS", "technical_posts"),
        ("SPARE_PART_KINDS", "category"),
        ("PAPERS", "kind"),
    ],
)
def test_imports_and_exports_of_filings_take_the_words_of_the_pages(table: str, field: str) -> None:
    text = (ROOT / "web/src/filing/words.ts").read_text().split(f"export const {table}:")[1].split("}")[0]
    assert dict(re.findall(r"(\w+): '([^']+)'", text, re.ASCII)) == FILING_VALUES[field]


def test_a_column_of_the_import_has_the_title_of_the_field_on_the_page() -> None:
    text = (ROOT / "web/src/filing/words.ts").read_text()
    titles = set(re.findall(r"\w+: '([^']+)'", text))
    own = {column.title for sheet in WORKBOOK.sheets for column in sheet.columns}
    assert own - titles == {"姓名", "证书种类", "检定或校准机构", "扫描件文件名", "自何日起"}


def test_excel_files_name_filters_and_circumstances_as_the_pages_do() -> None:
    filters = (ROOT / "web/src/work/words.ts").read_text().split("STATE_FILTERS = [")[1].split("]")[0]
    shown = dict(re.findall(r"value: '(\w+)', text: '([^']+)'", filters, re.ASCII))
    assert {code: {**words.CONFIRMATION, **words.FIGURES}[code] for code in shown} == shown
    tags = (ROOT / "web/src/work/shared/MarkTags.vue").read_text()
    assert all(
        f'v-if="{name}" :word="{{ text: \'{text}\'' in tags for name, text in words.CIRCUMSTANCES.items()
    )


def test_a_place_is_written_by_one_function_of_the_pages_and_one_of_the_services() -> None:
    own = re.compile(
        r"""longitude[^\n]{0,24}\}[^\n]{0,20}latitude|latitude[^\n]{0,24}\}[^\n]{0,20}longitude"""
    )
    places = {path for path, text in texts() if own.search(text)}
    its_own = {"web/src/coordinates.ts", "services/views/src/views/shared/coordinates.py"}
    assert places - its_own <= {"services/views/src/views/work/travel.py"}, "there they are columns"
    assert own.search("f\"{fix['longitude']}, {fix['latitude']}（{fix['datum']}）\"")
    assert own.search("{{ Number(model.latitude).toFixed(5) }}, {{ Number(model.longitude).toFixed(5) }}")
    place = {"longitude": "121.1", "latitude": "31.1234567", "datum": "CGCS2000"}
    assert coordinates(place) == "121.100000, 31.123457（CGCS2000）"
