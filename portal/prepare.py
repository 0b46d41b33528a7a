"""What has to be true before the portal is served: tables, catalogue, texts, fonts, static files, keys, demo data.

Every step may be repeated, and is quick when there is nothing to do. bin/serve and the container run this first.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import django
from django.conf import settings
from django.core.management import CommandError, call_command

from foundation.keys.errors import KeysUnusable


def main(arguments: list[str]) -> int:
    """Run every step; say in one sentence what stopped it."""
    parser = argparse.ArgumentParser(prog="python -m portal.prepare", description=__doc__)
    parser.add_argument("--licences", type=Path, metavar="DIR", help="import the licence texts in this folder")
    parser.add_argument("--demo", action="store_true", help="add the demo company and its people")
    parser.add_argument("--only-static", action="store_true", help="make fonts and static files, and nothing else")
    options = parser.parse_args(arguments)
    django.setup()
    try:
        if options.only_static:
            collect_static_files()
            return 0
        forget_old_messages()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("sync_catalogue")
        if options.licences:
            import_texts(options.licences)
        collect_static_files()
        make_keys()
        if options.demo:
            call_command("seed_demo")
        else:
            refuse_demo_people()
    except (CommandError, KeysUnusable) as error:
        print(f"The portal could not be prepared: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def forget_old_messages() -> None:
    """Empty the embedded doorbell: what a killed process half wrote must not stop the next. The rows are the work."""
    if not settings.REDIS_URL:
        shutil.rmtree(settings.DOORBELL_DIR, ignore_errors=True)
        (settings.DOORBELL_DIR / "control").mkdir(parents=True)


def import_texts(folder: Path) -> None:
    """Import what can be read. A text that cannot is named by the command, and leaves its version unapprovable."""
    try:
        call_command("import_licence_texts", str(folder))
    except SystemExit:
        print("Not every text was imported: see the lines above. The others can be used.", file=sys.stderr)  # noqa: T201


def make_keys() -> None:
    """Make the built-in authority on the first start, so that the first signature need not wait for it."""
    from foundation.keys import authority  # needs the app registry

    authority.authority()


def refuse_demo_people() -> None:
    """Stop where a demo was made earlier: its password is public, and this installation is not called a demo."""
    from portal.demo.people import people_with_the_public_password  # needs the app registry

    if people := people_with_the_public_password():
        raise CommandError(
            f"{settings.DATA_DIR} holds the demo, and {people[0].email} still has its public password. Choose another"
            " folder or database for a portal without the demo."
        )


def collect_static_files() -> None:
    """Turn fonts into WOFF2 and gather static files, when a source has changed since the last time."""
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    fingerprint = _fingerprint()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == fingerprint:
        return
    call_command("build_fonts", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(fingerprint, encoding="utf-8")


def _fingerprint() -> str:
    """Our own files by content, those of packages by version."""
    digest = hashlib.sha256()
    for path in _own_static_files():
        digest.update(str(path.relative_to(settings.BASE_DIR)).encode() + b"\0" + path.read_bytes() + b"\0")
    for package in (
        "django",
        "django-allauth",
        "django-htmx",
        "django-ninja",
        "font-source-sans-pro",
        "font-source-serif-pro",
    ):
        digest.update(f"{package} {version(package)}\n".encode())
    return digest.hexdigest()


def _own_static_files() -> Iterator[Path]:
    builder = Path(settings.BASE_DIR) / "portal" / "management" / "commands" / "build_fonts.py"
    yield from (path for path in sorted((Path(settings.BASE_DIR) / "static").rglob("*")) if path.is_file())
    yield builder


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
