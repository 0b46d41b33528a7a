"""The papers say what is there: every link, command, file, test, address and setting that they name exists."""

from __future__ import annotations

import importlib.util
import os
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand
from django.urls import Resolver404, resolve

from portal.demo.people import PASSWORD, PEOPLE
from portal.demo.products import PLANS
from tests.conftest import REPOSITORY

PAPERS = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")])
WANTED = {"README.md", "CONTRIBUTING.md", "SECURITY.md", "THREAT_MODEL.md", "CHANGELOG.md"}
FENCE = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
SPAN = re.compile(r"`([^`\n]+)`")
FILE = re.compile(r"(?:[\w.-]+/)*[\w-]+\.(?:py|toml|txt|csv|yml|md)(?:::\w+)?")
FOLDER = re.compile(r"[a-z]\w*(?:/\w+)+")
MADE_ELSEWHERE = {"VERIFY.md", "USE_POLICY.md", "record.json"}  # in a pack, or in a folder of texts
EXAMPLES = {"licences/catalogue/llama-5.toml"}  # what a newcomer makes


def name_of(paper: Path) -> str:
    return paper.relative_to(REPOSITORY).as_posix()


every_paper = pytest.mark.parametrize("paper", PAPERS, ids=name_of)


@cache
def code() -> str:
    """Every program of the repository in one text, to look names up in."""
    kept = [REPOSITORY / "docker-compose.yml", *(path for path in (REPOSITORY / "bin").iterdir() if path.is_file())]
    for room in ("foundation", "licences", "deployments", "reviews", "gate", "evidence", "notifications", "portal"):
        kept += [path for path in (REPOSITORY / room).rglob("*.py") if "migrations" not in path.parts]
    kept += [path for path in (REPOSITORY / "tests").rglob("*.py") if path != Path(__file__)]
    return "\n".join(path.read_text(encoding="utf-8") for path in kept)


def spans(paper: Path) -> Iterator[str]:
    """What stands in code type within the running text."""
    yield from SPAN.findall(FENCE.sub("", paper.read_text(encoding="utf-8")))


def anchors(paper: Path) -> set[str]:
    """The addresses of headings, as repository hosts make them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", paper.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands_in(text: str) -> Iterator[tuple[str, list[str]]]:
    """manage.py commands with the options that stand behind them on the line."""
    for name, rest in re.findall(r"manage\.py ([a-z_]+)([^\n`]*)", text):
        yield name, re.findall(r"(?<!\S)--[a-z-]+", rest.partition("#")[0])


def test_the_papers_that_a_newcomer_looks_for_are_there() -> None:
    assert {name_of(paper) for paper in PAPERS} >= WANTED
    assert len(list((REPOSITORY / "docs" / "decisions").glob("0*.md"))) >= 6


@every_paper
def test_every_link_leads_somewhere(paper: Path) -> None:
    for target in LINK.findall(FENCE.sub("", paper.read_text(encoding="utf-8"))):
        if re.match(r"https?://", target):
            continue
        path, _, anchor = target.partition("#")
        found = (paper.parent / path).resolve() if path else paper
        assert found.is_relative_to(REPOSITORY), target
        assert found.exists(), f"{target} is not there"
        assert not anchor or anchor in anchors(found), f"{target}: no such heading"


@every_paper
def test_every_program_of_bin_exists_and_can_be_run(paper: Path) -> None:
    for name in re.findall(r"(?<![\w./])(bin/[a-z]+|\.ci/run)\b", paper.read_text(encoding="utf-8")):
        assert os.access(REPOSITORY / name, os.X_OK), name


@every_paper
def test_every_option_of_bin_serve_exists(paper: Path) -> None:
    parser = (REPOSITORY / "portal" / "serve.py").read_text(encoding="utf-8")
    for line in re.findall(r"bin/serve ([^\n`]*)", paper.read_text(encoding="utf-8")):
        for option in re.findall(r"(?<!\S)--[a-z-]+", line.partition("#")[0]):
            assert option == "--help" or f'"{option}"' in parser, option


@every_paper
def test_every_command_of_manage_py_exists_with_its_options(paper: Path) -> None:
    known = get_commands()
    for name, options in commands_in(paper.read_text(encoding="utf-8")):
        assert name in known, f"manage.py {name}"
        app = known[name]
        command = app if isinstance(app, BaseCommand) else load_command_class(app, name)
        parser: ArgumentParser = command.create_parser("manage.py", name)
        there = {option for action in parser._actions for option in action.option_strings}
        assert set(options) <= there, f"manage.py {name} {' '.join(options)}"


@every_paper
def test_every_module_that_is_run_exists(paper: Path) -> None:
    for module in re.findall(r"python -m ([\w.]+)", paper.read_text(encoding="utf-8")):
        assert importlib.util.find_spec(module) is not None, module


@every_paper
def test_every_file_and_test_that_is_named_exists(paper: Path) -> None:
    # `var/` is made by whoever runs the portal here; a fresh clone has none of it.
    for span in spans(paper):
        name, _, test = span.partition("::")
        if FILE.fullmatch(span) and "/" in span:
            if name in EXAMPLES or name.startswith(("llama-", "texts/", "log/")) or Path(name).name in MADE_ELSEWHERE:
                continue
            path = REPOSITORY / name
            assert path.is_file(), f"{name} is not there"
            assert not test or re.search(rf"^def {test}\(", path.read_text(encoding="utf-8"), re.MULTILINE), span
        elif FOLDER.fullmatch(span) and span.split("/")[0] != "var" and (REPOSITORY / span.split("/")[0]).is_dir():
            assert (REPOSITORY / span).exists() or (REPOSITORY / f"{span}.py").exists(), f"{span} is not there"


@every_paper
def test_every_address_of_the_portal_that_is_named_exists(paper: Path) -> None:
    for span in spans(paper):
        address = re.fullmatch(r"(?:GET |POST )?(/[a-z][\w/.-]*)", span)
        if address:
            try:
                resolve(address[1])
            except Resolver404:
                pytest.fail(f"{address[1]} is no address of the portal")


@every_paper
def test_every_variable_that_is_named_is_one_that_the_code_knows(paper: Path) -> None:
    text = paper.read_text(encoding="utf-8")
    given = {name for name, _ in re.findall(r"(?<![\w$])([A-Z][A-Z0-9_]{2,})(=)(?=\S)", text)}
    named = {span for span in spans(paper) if re.fullmatch(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+", span)}
    for name in given | named:
        assert re.search(rf"\b{name}\b", code()), name


def known_settings() -> list[str]:
    text = (REPOSITORY / "portal" / "settings.py").read_text(encoding="utf-8")
    return re.findall(r'\bread\(\s*"\w+",\s*"([A-Z_]+)"', text)


def test_the_table_of_settings_names_exactly_those_that_are_read() -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    table = text.partition("\n## Settings\n")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE)
    assert sorted(listed) == sorted(set(known_settings()))


def test_the_demo_people_and_their_password_are_those_of_the_demo() -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"[a-z]+@norrbro\.example", text)) == {person.email for person in PEOPLE}
    assert f"`{PASSWORD}`" in text


def test_the_demo_products_end_where_the_readme_says() -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    for plan in PLANS:
        assert f"| {plan.name} | {plan.promise} |" in text


def test_the_command_that_pins_packages_is_the_one_that_pinned_them() -> None:
    text = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for name in ("run", "dev"):
        head = (REPOSITORY / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        pinned = re.search(r"^# +(pip-compile .+)$", head, re.MULTILINE)
        assert pinned is not None
        assert pinned[1] in text


def test_the_list_of_decisions_holds_each_of_them() -> None:
    folder = REPOSITORY / "docs" / "decisions"
    listed = LINK.findall((folder / "README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(path.name for path in folder.glob("0*.md"))
