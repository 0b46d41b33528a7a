"""docker-compose.yml and the Dockerfile say what the settings understand, and pin what they start from."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import pytest
import yaml

from tests.conftest import REPOSITORY

OURS = ("web", "worker", "beat")
PINNED = re.compile(r"[a-z0-9/_-]+:v?\d+\.\d+(\.\d+)?[a-z0-9.-]*")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def dockerfile() -> list[tuple[str, str]]:
    """Its instructions, with continued lines joined."""
    text = re.sub(r"\\\n", " ", (REPOSITORY / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in lines)]


def known_settings() -> set[str]:
    """The environment variables that the settings read."""
    text = (REPOSITORY / "portal" / "settings.py").read_text(encoding="utf-8")
    return set(re.findall(r'read\("\w+",\s*"([A-Z_]+)"', text))


def test_it_names_every_service_of_the_portal(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {*OURS, "postgres", "redis", "mailpit"}


@pytest.mark.parametrize("service", OURS)
def test_every_variable_of_the_portal_is_one_that_the_settings_read(compose: dict[str, Any], service: str) -> None:
    given = set(compose["services"][service]["environment"])
    assert given - known_settings() == set()
    assert {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_HOST"} <= given


def test_secrets_are_asked_for_and_never_have_a_default(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if name.startswith("SECRET") or name in {"POSTGRES_PASSWORD", "DATABASE_URL"}:
                assert ":?" in str(value), name


def test_nothing_is_published_beyond_this_machine(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_services_it_waits_for_and_the_volumes_it_uses_exist(compose: dict[str, Any]) -> None:
    services, volumes = compose["services"], compose["volumes"]
    for service in services.values():
        for name, wanted in service.get("depends_on", {}).items():
            assert wanted == {"condition": "service_healthy"}
            assert name == "web" or "healthcheck" in services[name]
        assert {volume.partition(":")[0] for volume in service.get("volumes", [])} <= set(volumes)


def test_every_image_is_pinned(compose: dict[str, Any], dockerfile: list[tuple[str, str]]) -> None:
    images = [service["image"] for name, service in compose["services"].items() if name not in OURS]
    images += [rest for name, rest in dockerfile if name == "FROM"]
    assert len(images) == 4
    for image in images:
        assert PINNED.fullmatch(image), image


def test_the_image_installs_by_hash_runs_as_nobody_special_and_copies_what_exists(
    dockerfile: list[tuple[str, str]],
) -> None:
    known = {"FROM", "RUN", "ENV", "WORKDIR", "COPY", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "CMD"}
    names = [name for name, _ in dockerfile]
    assert set(names) <= known
    assert any("--require-hashes" in rest for name, rest in dockerfile if name == "RUN")
    assert names.index("USER") < names.index("CMD")
    for name, rest in dockerfile:
        if name == "COPY":
            assert (REPOSITORY / shlex.split(rest)[0]).exists()
        if name == "CMD":
            assert all(isinstance(word, str) for word in json.loads(rest))
        if name == "ENV":
            assert {pair.partition("=")[0] for pair in shlex.split(rest)} <= known_settings() | {
                "PYTHONUNBUFFERED",
                "PYTHONDONTWRITEBYTECODE",
            }


def test_the_image_and_bin_serve_install_the_same_system_libraries(dockerfile: list[tuple[str, str]]) -> None:
    script = (REPOSITORY / "bin" / "_environment.sh").read_text(encoding="utf-8")
    wanted = {
        word for word in re.findall(r"\blib[a-z0-9.-]+", script.partition("fingerprint FILE")[0]) if ".so" not in word
    }
    installed = {word for name, rest in dockerfile if name == "RUN" for word in rest.split() if word.startswith("lib")}
    assert wanted == installed
