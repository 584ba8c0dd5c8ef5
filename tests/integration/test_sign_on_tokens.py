"""What an ID token must be to let somebody in: each fault of one is asked of a real provider, and refused.

The audience is the provider's own configuration, the others are done to its answer in its own process. A fault of the
token tells the person what it was, puts that on record, and opens no session.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.identity_provider import CLIENT, Provider, running_provider
from tests.sign_on_factories import ADDRESS, Person, sign_on_desk
from tests.web_factories import Desk


@pytest.fixture(scope="module")
def started() -> Iterator[Provider]:
    with running_provider() as provider:
        provider.person("m.keller", "IMR reviewers")
        yield provider


@pytest.fixture
def provider(started: Provider) -> Provider:
    started.client(returns_to=ADDRESS)
    started.spoil()
    return started


@pytest.fixture
def desk(provider: Provider) -> Desk:
    return sign_on_desk(provider)


def refused(desk: Desk, person: Person | None = None) -> str:
    """Why the sign-in was refused, as it is on record; nobody is in, and no account was made."""
    person = person or Person(desk, "m.keller")
    answer = person.sign_in()
    assert answer.status_code == 401, answer.text
    assert "does not hold" in answer.text
    assert person.browser.get("/cases").status_code == 303
    assert [one.login for one in desk.parts.accounts.all()] == ["office"]
    return str([moment.event for moment in desk.store.history(actions=("sign-in-refused",))][-1].why)  # type: ignore[union-attr]


def test_as_it_should_be_it_opens_the_desk(desk: Desk, provider: Provider):
    assert Person(desk, "m.keller").sign_in().status_code == 303


def test_for_another_program_it_is_refused(desk: Desk, provider: Provider):
    provider.client(returns_to=ADDRESS, audience="another-program")

    assert refused(desk) == "audience"


def test_expired_it_is_refused_and_a_clock_that_is_a_little_off_is_not(desk: Desk, provider: Provider):
    now = int(desk.clock.now().timestamp())
    provider.spoil(exp=now - 61)
    assert refused(desk) == "expired"

    provider.spoil(exp=now - 5)

    assert Person(desk, "m.keller").sign_in().status_code == 303


def test_a_token_of_another_sign_in_is_refused(desk: Desk, provider: Provider):
    provider.spoil(nonce="the nonce of an earlier way")

    assert refused(desk) == "nonce"


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "of another issuer": ({"iss": "https://elsewhere.example"}, "issuer"),
    "issued for another party": ({"azp": "another-program"}, "audience"),
    "for several, and none named": ({"aud": [CLIENT, "another-program"]}, "audience"),
    "without an audience": ({"without": ("aud",)}, "audience"),
    "without an issuer": ({"without": ("iss",)}, "issuer"),
    "without a subject": ({"without": ("sub",)}, "token"),
    "without a nonce": ({"without": ("nonce",)}, "nonce"),
    "without an end": ({"without": ("exp",)}, "expired"),
    "without a beginning": ({"without": ("iat",)}, "token"),
    "issued tomorrow": ({"iat": int(time.time()) + 86_400}, "token"),
    "not yet to be used": ({"nbf": int(time.time()) + 86_400}, "token"),
    "of another access token": ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "token"),
    "with an end that is no number": ({"exp": "soon"}, "expired"),
    "with a subject that is no text": ({"sub": 7}, "token"),
    "with a sign-in at no time": ({"auth_time": 10**30}, "token"),
    "signed by nobody": ({"signed": "by nobody"}, "token"),
    "signed with the public key as a secret": ({"signed": "with the public key as a secret"}, "token"),
    "signed by another key under the right name": ({"signed": "by another key"}, "signature"),
    "with a signature cut short": ({"signed": "cut short"}, "signature"),
}


@pytest.mark.parametrize(("spoilt", "why"), FAULTS.values(), ids=FAULTS)
def test_with_any_other_fault_it_is_refused(desk: Desk, provider: Provider, spoilt: dict[str, Any], why: str):
    provider.spoil(**spoilt)

    assert refused(desk) == why


def test_other_algorithms_with_a_public_key_are_taken(desk: Desk, provider: Provider):
    provider.client(returns_to=ADDRESS, signs_by="PS256")

    assert Person(desk, "m.keller").sign_in().status_code == 303


def test_a_key_without_a_name_is_found_among_those_of_the_provider(desk: Desk, provider: Provider):
    provider.spoil(signed="by a key of no name")

    assert Person(desk, "m.keller").sign_in().status_code == 303


def test_a_change_of_keys_at_the_provider_needs_no_restart_here(desk: Desk, provider: Provider):
    Person(desk, "m.keller").sign_in()
    provider.change_keys()
    provider.asked()

    assert Person(desk, "m.keller").sign_in().status_code == 303

    assert sum("jwks" in path for path in provider.asked()) == 1, "fetched anew, once"
    assert Person(desk, "m.keller").sign_in().status_code == 303
    assert not any("jwks" in path for path in provider.asked())


def test_a_key_that_the_provider_does_not_have_is_looked_for_once(desk: Desk, provider: Provider):
    Person(desk, "m.keller").sign_in()
    provider.spoil(signed="by another key under another name")
    provider.asked()

    answer = Person(desk, "m.keller").sign_in()

    assert answer.status_code == 401
    assert sum("jwks" in path for path in provider.asked()) == 1


def test_an_answer_in_the_name_of_another_provider_is_refused(desk: Desk, provider: Provider):
    person = Person(desk, "m.keller")
    back = person.there.to_desk(person.sent_off())
    assert "iss=" in back
    without = back.partition("&iss=")[0]

    assert person.back(f"{without}&iss=https://elsewhere.example").status_code == 401


def test_a_provider_that_calls_itself_otherwise_than_it_was_configured_is_not_asked(provider: Provider):
    desk = sign_on_desk(provider, issuer=provider.issuer.replace("127.0.0.1", "localhost"))

    assert desk.browser().get("/sign-in/provider").status_code == 503


def test_groups_are_looked_for_at_the_userinfo_endpoint_where_the_token_has_none(desk: Desk, provider: Provider):
    provider.spoil(without=("groups",))

    assert Person(desk, "m.keller").sign_in().status_code == 303
    assert "/oauth/userinfo" in provider.asked()


def test_a_wrong_secret_of_the_desk_is_refused_there_and_a_new_one_needs_no_restart(provider: Provider, tmp_path: Any):
    file = tmp_path / "secret"
    file.write_text("an old one\n", encoding="utf-8")
    desk = sign_on_desk(provider, client_secret_file=file)
    assert refused(desk) == "refused-there"

    file.write_text("a secret of the desk\n", encoding="utf-8")

    assert Person(desk, "m.keller").sign_in().status_code == 303
