"""The real files as data that a test may spoil, and a way to write them."""

import copy
import functools
import json
from pathlib import Path

import pytest
import yaml

DATA = Path(__file__).resolve().parents[3] / "prestations" / "data"


@functools.cache
def _parsed(name: str):
    return yaml.load((DATA / name).read_text(encoding="utf-8"), yaml.CSafeLoader)


@pytest.fixture
def reference_data():
    return copy.deepcopy(_parsed("reference.yaml"))


@pytest.fixture
def catalogue_data():
    return copy.deepcopy(_parsed("catalogue.yaml"))


@pytest.fixture
def prestation(catalogue_data):
    """`prestation("voirie-graffitis")`: its index in the file, and its data to spoil."""

    def find(code):
        for index, item in enumerate(catalogue_data["prestations"]):
            if item["code"] == code:
                return index, item
        raise LookupError(code)

    return find


@pytest.fixture
def written(tmp_path):
    """`written(data)`: the data as a YAML file."""

    def write(data) -> Path:
        file = tmp_path / "data.yaml"
        file.write_text(json.dumps(data, ensure_ascii=False), "utf-8")  # YAML too, sooner written
        return file

    return write
