"""``python -m massy_grc.embedded run | exec | destroy``: see ``--help``."""

import argparse
import os
import signal
import sys
from pathlib import Path

from massy_grc.embedded.paths import ROOT, EmbeddedError, throwaway_folder
from massy_grc.embedded.services import Services
from massy_grc.embedded.supervisor import Supervisor, run_command


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m massy_grc.embedded", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    run = verbs.add_parser("run", help="the whole demonstration, until Ctrl-C")
    run.add_argument("--host", default="127.0.0.1")
    run.add_argument("--port", type=int, default=8000)
    verbs.add_parser("destroy", help="stop the servers and remove all their data")
    execute = verbs.add_parser("exec", help="one command with the servers it needs")
    execute.add_argument(
        "--throwaway", action="store_true", help="fresh, fast, empty servers, removed afterwards"
    )
    execute.add_argument(
        "--in-memory",
        action="store_true",
        help="throw-away files in memory, if it has room",
    )
    execute.add_argument(
        "--owner", action="store_true", help="DATABASE_URL is the schema owner's, not the app's"
    )
    execute.add_argument("command", nargs=argparse.REMAINDER)
    parsed = parser.parse_args(arguments)
    if parsed.verb == "exec":
        parsed.command = parsed.command[parsed.command[:1] == ["--"] :]
        if not parsed.command:
            execute.error("name the command to run after --")
    return parsed


def leave(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


def execute(services: Services, options: argparse.Namespace) -> int:
    with services:
        environment = {"MASSY_COMMAND": "1"} | services.environment(as_owner=options.owner)
        return run_command(options.command, environment)


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    var = Path(os.environ.get("MASSY_VAR_DIR") or ROOT / "var").resolve()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    try:
        if options.verb == "run":
            return Supervisor(var, options.host, options.port).run()
        if options.verb == "destroy":
            return Services(var).destroy()
        if options.throwaway:
            with throwaway_folder(in_memory=options.in_memory) as folder:
                os.environ["MASSY_VAR_DIR"] = str(folder)
                return execute(Services(folder, throwaway=True), options)
        return execute(Services(var), options)
    except EmbeddedError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except PermissionError as error:
        print(f"\n{error}. Was this folder used by root before?", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
