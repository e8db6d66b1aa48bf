"""What is believed of a sign-on server: the rule by itself, and the setting that names servers."""

import json

import pytest

from mobility_portal.identity.providers import ProviderProblem, read_providers, sign_on_origins
from mobility_portal.identity.trust import Refused, Trust, expected_issuer, judge, says_yes

CITY = Trust(("city.gov",))
CITY_EDOV = Trust(("city.gov",), edov=True)
ANY = Trust()
ANY_EDOV = Trust(edov=True)
ANN = "ann@city.gov"
ENTRA = "https://login.microsoftonline.com/tenant/v2.0"


@pytest.mark.parametrize(
    ("claims", "trust", "believed"),
    [
        ({"email": "Ann@City.gov", "email_verified": True}, ANY, ANN),
        ({"email": ANN, "email_verified": True}, CITY, ANN),
        ({"email": "eve@other.gov", "email_verified": True}, CITY, Refused.OTHER_DOMAIN),
        ({"email": "eve@sub.city.gov", "email_verified": True}, CITY, Refused.OTHER_DOMAIN),
        ({"email": "eve@evilcity.gov", "email_verified": True}, CITY, Refused.OTHER_DOMAIN),
        *[({"email": ANN, "email_verified": no}, CITY, Refused.UNVERIFIED) for no in (False, None, "false", "true", 1)],
        # Entra: no email_verified at all.
        ({"email": ANN}, ANY, Refused.UNVERIFIED),
        ({"email": ANN}, CITY, ANN),
        ({"email": ANN}, CITY_EDOV, Refused.UNVERIFIED),
        *[({"email": ANN, "xms_edov": yes}, CITY_EDOV, ANN) for yes in (True, 1, "1", "true", "True")],
        *[({"email": ANN, "xms_edov": yes}, ANY_EDOV, ANN) for yes in (True, 1, "1", "true")],
        *[({"email": ANN, "xms_edov": no}, CITY, Refused.UNVERIFIED) for no in (False, 0, "0", "false", None, "", 2)],
        ({"email": ANN, "xms_edov": True}, ANY, Refused.UNVERIFIED),
        ({"email": "eve@other.gov", "xms_edov": True}, CITY_EDOV, Refused.OTHER_DOMAIN),
        ({"email": ANN, "xms_edov": True, "email_verified": False}, CITY_EDOV, Refused.UNVERIFIED),
        # Names that anybody may choose.
        ({"preferred_username": ANN, "upn": ANN, "name": ANN, "xms_edov": True}, CITY_EDOV, Refused.NO_ADDRESS),
        # Guests of the directory.
        ({"email": ANN, "preferred_username": "ann_city.gov#EXT#@t.onmicrosoft.com"}, CITY, Refused.GUEST),
        ({"email": ANN, "acct": 1}, CITY, Refused.GUEST),
        ({"email": ANN, "acct": 0}, CITY, ANN),
        ({"email": ANN, "iss": ENTRA, "idp": "https://sts.windows.net/other/"}, CITY, Refused.GUEST),
        ({"email": ANN, "iss": ENTRA, "idp": "https://sts.windows.net/tenant/"}, CITY, ANN),
        ({"email": ANN, "iss": ENTRA, "idp": "live.com", "email_verified": True}, ANY, Refused.GUEST),
        # No plain address.
        *[
            ({"email": odd, "email_verified": True}, ANY, Refused.NO_ADDRESS)
            for odd in ("", None, 7, ["a@city.gov"], "a@b@city.gov", "ann@city.gov,eve@x.gov", "a b@city.gov",
                        "a@x\n.gov", "Ann <ann@city.gov>", "a" * 250 + "@city.gov")
        ],
    ],
)  # fmt: skip
def test_an_address_is_believed_where_the_server_vouches_for_it(claims, trust, believed):
    found = judge(claims, trust)
    assert (found.refused if isinstance(believed, Refused) else found.address) == believed
    assert bool(found.address) != bool(found.refused)


def test_only_a_yes_is_a_yes():
    assert [says_yes(each) for each in (True, 1, "1", "true")] == [True] * 4
    assert [says_yes(each) for each in (False, 0, 2, None, "", "yes", "false", [], {})] == [False] * 9


@pytest.mark.parametrize(
    ("announced", "tenants", "tenant", "wanted"),
    [
        ("https://id/x", [], None, "https://id/x"),
        ("https://id/x", ["t1"], "t1", "https://id/x"),
        ("https://id/x", ["t1"], "T1", "https://id/x"),
        ("https://id/x", ["t1"], "t2", ""),
        ("https://id/x", ["t1"], None, ""),
        ("https://id/{tenantid}/v2.0", [], "t1", ""),
        ("https://id/{tenantid}/v2.0", ["t1", "t2"], "t2", "https://id/t2/v2.0"),
        ("https://id/{tenantid}/v2.0", ["t1"], "t3", ""),
    ],
)
def test_a_token_is_of_a_directory_that_was_named(announced, tenants, tenant, wanted):
    assert expected_issuer(announced, tenants, tenant) == wanted


ONE = {"id": "city", "name": "City", "server_url": "https://id.city.gov", "client_id": "c", "secret": "s"}
ENTRA_ONE = ONE | {"id": "entra", "server_url": "https://login.microsoftonline.com/ABC-1/v2.0"}
OLDER = {"OIDC_SERVER_URL": "https://old.gov/", "OIDC_CLIENT_ID": "c", "OIDC_CLIENT_SECRET": "s"}


def test_the_older_variables_are_the_first_server(tmp_path):
    (only,) = read_providers(OLDER)
    assert (only["provider_id"], only["settings"]["server_url"]) == ("sso", "https://old.gov")
    file = tmp_path / "servers.json"
    (tmp_path / "secret").write_text("kept\n")
    second = {name: value for name, value in ENTRA_ONE.items() if name != "secret"}
    file.write_text(json.dumps([second | {"verified_domains": ["City.gov"], "secret_file": str(tmp_path / "secret")}]))
    both = read_providers(OLDER | {"OIDC_VERIFIED_DOMAINS": "old.gov", "OIDC_PROVIDERS": str(file)})
    assert [app["provider_id"] for app in both] == ["sso", "entra"]
    assert both[1]["secret"] == "kept" and both[1]["settings"]["verified_domains"] == ["city.gov"]
    assert both[1]["settings"]["tenants"] == ["abc-1"], "the directory in the address is the one that counts"
    assert read_providers({}) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "{", "{}", "[1]", "/no/such/file",
        [ONE | {"id": "City!"}], [ONE | {"id": "cancelled"}], [ONE | {"name": ""}], [ONE | {"secret": ""}], [ONE, ONE],
        [ONE | {"server_url": "http://id.city.gov"}], [ONE | {"verfied_domains": []}], [ONE | {"xms_edov": "yes"}],
        [ONE | {"verified_domains": "city.gov"}], [ONE | {"verified_domains": ["not a domain"]}],
        [ONE | {"tenants": "t"}], [ONE | {"secret_file": "/no/such/file"}],
        [ONE, ENTRA_ONE],  # two servers, and neither says for whom it speaks
        *[[ENTRA_ONE | {"server_url": f"https://login.microsoftonline.com/{of}/v2.0"}]
          for of in ("common", "organizations", "consumers", "Common")],
    ],
)  # fmt: skip
def test_a_setting_that_is_wrong_stops_the_start_with_a_sentence(wrong):
    with pytest.raises(ProviderProblem, match=r"OIDC_PROVIDERS"):
        read_providers({"OIDC_PROVIDERS": wrong if isinstance(wrong, str) else json.dumps(wrong)})


def test_a_server_for_every_directory_needs_named_ones():
    common = ENTRA_ONE | {"server_url": "https://login.microsoftonline.com/organizations/v2.0", "tenants": ["A", "b"]}
    (app,) = read_providers({"OIDC_PROVIDERS": json.dumps([common])})
    assert app["settings"]["tenants"] == ["a", "b"]


def test_the_sign_in_form_may_lead_to_the_named_servers_and_nowhere_else():
    apps = read_providers({"OIDC_PROVIDERS": json.dumps([ONE])})
    saml = [{"settings": {"idp": {"sso_url": "https://saml.city.gov/sso?x=1"}}}]
    assert sign_on_origins(apps, saml) == ["https://id.city.gov", "https://saml.city.gov"]
