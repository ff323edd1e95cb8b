"""Celery workers that kill themselves, each at one step of the work, one after the other.

``python -m tests.faults.mortal FOLDER`` reads one step a line, ``after
requests.actions.route_request``: a worker works like any other until that function has done its
work (or is about to); then its whole process group is gone, as in a power cut, and the step is
written back. What a dead one held is soon due again, and the broker gives out again what is
still worked on.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from pkgutil import resolve_name

from massy_grc.celery import app
from tests.faults.conftest import WORKER

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
CHASE_TASK = "requests.tasks.chase_deadlines"


def mortal(function: Callable, when: str) -> Callable:
    """The function, with the death of the process group `when` is it: before or after."""

    @wraps(function)
    def wrapper(*args, **kwargs):
        if when == "after":
            function(*args, **kwargs)
        os.killpg(os.getpgrp(), signal.SIGKILL)

    return wrapper


def die_with_parent() -> None:
    """Have the kernel kill this process when the one that started it is gone (prctl(2))."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def work_and_die(folder: str, step: str) -> None:
    """Be a worker that dies at a step, in a process group of its own."""
    os.setsid()
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what it says is no answer
    when, path = step.split()
    owner, _, name = path.rpartition(".")
    place = resolve_name(owner)
    setattr(place, name, mortal(getattr(place, name), when))
    app.worker_main([*WORKER, "--concurrency", "1", "--schedule", f"{folder}/beat-mortal"])


def main(folder: str) -> None:
    """Let a worker die at each step that is asked; all goes with the test, however it ends."""
    die_with_parent()
    os.register_at_fork(after_in_child=die_with_parent)
    app.loader.import_default_modules()  # Django and its apps
    from massy_grc.outbox import relay, sending
    from massy_grc.outbox.publishing import RELAY_TASK, SEND_TASK

    # at once would hand over again, at each beat, all that the living have not come to yet
    relay.HANDOVER_PATIENCE = sending.CLAIM = timedelta(seconds=2)
    app.conf.broker_transport_options |= {"visibility_timeout": 1}
    # alone, and never stale: what beat asked long ago would keep the worker from its step
    app.conf.beat_schedule = {
        task: {"task": task, "schedule": every, "options": {"expires": every}}
        for task, every in ((RELAY_TASK, 0.5), (SEND_TASK, 0.5), (CHASE_TASK, 2))
    }
    for line in sys.stdin:
        step = line.strip()
        child = os.fork()
        if not child:
            work_and_die(folder, step)
        _pid, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGKILL:
            sys.exit(f"the worker did not die at its step: {step}")
        print(step, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
