"""People of an organisation sign in at its identity provider, a real one on loopback, and sign letters by it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from drafter.adapters.attempts import Attempts
from drafter.adapters.browser_lock import unlocked
from drafter.adapters.record_store.opening import open_record_store
from drafter.adapters.record_store.sqlite import SqliteDatabase
from drafter.domain.review.people import Identity
from drafter.errors import AccountInvalid
from drafter.services.access.sign_in import Visitor
from drafter.services.desk.deciding import decide
from tests.identity_provider import CLIENT, Provider, running_provider
from tests.sign_on_factories import ADDRESS, Person, RunningClock, going_to, sign_on_desk, told
from tests.web_factories import PROFILE, Desk


@pytest.fixture(scope="module")
def started() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
def provider(started: Provider) -> Provider:
    """As it should be, with one reviewer."""
    started.client(returns_to=ADDRESS)
    started.spoil()
    started.person("m.keller", "IMR reviewers", "Chess club")
    return started


@pytest.fixture
def desk(provider: Provider) -> Desk:
    return sign_on_desk(provider, idle_minutes=120)


def recorded(desk: Desk, *actions: str) -> list[Any]:
    return [moment.event for moment in desk.store.history(actions=actions)]


def reasons(desk: Desk) -> list[str]:
    return [event.why for event in recorded(desk, "sign-in-refused")]


def visitor_of(person: Person) -> Visitor:
    visitor = person.desk.parts.sign_in.visitor(str(person.browser.client.cookies["desk"]))
    assert visitor, "the session goes on"
    return visitor


def test_who_comes_first_gets_an_account_with_the_roles_of_her_groups(desk: Desk):
    person = Person(desk, "m.keller")
    page = person.browser.get("/sign-in").text
    assert "Sign in with Example Health" in page

    answer = person.sign_in(then="/account")

    assert answer.headers["location"] == "/account"
    assert "m.keller, Reviewer" in person.browser.get("/account").text
    assert person.account.identity.subject == "m.keller"
    assert recorded(desk, "signed-in")[-1].by == "provider"
    assert person.browser.get("/cases").status_code == 200


def test_coming_again_is_the_same_account_and_roles_are_renewed_each_time(desk: Desk, provider: Provider):
    first, second = Person(desk, "m.keller"), Person(desk, "m.keller")
    first.sign_in()
    account_id = first.account.account_id
    provider.person("m.keller", "IMR reviewers", "IMR quality")

    second.sign_in()

    assert second.account.account_id == account_id
    assert second.account.roles == ("reviewer", "qa", "prompt_editor")
    assert second.browser.get("/quality").status_code == 200
    assert first.browser.get("/cases").status_code == 303, "the session with the old roles"


def test_who_lost_her_groups_is_out_her_sessions_end_and_that_is_on_record(desk: Desk, provider: Provider):
    person, again = Person(desk, "m.keller"), Person(desk, "m.keller")
    person.sign_in()
    provider.person("m.keller", "Chess club")

    refused = again.sign_in()

    assert refused.status_code == 401
    assert "None of your groups at Example Health opens this desk" in refused.text
    assert person.browser.get("/cases").status_code == 303
    assert person.account.roles == ()
    assert recorded(desk, "account-changed")[-1].roles == ()
    assert reasons(desk)[-1] == "groups"
    provider.person("m.keller", "IMR reviewers")
    assert again.sign_in().status_code == 303
    assert person.account.roles == ("reviewer",)


def test_who_was_deactivated_here_stays_out_whatever_her_groups(desk: Desk):
    person = Person(desk, "m.keller")
    person.sign_in()
    desk.parts.accounts.deactivate(person.account, actor="system")

    assert person.browser.get("/cases").status_code == 303
    refused = person.sign_in()

    assert refused.status_code == 401
    assert "deactivated" in refused.text
    assert reasons(desk) == ["inactive"]


def test_an_account_of_the_same_name_with_a_password_is_linked_by_an_administrator_only(desk: Desk):
    local = desk.person("reviewer", login="m.keller")
    person = Person(desk, "m.keller")
    refused = person.sign_in()
    assert refused.status_code == 401
    assert "drafter user link m.keller m.keller" in refused.text
    assert reasons(desk) == ["login"]
    provider = desk.parts.sign_on
    assert provider is not None
    issuer = person.sent_off().partition("/oauth")[0]

    desk.parts.accounts.link(local, Identity(issuer=issuer, subject="m.keller"), actor="system")

    assert person.sign_in().status_code == 303
    assert person.account.account_id == local.account_id
    assert desk.browser().sign_in("m.keller").status_code == 401, "her password holds no more"
    with pytest.raises(AccountInvalid, match="groups"):
        desk.parts.accounts.change_roles(person.account, ("admin",), actor="system")
    with pytest.raises(AccountInvalid, match="no password here"):
        desk.parts.accounts.reset(person.account, actor="system")
    given = desk.parts.accounts.unlink(person.account, roles=("reviewer",), actor="system")
    assert desk.browser().sign_in("m.keller", password=given).status_code == 303


def test_the_administrator_made_here_comes_in_while_the_provider_is_down(provider: Provider):
    desk = sign_on_desk(provider, issuer="http://127.0.0.1:9", passwords_for="administrators")
    desk.person("reviewer", login="local")
    browser = desk.browser()

    down = browser.get("/sign-in/provider")

    assert down.status_code == 503
    assert "Example Health cannot be reached just now" in down.text
    assert 'name="password"' in down.text
    assert desk.browser().sign_in("local").status_code == 401, "passwords are switched off but for administrators"
    assert reasons(desk) == ["passwords-off"]
    assert browser.sign_in("office").status_code == 303
    assert browser.get("/accounts").status_code == 200


def test_a_provider_that_goes_down_on_the_way_costs_one_sentence(desk: Desk, provider: Provider):
    person = Person(desk, "m.keller")
    back = person.there.to_desk(person.sent_off())
    provider.stop()
    try:
        answer = person.back(back)
    finally:
        provider.start()

    assert answer.status_code == 503
    assert "cannot be reached just now" in answer.text


def test_without_a_provider_there_is_neither_button_nor_way():
    desk = Desk()
    desk.person("admin", login="office")

    assert "/sign-in/provider" not in desk.browser().get("/sign-in").text
    assert desk.browser().get("/sign-in/provider").status_code == 404
    assert desk.browser().get("/sign-in/provider/answer?state=x&code=y").status_code == 404


def test_the_provider_is_asked_for_nothing_before_somebody_wants_to_sign_in(desk: Desk, provider: Provider):
    provider.asked()
    desk.browser().get("/sign-in")
    assert provider.asked() == []

    Person(desk, "m.keller").sign_in()
    Person(desk, "m.keller").sign_in()

    asked = provider.asked()
    assert sum("well-known" in path for path in asked) == 1, "what it says of itself is kept"
    assert sum("jwks" in path for path in asked) == 1


def test_the_way_there_carries_pkce_state_and_nonce_and_nothing_that_the_desk_keeps_to_itself(desk: Desk):
    person = Person(desk, "m.keller")

    carried = told(person.sent_off(then="/cases"))

    assert carried["code_challenge_method"] == "S256"
    assert len(carried["code_challenge"]) == 43
    assert carried["response_type"] == "code"
    assert len({carried["state"], carried["nonce"], carried["code_challenge"]}) == 3
    cookie = next(c for c in person.browser.client.cookies.jar if c.name == "desk-sign-on")
    assert cookie.value
    assert carried["state"] not in cookie.value
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "lax"


@pytest.mark.parametrize("then", ["//evil.example", "https://evil.example", "/sign-in", "/%2f/evil.example"])
def test_nobody_is_sent_elsewhere_after_signing_in(desk: Desk, then: str):
    assert Person(desk, "m.keller").sign_in(then=then).headers["location"] == "/"


def test_an_answer_holds_once_and_in_the_browser_that_asked(desk: Desk):
    person, thief = Person(desk, "m.keller"), Person(desk, "m.keller")
    thief.sent_off()
    back = person.there.to_desk(person.sent_off())
    flow = person.browser.client.cookies.get("desk-sign-on")

    assert thief.back(back).status_code == 401
    assert desk.browser().get(back.removeprefix(ADDRESS)).status_code == 401, "a browser that never asked"
    assert person.back(back).status_code == 303
    assert person.back(back).status_code == 401, "the cookie is gone"
    person.browser.client.cookies.set("desk-sign-on", str(flow))
    again = person.back(back)

    assert again.status_code == 401
    assert "used already" in again.text
    assert reasons(desk) == ["state", "state", "state", "replayed"]


def test_a_code_that_was_stolen_serves_nobody_in_another_way(desk: Desk, provider: Provider):
    provider.person("a.thief", "IMR reviewers")
    person, thief = Person(desk, "m.keller"), Person(desk, "a.thief")
    stolen = told(person.there.to_desk(person.sent_off()))
    mine = told(thief.there.to_desk(thief.sent_off()))

    answer = thief.back(f"/sign-in/provider/answer?state={mine['state']}&code={stolen['code']}&iss={mine['iss']}")

    assert answer.status_code == 401
    assert reasons(desk) == ["refused-there"], "the verifier of PKCE is another"


def test_an_answer_that_comes_too_late_or_says_no_is_refused(desk: Desk):
    person = Person(desk, "m.keller")
    back = person.there.to_desk(person.sent_off())
    desk.clock.pass_by(minutes=11)
    assert "too long ago" in person.back(back).text
    state = told(person.sent_off())["state"]

    denied = person.back(f"/sign-in/provider/answer?state={state}&error=access_denied&error_description=<b>x</b>")

    assert denied.status_code == 401
    assert "<b>x</b>" not in denied.text
    assert reasons(desk) == ["state", "refused-there"]


def test_no_code_token_or_state_gets_into_a_log_a_page_or_a_record(desk: Desk, caplog: pytest.LogCaptureFixture):
    person = Person(desk, "m.keller")
    with caplog.at_level("DEBUG"):
        back = person.there.to_desk(person.sent_off())
        person.back(back)
        pages = [person.browser.get(path).text for path in ("/account", "/cases")]
    carried = told(back)
    kept = [str(moment.event) for moment in desk.store.history()]
    ours = [line.getMessage() for line in caplog.records if line.name.startswith("drafter")]

    for secret in (carried["code"], carried["state"]):
        assert not any(secret in text for text in (*pages, *kept, *ours))


def test_refusals_that_come_without_end_do_not_fill_the_record(provider: Provider):
    desk = sign_on_desk(provider, attempts=Attempts(an_account=3, an_address=50))

    answers = [desk.browser().get("/sign-in/provider/answer?state=x&code=y").status_code for _ in range(6)]

    assert answers == [401] * 6
    assert reasons(desk) == ["state"] * 3
    assert Person(desk, "m.keller").sign_in().status_code == 303


def test_signing_out_goes_on_to_the_provider(desk: Desk, provider: Provider):
    person = Person(desk, "m.keller")
    person.sign_in()

    answer = person.browser.post("/sign-out")

    going = going_to(answer.text)
    assert going.startswith(f"{provider.issuer}/oauth/end_session?")
    assert told(going)["post_logout_redirect_uri"] == f"{ADDRESS}/sign-in"
    assert person.browser.get("/cases").status_code == 303
    local = desk.browser(desk.person("reviewer"))
    assert local.post("/sign-out").headers["location"] == "/sign-in"


def test_the_provider_is_told_whom_to_sign_out_and_does_not_ask(desk: Desk):
    person = Person(desk, "m.keller")
    person.sign_in()
    asked = person.there.asked

    going = going_to(person.browser.post("/sign-out").text)

    assert person.there.to_desk(going) == f"{ADDRESS}/sign-in", "it asked nothing and sent her back"
    person.sign_in()
    assert person.there.asked == asked + 1, "nobody comes in after her without her password"


def test_a_sign_out_everywhere_tells_the_provider_too(desk: Desk):
    person = Person(desk, "m.keller")
    person.sign_in()

    answer = person.browser.post("/account/sessions/end", on="/account")

    assert "id_token_hint" in told(going_to(answer.text))


def test_the_sign_out_shows_what_the_provider_said_last(ready: tuple[Person, str]):
    person, case_id = ready
    first = visitor_of(person).said_there
    person.confirm(case_id)
    assert signed(person, case_id).status_code == 303
    last = visitor_of(person).said_there

    going = going_to(person.browser.post("/sign-out").text)

    assert last not in ("", first)
    assert told(going)["id_token_hint"] == last
    assert person.there.to_desk(going) == f"{ADDRESS}/sign-in"


def test_a_token_too_long_for_an_address_is_not_sent(desk: Desk, provider: Provider):
    provider.spoil(of_many_groups="x" * 6000)
    person = Person(desk, "m.keller")
    person.sign_in()

    going = told(going_to(person.browser.post("/sign-out").text))

    assert "id_token_hint" not in going
    assert going["client_id"] == CLIENT


def test_neither_a_copy_of_the_database_nor_the_cookie_holds_the_token(
    provider: Provider, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    database = SqliteDatabase(tmp_path / "desk.sqlite3")
    store = open_record_store(database, clock=RunningClock())
    person = Person(sign_on_desk(provider, store=store), "m.keller")
    with caplog.at_level("DEBUG"):
        opened = person.sign_in()
        token = visitor_of(person).said_there
        pages = [person.browser.get(path).text for path in ("/account", "/cases")]
        person.browser.post("/cases/find", find="spine")
        assert visitor_of(person).said_there == token, "what else the session keeps leaves it where it is"

    on_disk = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    ours = [line.getMessage() for line in caplog.records if line.name.startswith("drafter")]
    for part in filter(None, token.split(".")):
        assert part.encode() not in on_disk
        assert not any(part in text for text in (str(opened.headers), *pages, *ours))
    key = str(person.browser.client.cookies["desk"])
    kept = store.sessions.find(hashlib.sha256(key.encode()).hexdigest())
    assert kept
    locked_words = json.loads(kept.data)["said_there"]
    assert unlocked(locked_words, key=key) == token
    assert unlocked(locked_words, key=kept.key_sha256) is None, "what the database knows of the key opens nothing"
    database.close()


@pytest.fixture
def ready(desk: Desk) -> tuple[Person, str]:
    """A reviewer of the organisation with a case that lacks nothing but her signature."""
    person = Person(desk, "m.keller")
    person.sign_in()
    desk.parts.accounts.set_profile(person.account, PROFILE, actor="system")
    case_id = desk.drafted(to=person.account)
    for item in desk.parts.store.state(case_id).items:  # type: ignore[union-attr]
        decide(
            case_id,
            item.number,
            "upheld",
            store=desk.store,
            workbench=desk.parts.workbench,
            by=person.account,
            request_id=uuid4().hex,
        )
    return person, case_id


def signed(person: Person, case_id: str) -> Any:
    path = f"/cases/{case_id}/approve"
    return person.browser.post(path, on=path, seen=person.seen(case_id), attest="true", no_tie="true")


def test_a_signature_takes_a_sign_in_of_the_moment_and_nothing_ticked_is_lost(desk: Desk, ready: tuple[Person, str]):
    person, case_id = ready
    path = f"/cases/{case_id}/approve"
    page = person.browser.get(path).text
    assert "Confirm at Example Health" in page
    assert 'name="password"' not in page
    assert signed(person, case_id).status_code == 422, "not before it is confirmed"
    asked = person.there.asked

    back = person.confirm(case_id)

    assert back.headers["location"] == path
    assert person.there.asked == asked + 1, "the provider asked for the password though she was signed in there"
    page = person.browser.get(path).text
    assert page.count(" checked") == 2
    assert "You have confirmed at Example Health" in page
    assert signed(person, case_id).headers["location"] == f"/cases/{case_id}/letter"
    assert recorded(desk, "identity-confirmed")[-1].account_id == person.account.account_id
    assert visitor_of(person).data.confirmation is None, "the next signature takes another"


def test_a_confirmation_that_is_asked_for_twice_is_the_last_one(ready: tuple[Person, str]):
    person, case_id = ready
    path = f"/cases/{case_id}/approve"
    fields: dict[str, Any] = {"seen": person.seen(case_id), "attest": "true", "no_tie": "true"}
    first, last = (going_to(person.browser.post(f"{path}/confirm", on=path, **fields).text) for _ in range(2))

    assert person.back(person.there.to_desk(last)).headers["location"] == path
    assert signed(person, case_id).status_code == 303
    assert person.back(person.there.to_desk(first)).status_code == 401


def test_a_confirmation_holds_for_one_text_and_for_minutes(desk: Desk, ready: tuple[Person, str]):
    person, case_id = ready
    person.confirm(case_id)
    other = PROFILE.model_copy(update={"specialty": "Pain Medicine"})
    desk.parts.accounts.set_profile(person.account, other, actor="system")

    refused = signed(person, case_id)

    assert refused.status_code == 422
    assert "Confirm who you are" in refused.text
    assert "Confirm at Example Health" in refused.text
    person.confirm(case_id)
    desk.clock.pass_by(minutes=6)
    assert signed(person, case_id).status_code == 422


def test_ticks_are_asked_for_before_anybody_is_sent_off(ready: tuple[Person, str]):
    person, case_id = ready
    path = f"/cases/{case_id}/approve"

    refused = person.browser.post(f"{path}/confirm", on=path, seen=person.seen(case_id), attest="true")

    assert refused.status_code == 422
    assert "Tick both statements" in refused.text
    assert refused.text.count(" checked") == 1


def test_nobody_confirms_for_somebody_else(desk: Desk, provider: Provider, ready: tuple[Person, str]):
    person, case_id = ready
    provider.person("a.colleague", "IMR reviewers")
    person.there = Person(desk, "a.colleague").there

    refused = person.confirm(case_id)

    assert refused.status_code == 401
    assert "somebody else" in refused.text
    assert signed(person, case_id).status_code == 422
    assert reasons(desk) == ["other-person"]


@pytest.mark.parametrize("spoilt", [{"without": ("auth_time",)}, {"auth_time": 1_700_000_000}], ids=["none", "old"])
def test_an_old_sign_in_at_the_provider_is_no_confirmation(
    desk: Desk, provider: Provider, ready: tuple[Person, str], spoilt: dict[str, Any]
):
    person, case_id = ready
    provider.spoil(**spoilt)

    assert person.confirm(case_id).status_code == 401
    assert signed(person, case_id).status_code == 422
    assert reasons(desk)[0] in ("token", "not-fresh")


def test_a_confirmation_lost_to_the_provider_leaves_the_text_as_it_was(
    desk: Desk, provider: Provider, ready: tuple[Person, str]
):
    person, case_id = ready
    path = f"/cases/{case_id}/approve"
    seen = person.seen(case_id)
    desk.clock.pass_by(minutes=61)  # what the provider says of itself is asked for anew
    provider.stop()
    try:
        refused = person.browser.post(f"{path}/confirm", on=path, seen=seen, attest="true", no_tie="true")
    finally:
        provider.start()

    assert refused.status_code == 422
    assert "Nothing was signed" in refused.text
    assert refused.text.count(" checked") == 2
