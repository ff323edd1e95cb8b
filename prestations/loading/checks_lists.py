"""Checks of the lists beside the prestations of catalogue.yaml, which name them."""

from collections import Counter

from prestations.loading.problems import Fault, Problems


def check_portal_group(path: str, group: dict, prestations: dict, problems: Problems) -> None:
    problems.duplicates(f"{path}.prestations", group["prestations"], "code")
    for index, entry in enumerate(group["prestations"]):
        place = f"{path}.prestations[{index}].code"
        prestation = prestations.get(entry["code"])
        if prestation is None:
            problems.add(
                place, f"unknown prestation {entry['code']!r}", Fault.UNKNOWN, entry["code"]
            )
        elif "web" not in prestation["channels"] or prestation["status"] != "active":
            problems.add(
                place,
                f"{entry['code']!r} is not open on the web",
                Fault.CLOSED_ON_WEB,
                entry["code"],
            )
        elif prestation["team"] != group["team"]:
            problems.add(
                place,
                f"{entry['code']!r} belongs to the team {prestation['team']!r}",
                Fault.GROUP_OF_TEAM,
                entry["code"],
            )


def check_checks(path: str, entry: dict, prestations: dict, problems: Problems) -> None:
    """A fee that the town takes; a signature where nothing is posted."""
    prestation, checks = prestations.get(entry["prestation"]), entry["checks"]
    if prestation is None:
        return
    if "fee" in checks and prestation["fee"]["paid_to"] != "commune":
        problems.add(path, f"{entry['prestation']!r} has no fee paid to the town", Fault.NO_FEE)
    if "signature" in checks and prestation["delivery_modes"] != ["retrait"]:
        problems.add(
            path,
            f"{entry['prestation']!r} is not only collected, nobody would sign",
            Fault.NOBODY_SIGNS,
        )


def check_approval(path: str, entry: dict, prestations: dict, problems: Problems) -> None:
    """Only a department has a head who approves."""
    prestation = prestations.get(entry["prestation"])
    if prestation and prestation["expert_department"] is None:
        problems.add(
            path,
            f"{entry['prestation']!r} has no department whose head would approve",
            Fault.NO_HEAD,
        )


def check_public(path: str, entry: dict, prestations: dict, problems: Problems) -> None:
    """Only what is in a street or a place of everybody's may be shown to everybody."""
    prestation = prestations.get(entry["prestation"])
    if prestation is None:
        problems.add(
            path, f"unknown prestation {entry['prestation']!r}", Fault.UNKNOWN, entry["prestation"]
        )
    elif prestation["location"] not in ("street", "map"):
        problems.add(
            path,
            f"{entry['prestation']!r} has no public place (location street or map)",
            Fault.NO_PUBLIC_PLACE,
        )


def check_counts(data: dict, problems: Problems) -> None:
    prestations = data["prestations"]
    found = Counter(prestation["origin"] for prestation in prestations)
    found.update(prestation["handling"] for prestation in prestations)
    found["prestations"] = len(prestations)
    found["categories"] = len(data["categories"])
    found["form_fields"] = sum(len(item["form_fields"]) for item in prestations)
    found["documents"] = sum(len(item["documents"]) for item in prestations)
    for key, stated in data["counts"].items():
        if stated != found[key]:
            problems.add(f"counts.{key}", f"says {stated}, the file holds {found[key]}")
