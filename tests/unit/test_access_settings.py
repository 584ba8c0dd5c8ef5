"""What the environment says of sign-on, passwords and quotas; what is wrong is one sentence with its variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.errors import SettingInvalid
from drafter.sign_on_settings import AccessSettings, access_from

OIDC = {
    "DRAFTER_OIDC_ISSUER": "https://login.example.org/realms/imr",
    "DRAFTER_OIDC_CLIENT_ID": "review-desk",
    "DRAFTER_OIDC_ROLES": "IMR reviewers=reviewer; cn=quality,ou=imr=qa prompt_editor; IMR reviewers=qa",
}


def test_without_a_variable_nothing_is_configured():
    assert access_from({}) == AccessSettings()


def test_a_provider_has_defaults_for_all_but_address_client_and_groups():
    told = access_from(OIDC).sign_on

    assert told is not None
    assert told.name == "login.example.org"
    assert told.scopes == "openid profile"
    assert (told.groups_claim, told.login_claim) == ("groups", "preferred_username")
    assert told.groups == {"IMR reviewers": ("reviewer", "qa"), "cn=quality,ou=imr": ("qa", "prompt_editor")}
    assert told.secret() is None


def test_a_secret_is_not_shown_and_is_read_anew_from_its_file(tmp_path: Path):
    file = tmp_path / "secret"
    told = access_from(OIDC | {"DRAFTER_OIDC_CLIENT_SECRET": "first", "DRAFTER_OIDC_CLIENT_SECRET_FILE": str(file)})
    assert told.sign_on is not None
    assert "first" not in repr(told)
    assert told.sign_on.secret().get_secret_value() == "first"  # type: ignore[union-attr]

    file.write_text("second\n", encoding="utf-8")

    assert told.sign_on.secret().get_secret_value() == "second"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ({"DRAFTER_OIDC_ISSUER": "http://login.example.org"}, "DRAFTER_OIDC_ISSUER"),
        ({"DRAFTER_OIDC_ISSUER": "login.example.org"}, "DRAFTER_OIDC_ISSUER"),
        ({"DRAFTER_OIDC_CLIENT_ID": ""}, "DRAFTER_OIDC_CLIENT_ID"),
        ({"DRAFTER_OIDC_ROLES": ""}, "DRAFTER_OIDC_ROLES"),
        ({"DRAFTER_OIDC_ROLES": "IMR=boss"}, "DRAFTER_OIDC_ROLES"),
        ({"DRAFTER_OIDC_ROLES": "=qa"}, "DRAFTER_OIDC_ROLES"),
        ({"DRAFTER_OIDC_SCOPES": "profile"}, "DRAFTER_OIDC_SCOPES"),
        ({"DRAFTER_DESK_PASSWORDS": "nobody"}, "DRAFTER_DESK_PASSWORDS"),
        ({"DRAFTER_QUOTA_DRAFTS": "reviewer=many"}, "DRAFTER_QUOTA_DRAFTS"),
        ({"DRAFTER_QUOTA_EXPORTS": "boss=3"}, "DRAFTER_QUOTA_EXPORTS"),
    ],
    ids=str,
)
def test_what_is_wrong_names_its_variable(told: dict[str, str], named: str):
    with pytest.raises(SettingInvalid, match=named):
        access_from(OIDC | told)


def test_passwords_are_not_switched_off_where_nobody_else_could_come_in():
    with pytest.raises(SettingInvalid, match="DRAFTER_DESK_PASSWORDS"):
        access_from({"DRAFTER_DESK_PASSWORDS": "administrators"})

    assert access_from(OIDC | {"DRAFTER_DESK_PASSWORDS": "administrators"}).passwords_for == "administrators"


def test_quotas_are_by_what_and_by_role():
    told = access_from({"DRAFTER_QUOTA_DRAFTS": "reviewer=200, qa=50", "DRAFTER_QUOTA_EXPORTS": "qa=0"})

    assert told.quotas == {"drafts": {"reviewer": 200, "qa": 50}, "exports": {"qa": 0}}
