"""``python -m tests.bench``: a real server over 10,000 then 100,000 requests.

Run by ``make bench`` on throw-away servers (DATABASE_URL and REDIS_URL are theirs). Prints a
table and writes var/bench.json; asserts nothing.
"""

import argparse
import contextlib
import json
import os
import platform
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIZES = (10_000, 100_000)


def main() -> int:
    options = parse()
    if not prepare():
        return 2
    from django.core.management import call_command

    results: dict[int, list] = {}
    loading: dict[int, float] = {}
    for size in options.sizes:
        if results:
            empty()
        begun = time.monotonic()
        call_command("demo_data", requests=size)
        loading[size] = round(time.monotonic() - begun, 1)
        settle()
        results[size] = run(size)
    write(results, loading, options.output)
    tell_growth(results)
    return 0


def prepare(requests: int = 0) -> bool:
    """Load the town into the empty database, and that many invented requests; False if in use."""
    os.environ["MASSY_MODE"] = "demo"
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "massy_grc.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    if "requests_servicerequest" in connection.introspection.table_names():
        print("bench: wants an empty database, this one is in use", file=sys.stderr)
        return False
    call_command("migrate", verbosity=0)
    load_town()
    call_command("collectstatic", interactive=False, verbosity=0)
    if requests:
        call_command("demo_data", requests=requests)
    return True


def load_town() -> None:
    from django.core.management import call_command

    for command in ("load_reference", "load_catalogue"):
        call_command(command, verbosity=0)


def empty() -> None:
    """Start again from the town without requests, for the next size."""
    from django.core.cache import cache
    from django.core.management import call_command

    call_command("flush", interactive=False, verbosity=0)
    cache.clear()
    load_town()


def settle() -> None:
    """Do at once what a night does: the dashboard's roll-ups, the planner's statistics."""
    from django.db import connection

    from backoffice.actions.figures import rebuild_figures

    rebuild_figures()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N")
    parser.add_argument("--output", type=Path, default=ROOT / "var" / "bench.json")
    return parser.parse_args()


def run(size: int) -> list:
    from tests.bench.measure import filings_needed, measure
    from tests.bench.pages import pages

    print(f"\n{size:,} requests")
    print(f"{'page':<26}{'best ms':>9}{'p50 ms':>9}{'p95 ms':>9}{'req/s':>8}{'queries':>9}")
    measures = []
    with server() as base:
        for page in pages(filings_needed()):
            one = measure(page, base)
            measures.append(one)
            times = f"{one.best:>9}{one.p50:>9}{one.p95:>9}"
            print(f"{one.page:<26}{times}{one.rate:>8.0f}{one.queries:>9}", flush=True)
    return measures


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Start gunicorn as `make run` does, on a free port; yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {key: value for key, value in os.environ.items() if key != "MASSY_COMMAND"}
    command = [sys.executable, "-m", "gunicorn", "massy_grc.wsgi:application"]
    command += ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"]
    command += ["--workers", "2", "--threads", "4", "--no-control-socket"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def wait_for(port: int, process: subprocess.Popen, seconds: int = 30) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise RuntimeError("gunicorn did not start")


def write(results: dict[int, list], loading: dict[int, float], output: Path) -> None:
    output.parent.mkdir(parents=True, exist_ok=True)
    report = {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "seconds_to_load": loading,
        "measures": {size: [one.as_json() for one in lines] for size, lines in results.items()},
        "growth": [line.as_json() for line in growth(results)],
    }
    output.write_text(json.dumps(report, indent=2), encoding="utf-8")
    print(f"\nWritten to {output}")


def growth(results: dict[int, list]) -> list:
    """Return how each page changes from the smallest to the largest size."""
    from tests.bench.measure import Growth

    small, large = min(results), max(results)
    floor = results[large][0]
    return [
        Growth.between(before, after, floor)
        for before, after in zip(results[small], results[large], strict=True)
    ]


def tell_growth(results: dict[int, list]) -> None:
    """Print the growth of each page, and what it costs more than a view that does nothing."""
    small, large = min(results), max(results)
    print(f"\n{large:,} beside {small:,} requests; the floor is the first line, an empty view")
    print(f"{'page':<26}{'p50':>15}{'growth':>9}{'best':>9}{'queries':>10}{'over floor':>12}")
    for line in growth(results):
        times = f"{line.p50_small:>7.1f} ->{line.p50_large:>5.1f}"
        ratios = f"{line.p50:>+9.0%}{line.best:>+9.0%}"
        queries = f"{line.queries_small} -> {line.queries_large}"
        print(f"{line.page:<26}{times}{ratios}{queries:>10}{line.over_floor:>9.1f} ms")


if __name__ == "__main__":
    sys.exit(main())
