"""The table of official files, and which addresses are asked."""

import pytest

from atlas.fetching.addresses import candidate_addresses, is_public, resolve_redirect
from atlas.fetching.errors import FetchError
from atlas.sources.downloads import default_downloads


def test_a_default_portal_needs_tables_and_the_maps_of_its_states():
    found = {download.name: download for download in default_downloads(["26", "39", "26"])}
    assert {
        "tract_outcomes_simple",
        "county_outcomes_simple",
        "cz_outcomes_simple",
        "pctile_to_dollar_cw",
        "cpi_u_all_items",
        "wages_metro",
        "wages_nation",
        "tract_covariates",
        "tract_outcomes_late_simple",
        "gz_2010_26_140_00_500k",
        "gz_2010_39_140_00_500k",
        "tl_2019_26_place",
        "tl_2019_39_place",
        "zcta_tract_rel_10",
        "2019_Gaz_place_national",
    } == found.keys()
    assert found["gz_2010_26_140_00_500k"].addresses == (
        "https://www2.census.gov/geo/tiger/GENZ2010/gz_2010_26_140_00_500k.zip",
    )
    assert found["tl_2019_26_place"].addresses == (
        "https://www2.census.gov/geo/tiger/TIGER2019/PLACE/tl_2019_26_place.zip",
    )
    assert found["tract_outcomes_simple"].addresses == (
        "https://opportunityinsights.org/wp-content/uploads/2018/10/tract_outcomes_simple.csv",
        "https://www2.census.gov/ces/opportunity/tract_outcomes_simple.csv",
    )
    assert [name for name, download in found.items() if download.is_tract_outcome] == [
        "tract_outcomes_simple",
        "tract_outcomes_late_simple",
    ]


def test_layers_are_those_of_every_county_on_a_map_also_across_the_states_border():
    found = {download.name: download for download in default_downloads(["39"], ["39061", "21015", "21117", "21015"])}
    own = default_downloads(["39"])
    assert found.keys() - {download.name for download in own} == {
        "gz_2010_21_140_00_500k",
        "tl_2019_21_prisecroads",
        "tl_2019_39_prisecroads",
        "tl_2019_21_arealm",
        "tl_2019_39_arealm",
        "tl_2019_21_pointlm",
        "tl_2019_39_pointlm",
        "tl_2019_21015_linearwater",
        "tl_2019_21117_linearwater",
        "tl_2019_39061_linearwater",
        "tl_2019_21015_areawater",
        "tl_2019_21117_areawater",
        "tl_2019_39061_areawater",
    }
    assert found["tl_2019_21015_areawater"].addresses == (
        "https://www2.census.gov/geo/tiger/TIGER2019/AREAWATER/tl_2019_21015_areawater.zip",
    )
    assert list(found)[0] == "tract_outcomes_simple" and list(found)[-1] == "tract_outcomes_late_simple"


def test_every_address_is_https_and_named_like_its_file():
    for download in default_downloads(["26"], ["26163"]):
        for address in download.addresses:
            assert address.startswith("https://") and address.endswith(f"/{download.file_name}"), address
        assert 0 < download.expected_bytes < download.max_bytes


def test_mirrors_stand_before_the_official_addresses():
    tract = default_downloads([])[0]
    found = candidate_addresses(tract, ("https://mirror.example.org/oi/",))
    assert found[0] == "https://mirror.example.org/oi/wp-content/uploads/2018/10/tract_outcomes_simple.csv"
    assert found[2] == "https://mirror.example.org/oi/tract_outcomes_simple.csv"
    assert found[-2:] == tract.addresses


@pytest.mark.parametrize(
    ("address", "location", "target"),
    [
        ("https://a.org/x", "https://b.org/y", "https://b.org/y"),
        ("https://a.org/x", "/y", "https://a.org/y"),
        ("http://127.0.0.1:81/x", "/y", "http://127.0.0.1:81/y"),
        ("http://a.org/x", "https://a.org/x", "https://a.org/x"),
        ("https://a.org/x", "http://a.org/x", None),
        ("http://a.org/x", "http://b.org/x", None),
        ("http://a.org/x", "http://a.org:8080/x", None),
        ("https://a.org/x", "file:///etc/passwd", None),
        ("https://a.org/x", "https://u:p@b.org/", None),
    ],
)
def test_redirects_lead_to_https_or_stay(address, location, target):
    if target is None:
        with pytest.raises(FetchError):
            resolve_redirect(address, location)
    else:
        assert resolve_redirect(address, location) == target


@pytest.mark.parametrize(
    ("ip", "public"),
    [
        ("93.184.216.34", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("192.168.1.1", False),
        ("::1", False),
        ("169.254.169.254", False),
        ("::ffff:10.0.0.1", False),
        ("fe80::1%eth0", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("2606:2800:220:1::1", True),
    ],
)
def test_private_networks_are_told_from_the_internet(ip, public):
    assert is_public(ip) is public
