"""The impact run over every approval of a version, killed once in the middle: time, memory, and that none is doubled.

`python -m bench.impact TEXT REPLACED` is the process that is killed; the bench starts it with its own database.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from bench.figures import table
from bench.processes import CannotRun, start, stop, wait_until

LONGEST = 1800.0  # seconds
VERSION = "llama-3.1"


def impact(env: Mapping[str, str], folder: Path) -> None:
    """Accept a text with other words, kill the run at a third, let it finish, count."""
    from django.db.models import Count

    from reviews.models import ImpactLine, ImpactRun, Review

    text, replaced = accept_other_words()
    log = folder / "impact.log"
    command = [sys.executable, "-m", "bench.impact", str(text), str(replaced)]
    began = time.perf_counter()
    first = start(command, env=env, log=log)
    wait_until(ImpactRun.objects.exists, seconds=60, what="the impact run to begin", log=log)
    total = ImpactRun.objects.get().total
    wait_until(lambda: ImpactLine.objects.count() >= total // 3, seconds=LONGEST, what="a third of the lines", log=log)
    stop(first, signal.SIGKILL)
    at_the_kill = ImpactLine.objects.count()
    second = start(command, env=env, log=log)
    wait_until(lambda: second.poll() is not None, seconds=LONGEST, what="the impact run to finish", log=log)
    took = time.perf_counter() - began
    if second.returncode:
        raise CannotRun(f"The impact run failed:\n{log.read_text(encoding='utf-8')[-2000:]}")
    said = json.loads(log.read_text(encoding="utf-8").strip().splitlines()[-1])
    lines = ImpactLine.objects.count()
    opened = Review.objects.filter(reason="text_changed")
    doubled = opened.values("component").annotate(n=Count("pk")).filter(n__gt=1).count()
    if (lines, doubled) != (total, 0) or ImpactRun.objects.get().finished_at is None:
        raise CannotRun(f"The impact run gave {lines} lines for {total} approvals, and doubled {doubled} reviews.")
    head = ["impact run", "approvals", "killed at", "lines", "reviews", "doubled", "s", "approvals/s", "peak MB"]
    row = ["one word changed", total, at_the_kill, lines, opened.count(), doubled, f"{took:.0f}", f"{total / took:.0f}"]
    print(table(head, [[*map(str, row), f"{said['peak_mb']:.0f}"]]), end="\n\n", flush=True)


def accept_other_words() -> tuple[int, int]:
    """The keys of an accepted text with one word changed, and of the one that it replaced."""
    from bench.seed import SEED
    from foundation.accounts.models import User
    from foundation.files.store import read
    from licences.actions import accept_text, import_text
    from licences.models import LlamaVersion, TextKind
    from licences.queries import current_text

    version = LlamaVersion.objects.get(slug=VERSION)
    before = current_text(version, TextKind.AGREEMENT)
    if before is None:
        raise CannotRun(f"{version.name} has no agreement to change.")
    words = read(before.sha256).decode().replace(" otter ", " badger ", 1)
    text = import_text(version=version, kind=TextKind.AGREEMENT, data=words.encode(), source="bench", imported_by=SEED)
    accept_text(text=text, by=User.objects.get(email__startswith="leo"), note="Invented for the bench.")
    return text.pk, before.pk


def main(arguments: list[str]) -> int:
    """Run it here, and say how much memory it took."""
    import django

    django.setup()
    from licences.models import LicenceText
    from reviews.actions.impact_run import run_impact

    texts = LicenceText.objects.select_related("version").in_bulk([int(one) for one in arguments])
    run_impact(text=texts[int(arguments[0])], replaced=texts[int(arguments[1])])
    print(json.dumps({"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
