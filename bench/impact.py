"""Both impact runs, each killed once in the middle: time, memory, and that no review is doubled.

A text with one word changed is accepted, and every approval of that version is looked at. A version is prepared and
published by two people, and every model is looked at; a quarter of the products waited for it. `python -m bench.impact`
with a kind and keys is the process that is killed; the bench starts it with its own database.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from bench.bring_in import accept_other_words, llama_5_is_published, some_wait_for_llama_5
from bench.figures import table
from bench.processes import CannotRun, peak, start, stop, wait_until

LONGEST = 1800.0  # seconds
HEAD = ["impact run", "products", "to look at", "killed at", "lines", "reviews", "doubled", "s", "a second", "peak MB"]


def impact(env: Mapping[str, str], folder: Path) -> None:
    """Carry out both runs and print what came of them."""
    text, replaced = accept_other_words()
    rows = [_killed_once(env, folder / "text.log", "one word changed", "text_changed", ["text", text, replaced])]
    some_wait_for_llama_5()
    version = llama_5_is_published()
    rows.append(_killed_once(env, folder / "version.log", "Llama 5 added", "version_added", ["version", version]))
    print(table(HEAD, rows), end="\n\n", flush=True)


def _killed_once(env: Mapping[str, str], log: Path, name: str, reason: str, arguments: list[str | int]) -> list[str]:
    """Start the run, kill it at a third, let it finish, count."""
    from django.db.models import Count

    from deployments.models import Product
    from reviews.models import ImpactLine, ImpactRun, Review

    command = [sys.executable, "-m", "bench.impact", *map(str, arguments)]
    before = set(ImpactRun.objects.values_list("pk", flat=True))
    began = time.perf_counter()
    first = start(command, env=env, log=log)
    this = ImpactRun.objects.exclude(pk__in=before)
    wait_until(this.exists, seconds=120, what="the impact run to begin", log=log)
    run = this.get()
    lines = ImpactLine.objects.filter(run=run)
    wait_until(lambda: lines.count() >= run.total // 3, seconds=LONGEST, what="a third of the lines", log=log)
    stop(first, signal.SIGKILL)
    at_the_kill = lines.count()
    second = start(command, env=env, log=log)
    wait_until(lambda: second.poll() is not None, seconds=LONGEST, what="the impact run to finish", log=log)
    took = time.perf_counter() - began
    if second.returncode:
        raise CannotRun(f"The impact run failed:\n{log.read_text(encoding='utf-8')[-2000:]}")
    said = json.loads(log.read_text(encoding="utf-8").strip().splitlines()[-1])
    run.refresh_from_db()
    opened = Review.objects.filter(reason=reason)
    doubled = opened.values("component", "version").annotate(n=Count("pk")).filter(n__gt=1).count()
    found = (lines.count(), lines.exclude(review=None).values("review").distinct().count(), opened.count(), doubled)
    if found != (run.total, run.total, run.total, 0) or run.finished_at is None or not run.total:
        raise CannotRun(f"{name}: of {run.total}, lines, reviews named, reviews opened and doubled are {found}.")
    figures = [Product.objects.count(), run.total, at_the_kill, lines.count(), opened.count(), doubled]
    return [name, *map(str, figures), f"{took:.0f}", f"{run.total / took:.0f}", f"{said['peak_mb']:.0f}"]


def main(arguments: list[str]) -> int:
    """Run one here, and say how much memory it took."""
    import django

    django.setup()
    from licences.models import LicenceText, LlamaVersion
    from reviews.actions.impact_of_text import run_impact_of_text
    from reviews.actions.impact_of_version import run_impact_of_version

    kind, *keys = arguments
    if kind == "text":
        text, replaced = (LicenceText.objects.select_related("version").get(pk=int(key)) for key in keys)
        run_impact_of_text(text=text, replaced=replaced)
    else:
        run_impact_of_version(version=LlamaVersion.objects.get(pk=int(keys[0])))
    print(json.dumps({"peak_mb": peak()}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
