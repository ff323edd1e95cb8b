"""The check of translations finds what is missing, unsure or not compiled."""

import shutil
import subprocess

import pytest
from django.core.management import CommandError, call_command

from massy_grc.common.management.commands import check_messages

pytestmark = pytest.mark.skipif(shutil.which("msgfmt") is None, reason="GNU gettext is absent")

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
DONE = HEADER + 'msgid "Envoyer"\nmsgstr "Send"\n'


@pytest.fixture
def town(tmp_path, settings):
    """A small project of one source, with its English catalogue: `town(po_text)` compiles it."""
    folder = tmp_path / "project"
    messages = folder / "locale" / "en" / "LC_MESSAGES"
    messages.mkdir(parents=True)
    (folder / "templates").mkdir()
    (folder / "templates" / "page.html").write_text('{% load i18n %}{% translate "Envoyer" %}')
    shutil.copy(settings.BASE_DIR / "manage.py", folder)
    settings.BASE_DIR = folder

    def write(text: str, *, compile_it: bool = True):
        (messages / "django.po").write_text(text, encoding="utf-8")
        if compile_it:
            subprocess.run(
                ["msgfmt", "-o", messages / "django.mo", messages / "django.po"], check=True
            )
        return folder

    return write


@pytest.fixture(autouse=True)
def _collect_without_django(monkeypatch):
    """Collect the texts by xgettext's own means: a whole project is not needed here."""
    run = check_messages._run

    def collect(command, cwd=None):
        if "makemessages" not in command:
            return run(command, cwd)
        source = cwd / "all.py"
        texts = [page.read_text().split('"')[1] for page in cwd.glob("templates/*.html")]
        source.write_text("".join(f"_({text!r})\n" for text in texts))
        run(["xgettext", "--from-code=UTF-8", "-o", "all.pot", "all.py"], cwd)
        return run(["msgmerge", "-q", "-U", "locale/en/LC_MESSAGES/django.po", "all.pot"], cwd)

    monkeypatch.setattr(check_messages, "_run", collect)


def test_passes_when_all_is_translated_and_compiled(town):
    town(DONE)
    call_command("check_messages")


def test_tells_a_text_without_translation(town, capsys):
    town(HEADER + 'msgid "Envoyer"\nmsgstr ""\n')
    with pytest.raises(CommandError, match="1 to do"):
        call_command("check_messages")
    assert "en: not translated: Envoyer" in capsys.readouterr().err


def test_tells_an_unsure_translation(town, capsys):
    town(HEADER + '#, fuzzy\nmsgid "Envoyer"\nmsgstr "Send"\n')
    with pytest.raises(CommandError):
        call_command("check_messages")
    assert "en: unsure (fuzzy): Envoyer" in capsys.readouterr().err


def test_tells_a_text_that_was_never_collected(town, capsys):
    folder = town(DONE)
    (folder / "templates" / "new.html").write_text('{% translate "Bonjour à tous" %}')
    with pytest.raises(CommandError):
        call_command("check_messages")
    assert "Bonjour" in capsys.readouterr().err


def test_tells_a_compiled_catalogue_out_of_date(town, capsys):
    town(DONE)
    town(DONE.replace("Send", "Submit"), compile_it=False)
    with pytest.raises(CommandError):
        call_command("check_messages")
    assert "django.mo is not what django.po says" in capsys.readouterr().err


def test_tells_a_catalogue_never_compiled(town, capsys):
    town(DONE, compile_it=False)
    with pytest.raises(CommandError):
        call_command("check_messages")
    assert "django.mo is missing" in capsys.readouterr().err


def test_says_what_to_install_without_gettext(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda tool: None)
    with pytest.raises(CommandError, match="apt-get install gettext"):
        call_command("check_messages")
