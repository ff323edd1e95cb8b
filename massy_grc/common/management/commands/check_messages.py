"""Fail when a text shown to people has no English, or a compiled catalogue is out of date.

French is the language of the sources: `make messages` writes its catalogue, collects the texts and
compiles; this command changes nothing.
"""

import gettext
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

SOURCES = ["massy_grc", "prestations", "citizens", "requests", "backoffice", "templates"]
TOOLS = ["xgettext", "msgmerge", "msguniq", "msgattrib", "msgfmt"]
SHOWN = 20


class Command(BaseCommand):
    help = "Check that every text has its English and that the compiled catalogues are current."
    requires_system_checks = []

    def handle(self, *args, **options) -> None:
        missing = [tool for tool in TOOLS if shutil.which(tool) is None]
        if missing:
            raise CommandError(
                f"GNU gettext is needed ({', '.join(missing)} not found): apt-get install gettext"
            )
        problems = []
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder)
            collect_messages(settings.BASE_DIR, copy)
            for catalogue in sorted(copy.glob("locale/*/LC_MESSAGES/django.po")):
                if catalogue.parts[-3] != settings.LANGUAGE_CODE:
                    problems += untranslated(catalogue)
        problems += stale(settings.BASE_DIR / "locale")
        for problem in problems[:SHOWN]:
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} to do: run make messages, then translate")


def collect_messages(root: Path, copy: Path) -> None:
    """Copy the sources and catalogues of `root` to `copy`, and collect their texts there.

    Raises CommandError when there is no English catalogue or makemessages fails.
    """
    if not (root / "locale" / "en" / "LC_MESSAGES" / "django.po").exists():
        raise CommandError("locale/en/LC_MESSAGES/django.po is missing: run make messages")
    skip = shutil.ignore_patterns("__pycache__", "*.pyc", "*.mo")
    for name in [*SOURCES, "locale"]:
        if (root / name).exists():
            shutil.copytree(root / name, copy / name, ignore=skip)
    shutil.copy(root / "manage.py", copy)
    _run(
        [sys.executable, "manage.py", "makemessages", "--all", "--no-location", "--no-wrap"],
        cwd=copy,
    )


def untranslated(catalogue: Path) -> list[str]:
    """Return one line for each text of `catalogue` without a sure translation."""
    problems = []
    language = catalogue.parts[-3]
    for option, word in (("--untranslated", "not translated"), ("--only-fuzzy", "unsure (fuzzy)")):
        entries = _run(["msgattrib", option, "--no-obsolete", "--no-wrap", str(catalogue)])
        problems += [f"{language}: {word}: {text}" for text in _msgids(entries)]
    return problems


def stale(locale: Path) -> list[str]:
    """Return one line for each catalogue whose compiled file is absent or says something else."""
    problems = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        name = compiled.relative_to(locale.parent)
        if not compiled.exists():
            problems.append(f"{name} is missing")
            continue
        with tempfile.TemporaryDirectory() as folder:
            fresh = Path(folder) / "fresh.mo"
            _run(["msgfmt", "--check", "-o", str(fresh), str(source)])
            if _content(fresh) != _content(compiled):
                problems.append(f"{name} is not what {source.name} says")
    return problems


def _content(compiled: Path) -> dict:
    """Return the texts of a compiled catalogue, without its header (it holds dates)."""
    with compiled.open("rb") as file:
        texts = dict(vars(gettext.GNUTranslations(file))["_catalog"])
    texts.pop("", None)
    return texts


def _msgids(entries: str) -> list[str]:
    """Return the msgid of each entry of a .po text, but the header's."""
    lines = [line for line in entries.splitlines() if line.startswith("msgid ")]
    texts = [line.removeprefix("msgid ").strip('"') for line in lines]
    return [text for text in texts if text]


def _run(command: list[str], cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CommandError(f"{command[0]} failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
