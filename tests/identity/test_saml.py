"""SAML with a directory made up here: what it signs for us is taken, everything else is refused."""

import base64
import json
import re
import zlib
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers import registry
from allauth.socialaccount.views import login_cancelled
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.test import Client
from django.urls import include, path
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from engagements.models import User
from mobility_portal.identity.providers import ProviderProblem
from mobility_portal.identity.saml.options import read_saml_providers
from mobility_portal.identity.saml.provider import PERSISTENT, PortalSAMLProvider
from tests.factories.engagements import PASSWORD

pytestmark = [
    pytest.mark.django_db,
    # python3-saml 1.16.0, the newest, asks for the time in the old way.
    pytest.mark.filterwarnings("ignore:datetime.datetime.utc:DeprecationWarning"),
]
urlpatterns = [
    path("accounts/", include("mobility_portal.identity.saml.urls")),
    path("accounts/oidc/cancelled/", login_cancelled, name="socialaccount_login_cancelled"),
    path("", include("mobility_portal.urls")),
]
IDP, SSO = "https://id.city.gov/metadata", "https://id.city.gov/sso"
OBJECT_ID = "http://schemas.microsoft.com/identity/claims/objectidentifier"
ADDRESS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
EMAIL_FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"


def make_key() -> tuple[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "id.city.gov")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=9))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


KEY, CERTIFICATE = make_key()
STRANGE_KEY, STRANGE_CERTIFICATE = make_key()
ENTRY = {
    "id": "city",
    "name": "City directory",
    "entity_id": IDP,
    "sso_url": SSO,
    "x509cert": CERTIFICATE,
    "verified_domains": ["city.gov"],
}


@pytest.fixture
def directory(settings):
    settings.ROOT_URLCONF = __name__
    apps = read_saml_providers({"SAML_PROVIDERS": json.dumps([ENTRY])})
    settings.SOCIALACCOUNT_PROVIDERS = settings.SOCIALACCOUNT_PROVIDERS | {"saml": {"APPS": apps}}
    settings.SIGN_ON_SERVERS = [{"id": "city", "name": "City directory", "kind": "saml"}]
    registry.load()
    registry.register(PortalSAMLProvider)
    yield
    registry.provider_map.pop("saml")


@pytest.fixture
def ann():
    return User.objects.create_user("ann@city.gov", PASSWORD, name="Ann")


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def response(
    request_id: str,
    attributes: dict[str, str],
    *,
    key: str = KEY,
    certificate: str = CERTIFICATE,
    signed: bool = True,
    audience: str = "http://testserver/accounts/saml/city/metadata/",
    issuer: str = IDP,
    ends: timedelta = timedelta(minutes=5),
    name_id: tuple[str, str] = (EMAIL_FORMAT, "ann@city.gov"),
) -> str:
    now = datetime.now(UTC)
    acs = "http://testserver/accounts/saml/city/acs/"
    said = "".join(
        f'<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>'
        for name, value in attributes.items()
    )
    space = 'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'
    assertion = (
        f'<saml:Assertion {space} ID="_a1" Version="2.0" IssueInstant="{stamp(now)}">'
        f"<saml:Issuer>{issuer}</saml:Issuer><saml:Subject>"
        f'<saml:NameID Format="{name_id[0]}">{name_id[1]}</saml:NameID>'
        '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData '
        f'InResponseTo="{request_id}" NotOnOrAfter="{stamp(now + ends)}" Recipient="{acs}"/></saml:SubjectConfirmation>'
        f'</saml:Subject><saml:Conditions NotBefore="{stamp(now - timedelta(minutes=5))}" '
        f'NotOnOrAfter="{stamp(now + ends)}"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience>'
        "</saml:AudienceRestriction></saml:Conditions>"
        f'<saml:AuthnStatement AuthnInstant="{stamp(now)}" SessionIndex="_s"><saml:AuthnContext>'
        "<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>"
        "</saml:AuthnContext></saml:AuthnStatement>"
        f"<saml:AttributeStatement>{said}</saml:AttributeStatement></saml:Assertion>"
    )
    if signed:
        assertion = OneLogin_Saml2_Utils.add_sign(assertion, key, certificate).decode()
        assertion = assertion.removeprefix("<?xml version='1.0' encoding='UTF-8'?>\n")
    whole = (
        f'<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" {space} ID="_r1" Version="2.0" '
        f'IssueInstant="{stamp(now)}" Destination="{acs}" InResponseTo="{request_id}"><saml:Issuer>{issuer}'
        '</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>'
        f"</samlp:Status>{assertion}</samlp:Response>"
    )
    return base64.b64encode(whole.encode()).decode()


def come_back(attributes: dict[str, str], *, request_id: str = "", **options):
    client = Client()
    away = client.post("/accounts/saml/city/login/")
    assert away.url.startswith(SSO)
    asked = zlib.decompress(base64.b64decode(parse_qs(urlsplit(away.url).query)["SAMLRequest"][0]), -15).decode()
    own = re.search(r'ID="([^"]+)"', asked)[1]
    sent = {"SAMLResponse": response(request_id or own, attributes, **options)}
    landed = client.post("/accounts/saml/city/acs/", sent)
    return client, client.get(landed.url)


PERSON = {OBJECT_ID: "o-1", ADDRESS: "Ann@city.gov"}


def test_a_signed_person_of_the_domain_is_in_and_known_by_a_lasting_identifier(directory, ann):
    assert "City directory" in Client().get("/accounts/login/").content.decode()
    client, answer = come_back(PERSON)
    assert answer.status_code == 302 and client.session["_auth_user_id"] == str(ann.pk)
    kept = SocialAccount.objects.get()
    assert (kept.provider, kept.uid) == ("city", "o-1")
    client, _ = come_back(PERSON | {ADDRESS: "new@city.gov"})
    assert client.session["_auth_user_id"] == str(ann.pk)


@pytest.mark.parametrize(
    ("attributes", "options"),
    [
        (PERSON, {"signed": False}),
        (PERSON, {"key": STRANGE_KEY, "certificate": STRANGE_CERTIFICATE}),
        (PERSON, {"audience": "https://elsewhere.example"}),
        (PERSON, {"issuer": "https://evil.example"}),
        (PERSON, {"ends": timedelta(minutes=-10)}),
        (PERSON, {"request_id": "never-asked"}),
        (PERSON | {ADDRESS: "ann@elsewhere.gov"}, {}),
        ({OBJECT_ID: "o-1"}, {}),
        ({ADDRESS: "ann@city.gov"}, {}),  # an address as identifier is somebody else's tomorrow
    ],
    ids=["unsigned", "stranger", "audience", "issuer", "expired", "not asked", "domain", "no address", "no identifier"],
)
def test_anything_else_opens_nothing(directory, ann, attributes, options):
    User.objects.create_user("ann@elsewhere.gov", PASSWORD)
    client, answer = come_back(attributes, **options)
    assert answer.status_code in (401, 403) and "_auth_user_id" not in client.session
    assert not SocialAccount.objects.exists()


def test_a_persistent_name_identifies_too_and_a_second_person_is_refused(directory, ann):
    client, _ = come_back({ADDRESS: "ann@city.gov"}, name_id=(PERSISTENT, "p-1"))
    assert client.session["_auth_user_id"] == str(ann.pk)
    assert come_back(PERSON)[1].status_code == 403


def test_the_portal_describes_itself_to_the_directory(directory):
    answer = Client().get("/accounts/saml/city/metadata/")
    assert answer.status_code == 200 and "/accounts/saml/city/acs/" in answer.content.decode()
    assert Client().get("/accounts/saml/other/metadata/").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "A"}, {"verified_domains": []}, {"verified_domains": ["*"]}, {"sso_url": "http://x"}, {"x509cert": ""},
        {"odd": 1},
    ],
)  # fmt: skip
def test_a_setting_that_is_wrong_is_said(wrong):
    with pytest.raises(ProviderProblem, match="SAML_PROVIDERS"):
        read_saml_providers({"SAML_PROVIDERS": json.dumps([ENTRY | wrong])})
    with pytest.raises(ProviderProblem):
        read_saml_providers({"SAML_PROVIDERS": json.dumps([ENTRY, ENTRY])})
