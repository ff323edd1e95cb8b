"""What hostile files cost whoever sends them to us (R20: under 2 s and 200 MB each):

    .venv/bin/python -m tests.bench.hostile

Each is judged in a process of its own, as an upload is, without database. The time is that of the
judgement; the memory is the most that the process ever had beyond what it needs to start.
"""

import multiprocessing
import resource
import sys
import time
from multiprocessing.connection import Connection

from tests.bench.ground import start_django

AT_MOST = 2.0, 200.0  # seconds, megabytes
_SPAWN = multiprocessing.get_context("spawn")


def main() -> int:
    start_django()
    return tell()


def tell() -> int:
    """Print each file's cost; 1 when one is too dear."""
    from tests.requests.filing import hostile

    worst = 0.0, 0.0
    print(f"\n{'hostile file':<18}{'kB':>8}{'ms':>8}{'MB more':>9}  verdict")
    for name in (*hostile.REFUSED, *hostile.KEPT):
        ours, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(target=_judge, args=(theirs, name))
        process.start()
        theirs.close()  # ours alone: a child that dies ends the wait
        size, seconds, megabytes, verdict = ours.recv()
        process.join(20)
        worst = max(worst[0], seconds), max(worst[1], megabytes)
        print(f"{name:<18}{size / 1024:>8.0f}{seconds * 1000:>8.1f}{megabytes:>9.1f}  {verdict}")
    return int(any(found > bar for found, bar in zip(worst, AT_MOST, strict=True)))


def _judge(answer: Connection, name: str) -> None:
    start_django()
    from django.core.files.uploadedfile import SimpleUploadedFile

    from requests.uploads import UploadRefused, receive_upload
    from tests.requests.filing import hostile

    content = hostile.REFUSED.get(name) or hostile.KEPT[name][0]
    upload = SimpleUploadedFile(name, content)
    before, begun = _megabytes(), time.perf_counter()
    try:
        receive_upload(upload)
        verdict = "kept"
    except UploadRefused:
        verdict = "refused"
    answer.send((len(content), time.perf_counter() - begun, _megabytes() - before, verdict))


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
