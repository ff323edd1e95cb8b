"""`run`: what it says, what it ends, what it leaves alone."""

import os
import socket
import subprocess
import sys
import time

import psutil

from massy_grc.embedded import children, prepare
from massy_grc.embedded.children import Child
from massy_grc.embedded.paths import ROOT

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def child(tmp_path, *command: str) -> Child:
    return Child("web", list(command), tmp_path / "web.log", patience=5)


def never() -> bool:
    return False


def test_a_taken_port_is_named_with_the_way_out(empty_clone):
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        port = stranger.getsockname()[1]
        output = empty_clone.call("run", "--port", str(port), code=1)
    assert f"Port {port} is taken" in output
    assert f"make run PORT={port + 1}" in output
    assert not (empty_clone.var / "embedded/postgres").exists()


def test_a_killed_supervisors_children_are_ended_by_the_next(tmp_path):
    orphan = child(tmp_path, *SLEEP, "gunicorn")
    orphan.start(dict(os.environ))
    record = tmp_path / "children.json"
    children.record([orphan], record)
    assert children.end_orphans(record) == ["web"]
    assert orphan.process.wait(timeout=5) != 0
    assert not record.exists()


def test_a_process_that_merely_has_the_recorded_id_is_left_alone(tmp_path):
    stranger = subprocess.Popen(SLEEP, cwd=ROOT)
    try:
        created = psutil.Process(stranger.pid).create_time()
        for known in (created, created - 1000):
            record = tmp_path / "children.json"
            record.write_text(f'{{"web": {{"pid": {stranger.pid}, "created": {known}}}}}')
            assert children.end_orphans(record) == []
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_child_that_keeps_dying_is_started_less_and_less_often(tmp_path):
    dying = child(tmp_path, sys.executable, "-c", "raise SystemExit(3)")
    said: list[str] = []
    pauses = []
    for _ in range(4):
        dying.start(dict(os.environ))
        dying.process.wait()
        assert dying.has_ended()
        dying.note_end(said.append)
        pauses.append(round(dying.not_before - time.monotonic(), 1))
    assert pauses == [0.5, 1.0, 2.0, 4.0]
    assert "web ended (code 3)" in said[0]


def test_stopping_a_child_ends_its_own_children_too(tmp_path):
    script = (
        "import subprocess, sys, time\n"
        f"child = subprocess.Popen({SLEEP!r})\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = child(tmp_path, sys.executable, "-c", script)
    parent.start(dict(os.environ))
    log = tmp_path / "web.log"
    while not log.read_text().strip():
        time.sleep(0.05)
    grandchild = psutil.Process(int(log.read_text()))
    parent.stop(hurry=never)
    deadline = time.monotonic() + 5
    while grandchild.is_running() and grandchild.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_fingerprint_changes_with_content_and_name(tmp_path):
    file = tmp_path / "a.py"
    file.write_text("one")
    first = prepare.fingerprint([file])
    assert prepare.fingerprint([file]) == first
    file.write_text("two")
    second = prepare.fingerprint([file])
    renamed = file.rename(tmp_path / "b.py")
    assert len({first, second, prepare.fingerprint([renamed])}) == 3


def test_what_nobody_waits_for_stands_back(tmp_path):
    web = child(tmp_path, *SLEEP)
    worker = Child("worker", SLEEP, tmp_path / "worker.log", patience=5, waits=True)
    try:
        web.start(dict(os.environ))
        worker.start(dict(os.environ))
        nice = [psutil.Process(one.process.pid).nice() for one in (web, worker)]
        assert nice[1] > nice[0]
        ours = children.application_children("::1", 1, tmp_path, tmp_path)
        assert [one.name for one in ours if one.waits] == ["worker"]
    finally:
        for one in (web, worker):
            one.stop(hurry=lambda: True)
