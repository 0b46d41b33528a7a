"""What holds for every template of the house: nothing inline, every icon exists, every part compiles."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import lucide
import pytest
from django.core.management import call_command
from django.template.loader import get_template

from evidence.fonts import font_files, font_licences

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("foundation", "licences", "deployments", "reviews", "gate", "evidence", "notifications", "portal")
PAGES = sorted(
    path
    for folder in ("templates", *ROOMS)
    for path in (ROOT / folder).rglob("*.html")
    if "node_modules" not in path.parts
)
INLINE = {
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>{]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "htmx that evaluates": re.compile(r"hx-on|hx-vals\s*=\s*[\"']js:"),
}
SCRIPT = re.compile(r"<script\b([^>]*)>", re.IGNORECASE)
ICON = re.compile(r"""\{%\s*(?:icon|lucide)\s+["']([^"']+)["']|icon=["']([a-z0-9-]+)["']""")


def for_pdf(path: Path) -> bool:
    """PDF templates are read by WeasyPrint, not by a browser: no policy applies to them."""
    return "pdf" in path.parts or path.stem.endswith("_pdf")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_are_templates_to_look_at():
    assert len(PAGES) > 30


@pytest.mark.parametrize("path", [path for path in PAGES if not for_pdf(path)], ids=name_of)
def test_no_page_holds_inline_script_or_style(path):
    text = path.read_text()
    for what, pattern in INLINE.items():
        found = pattern.search(text)
        assert not found, f"{what}: {found.group(0)[:80]}"
    for attributes in SCRIPT.findall(text):
        assert "src=" in attributes or 'type="application/json"' in attributes, (
            f"an inline script: <script{attributes}>"
        )
        assert "//" not in attributes, f"a script from elsewhere: <script{attributes}>"


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_icon_of_a_page_exists(path):
    for first, second in ICON.findall(path.read_text()):
        lucide._load_icon(first or second)


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=name_of)
def test_every_template_compiles(path):
    get_template(str(path.relative_to(ROOT / "templates")))


def test_the_guard_sees_what_it_guards_against():
    assert INLINE["a style attribute"].search('<p class="a" style="color: red">')
    assert INLINE["an event attribute"].search('<a onclick="go()">')
    assert not INLINE["an event attribute"].search("<li>{% if condition == 1 %}</li>")
    assert SCRIPT.findall("<script>go()</script>") == [""]


def test_the_style_sheet_asks_for_nothing_from_elsewhere():
    sheet = (ROOT / "static" / "portal.css").read_text()
    assert not re.search(r"https?:|@import|url\(['\"]?(?:data:|//)", sheet)
    wanted = set(re.findall(r'url\("fonts/([^"]+)\.woff2"\)', sheet))
    assert wanted == {font.path.stem for font in font_files()}


def test_the_fonts_and_their_licences_come_from_their_packages():
    for path in [font.path for font in font_files()] + font_licences():
        assert path.is_file(), path
    assert "Reserved Font Name" in font_licences()[0].read_text(errors="replace")


def test_fonts_are_packed_whole_once_and_with_their_licence(tmp_path, settings):
    from fontTools.ttLib import TTFont

    settings.BUILT_STATIC_DIR = tmp_path
    first, second = StringIO(), StringIO()
    call_command("build_fonts", stdout=first)
    call_command("build_fonts", stdout=second)
    assert "6 packed" in first.getvalue()
    assert "0 packed, 6 already there" in second.getvalue()
    assert len(list((tmp_path / "fonts").glob("*-LICENSE.txt"))) == 2
    assert not list((tmp_path / "fonts").glob(".*"))
    source = font_files()[0].path
    with TTFont(source) as whole, TTFont(tmp_path / "fonts" / f"{source.stem}.woff2") as packed:
        assert packed.flavor == "woff2"
        assert packed.getGlyphOrder() == whole.getGlyphOrder()
        assert packed["name"].getDebugName(4) == whole["name"].getDebugName(4)
