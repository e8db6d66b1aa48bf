"""The bill of materials."""

import json

import pytest

from scripts.supply import bill
from scripts.supply.lock_file import RUNTIME, LockedPackage, read_lock


def test_it_names_every_package_with_hashes_license_and_who_asks_for_it(tmp_path):
    out = tmp_path / "deep" / "bill.json"
    assert bill.main([str(out)]) == 0
    made = json.loads(out.read_text("utf-8"))
    here = {each.name: each for each in read_lock(RUNTIME) if each.is_for_here}
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    assert {each["name"]: each["version"] for each in made["components"]} == {n: p.version for n, p in here.items()}
    for each in made["components"]:
        assert each["licenses"] and {said["value"] for said in each["properties"]} == set(here[each["name"]].hashes)
    needs = {each["ref"]: each["dependsOn"] for each in made["dependencies"]}
    django = f"pkg:pypi/django@{here['django'].version}"
    assert django in needs["mobility-portal"] and f"pkg:pypi/asgiref@{here['asgiref'].version}" in needs[django]
    reached, waiting = set(), ["mobility-portal"]
    while waiting:
        ref = waiting.pop()
        if ref not in reached:
            reached.add(ref)
            waiting += needs[ref]
    assert reached == set(needs), "every package is there because of another, or of us"


def test_the_same_lock_gives_the_same_bill():
    packages = read_lock(RUNTIME)
    assert bill.bill_of(packages) == bill.bill_of(packages)


def test_what_breaks_the_schema_is_not_written():
    with pytest.raises(bill.NotABill):
        bill.bill_of([LockedPackage("twice", "1", None, [], []), LockedPackage("twice", "1", None, [], [])])
