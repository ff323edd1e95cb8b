"""Loading of the town's data files: reference.yaml, then catalogue.yaml, then
privacy.yaml; and the addresses.

Each loader reads, checks everything, and only then writes, in one transaction: a file with a
mistake changes nothing, and all its mistakes are told at once (`DataFileError`).
"""

from prestations.loading.addresses import load_addresses
from prestations.loading.catalogue import load_catalogue
from prestations.loading.privacy import load_privacy
from prestations.loading.problems import DataFileError, Problem
from prestations.loading.reference import load_reference
from prestations.loading.rows import Summary

__all__ = [
    "DataFileError",
    "Problem",
    "Summary",
    "load_addresses",
    "load_catalogue",
    "load_privacy",
    "load_reference",
]
