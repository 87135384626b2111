"""What is guessed first is refused wherever a password is set; sentences pass."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from guanxi.core.actor import actor_of, console_actor
from guanxi.core.errors import InvalidInput
from guanxi.core.models import User
from guanxi.people import services
from guanxi.people.signing_in.passwords import LONGEST
from guanxi.people.signing_in.services import accounts

GUESSED = [
    "password123",
    "P@ssw0rd2024!",
    "woaini5201314",
    "5201314woaini",
    "WoAiNi1314!",
    "qwertyuiop123",
    "1qaz2wsx3edc",
    "qweasdzxc123",
    "1q2w3e4r5t",
    "aaaaaaaaaaaa",
    "abcabcabcabc",
    "a1234567890",
    "zhangwei1988",
    "wangfang19900101",
    "liuyang@2020",
    "mima123456!",
    "guanxi2026!",
    "nihao123456",
    "admin@123456",
    "13800138000",
    "1990010119900101",
    "qazwsxedcrfv",
    "asdfghjkl;'",
    "zaq12wsxcde3",
    "beijing2008!",
    "shengrikuaile888",
    "iloveyou1314",
    "princess123",
]
FINE = [
    "correct horse battery",
    "a long password",
    "moon-over-the-harbour",
    "another long sentence",
    "kunming noodles at seven",
    "七月的雨打在旧木船上啊",
    "Zh4-tree, lamp, 19 geese",
    "vx7Qm-pp2Lk-99tRz",
    "床前明月光疑是地上霜",
]


@pytest.mark.parametrize("password", GUESSED)
def test_guessed_passwords_are_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, User(username="somebody"))


@pytest.mark.parametrize("password", FINE)
def test_sentences_and_random_ones_pass(password: str) -> None:
    validate_password(password, User(username="somebody"))


@pytest.mark.parametrize(
    "password", ["ann.keller1", "Annalise-Keller", "annalise@example.org", "x" * (LONGEST + 1), "k7#Rw"]
)
def test_those_like_the_person_too_long_and_too_short_are_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, User(username="ann.keller", name="Annalise Keller", email="annalise@example.org"))


@pytest.mark.parametrize("password", ["k" * 100_000, "啊" * LONGEST, "ab" * 64, "\x00" * 20, "qwerty" * 21])
def test_hostile_passwords_take_no_time_and_raise_nothing_else(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, User(username="somebody"))


@pytest.mark.django_db
def test_every_place_that_sets_a_password_asks(client) -> None:
    bad, good = "woaini5201314", "correct horse battery"
    owner, _password = services.create_user(actor=console_actor(), name="ann", role="owner", password=good)
    actor = actor_of(owner)
    for act in (
        lambda: services.create_user(actor=actor, name="bob", role="agent", password=bad),
        lambda: services.set_password(actor=actor, user_id=owner.pk, password=bad),
        lambda: services.change_own_password(actor=actor, current=good, password=bad),
        lambda: accounts.recover(actor=console_actor(), user_id=owner.pk, password=bad),
    ):
        with pytest.raises(InvalidInput):
            act()
    client.force_login(owner)
    answer = client.post("/settings/profile/password", {"current": good, "password": bad, "again": bad})
    assert answer.status_code == 422
    assert "guessed first" in answer.content.decode()
    owner.refresh_from_db()
    assert owner.check_password(good)
