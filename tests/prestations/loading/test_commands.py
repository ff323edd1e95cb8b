"""The commands, as an operator runs them."""

import pytest
from django.core.management import CommandError, call_command

from prestations.models import Category, ConfigurationChange, Department, Prestation

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.mark.parametrize("name", ["load_reference", "load_catalogue", "load_privacy"])
def test_says_that_nothing_changed(name, capsys):
    call_command(name)
    assert capsys.readouterr().out.startswith("Nothing to change")


def test_a_start_leaves_alone_what_the_town_changed_and_a_load_says_what_it_undid():
    Department.objects.filter(pk="espaces-verts").update(label="Jardins", is_active=False)
    Category.objects.filter(pk="espaces-verts").update(label="Jardins")
    for name in ("load_reference", "load_catalogue", "load_privacy"):
        call_command(name, "--first")
    assert Department.objects.get(pk="espaces-verts").label == "Jardins"
    assert not ConfigurationChange.objects.exists()
    call_command("load_reference")
    change = ConfigurationChange.objects.get()
    assert (change.key, change.actor, change.before) == ("espaces-verts", None, None)
    assert change.reason == "load_reference"
    assert Category.objects.get(pk="espaces-verts").label == "Jardins"


def test_tells_the_line_of_a_fault_of_yaml(tmp_path, capsys):
    file = tmp_path / "catalogue.yaml"
    file.write_text("schema_version: 1\nlanguage: [fr\n")
    with pytest.raises(CommandError, match="nothing was loaded"):
        call_command("load_catalogue", file)
    assert "line 3" in capsys.readouterr().err


def test_a_key_written_twice_is_a_fault(tmp_path, capsys):
    file = tmp_path / "catalogue.yaml"
    file.write_text("language: fr\nlanguage: en\n")
    with pytest.raises(CommandError):
        call_command("load_catalogue", file)
    assert "line 2, column 1: not valid YAML: the key 'language'" in capsys.readouterr().err


def test_a_missing_file_is_told(tmp_path, capsys):
    with pytest.raises(CommandError):
        call_command("load_reference", tmp_path / "absent.yaml")
    assert "cannot be read" in capsys.readouterr().err


def test_tags_of_python_are_refused(tmp_path):
    file = tmp_path / "catalogue.yaml"
    file.write_text("language: !!python/object/apply:os.getcwd []\n")
    with pytest.raises(CommandError):
        call_command("load_catalogue", file)


def test_counts_the_mistakes(written, catalogue_data):
    catalogue_data["prestations"][0]["category"] = "lune"
    catalogue_data["prestations"][1]["category"] = "lune"
    with pytest.raises(CommandError, match="2 mistakes, nothing was loaded") as caught:
        call_command("load_catalogue", written(catalogue_data))
    assert caught.value.returncode == 1
    assert Prestation.objects.listed().count() == 65
