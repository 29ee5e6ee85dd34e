"""What comes before every article: danger to life, a bailiff at the door, and what a robot must not do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.danger import CANNOT, DANGERS, cannot, danger, eviction_now, small_talk
from flows.facts import Facts, Help
from flows.messages import Name
from flows.talk import Go
from tests.flows.people import LANGUAGES, LUC, PHONE, knowing
from tests.flows.rights_screens import titles
from tests.flows.transcript import Say, play

WORDS = "de deurwaarder staat hier"
NUMBERS = {"gas": "112", "fire": "112", "medical": "112", "violence": "1712", "suicide": "1813"}


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("kind", DANGERS)
def test_the_number_to_call_is_on_the_first_screen_in_every_language(kind: str, code: str) -> None:
    told = play(danger, facts=knowing(LUC, language=code), subject=kind)
    said = "\n".join(told.log)
    assert NUMBERS[kind] in said
    assert "112" in said


def test_violence_names_the_police_too(say: Say, amina: Facts) -> None:
    assert "101" in "\n".join(play(danger, facts=amina, subject="violence").log)


@pytest.mark.parametrize("kind", DANGERS)
def test_it_says_that_a_robot_cannot_call(kind: str, say: Say, amina: Facts) -> None:
    told = play(danger, facts=amina, subject=kind)
    assert told.log == [
        *(say.text(line) for line in DANGERS[kind].lines),
        say("I am a robot. I cannot call for you."),
    ]


def test_after_the_numbers_come_the_article_a_human_and_the_menu(say: Say, amina: Facts) -> None:
    told = play(danger, facts=amina, subject="gas:urgent-repair")
    assert list(told.options.values()) == [*titles(say, "urgent-repair"), say("🙋 Ask a human"), say("☰ Menu")]


@pytest.mark.parametrize(
    ("tap", "then"),
    [("urgent-repair", Go("article", "urgent-repair")), ("human", Go("ask_human")), ("menu", Go("menu"))],
)
def test_what_was_written_in_danger_goes_nowhere(tap: str, then: Go, amina: Facts) -> None:
    assert play(danger, f"[{tap}]", facts=amina, subject="gas:urgent-repair").then == then


@pytest.mark.parametrize("subject", ["", "flood", "gas:gone-by"])
def test_a_danger_or_topic_we_do_not_know_still_gives_a_number(subject: str, say: Say, amina: Facts) -> None:
    told = play(danger, facts=amina, subject=subject)
    assert "112" in "\n".join(told.log)
    assert list(told.options.values()) == [say("🙋 Ask a human"), say("☰ Menu")]


def test_whoever_may_lose_the_home_hears_of_people_first_the_same_day(say: Say, amina: Facts) -> None:
    told = play(eviction_now, facts=amina, heard=WORDS)
    assert told.log == [
        say("🚨 This is for a human, today."),
        say("Go to the OCMW of your municipality now, or call them. Say: “I may lose my home.”"),
        say("Also call a CAW: they help people who lose their home."),
        say("Call a lawyer. If you have little money, a lawyer can be free: ask for “pro Deo”."),
        say("Only a judge can put you out. Your landlord may not change the lock."),
        say("{organisation}: {phone}", organisation=Name("Huurdersnet"), phone=Name(PHONE)),
    ]
    assert list(told.options.values()) == [
        say("📍 Who is near me?"),
        say("📖 What the rules say"),
        say("🙋 Ask a human"),
        say("☰ Menu"),
    ]


def test_without_a_phone_of_ours_the_other_humans_are_named(say: Say) -> None:
    told = play(eviction_now, facts=knowing(LUC, language=say.code, help=Help()), heard=WORDS)
    assert told.log[-1] == say("Only a judge can put you out. Your landlord may not change the lock.")


@pytest.mark.parametrize(
    ("tap", "then"),
    [
        ("nearby", Go("nearby", "eviction")),
        ("article", Go("article", "eviction", heard=WORDS)),
        ("human", Go("ask_human", "eviction", heard=WORDS)),
        ("menu", Go("menu")),
    ],
)
def test_the_numbers_stay_while_one_looks_elsewhere(tap: str, then: Go, amina: Facts) -> None:
    told = play(eviction_now, f"[{tap}]", facts=amina, heard=WORDS)
    assert told.then == then
    assert not told.over
    assert told.go_on("[nearby]").then == Go("nearby", "eviction")


@pytest.mark.parametrize("what", CANNOT)
def test_a_robot_neither_acts_nor_predicts_and_says_who_can(what: str, say: Say, amina: Facts) -> None:
    told = play(cannot, facts=amina, subject=f"{what}:deposit,pets", heard=WORDS)
    assert told.log == [say.text(line) for line in CANNOT[what].lines]
    assert list(told.options.values()) == [
        say("🙋 Ask a human"),
        say("📍 Who can help near me?"),
        *titles(say, "deposit"),
        say("☰ Menu"),
    ]


@pytest.mark.parametrize(
    ("tap", "then"),
    [
        ("human", Go("ask_human", "deposit", heard=WORDS)),
        ("nearby", Go("nearby", "deposit")),
        ("deposit", Go("article", "deposit", heard=WORDS)),
        ("menu", Go("menu")),
    ],
)
def test_from_what_a_robot_cannot_do_it_leads_on(tap: str, then: Go, amina: Facts) -> None:
    assert play(cannot, f"[{tap}]", facts=amina, subject="act:deposit,pets", heard=WORDS).then == then


@pytest.mark.parametrize("subject", ["act:", "predict:gone-by", "cook:pets"])
def test_what_it_is_about_may_be_unknown(subject: str, say: Say, amina: Facts) -> None:
    assert {"human", "nearby", "menu"} <= play(cannot, facts=amina, subject=subject, heard=WORDS).options.keys()


@pytest.mark.parametrize(
    ("subject", "sentence"),
    [
        ("hello", "Hello! Ask me something about renting, in your own words."),
        ("thanks", "You are welcome. I am here whenever you need me."),
        ("insult", "I am sorry that I did not help. A human may do better."),
        ("gone-by", "Hello! Ask me something about renting, in your own words."),
    ],
)
def test_small_talk_is_answered_in_one_calm_line_and_the_ways_on_stay(
    subject: str, sentence: str, say: Say, amina: Facts
) -> None:
    told = play(small_talk, facts=amina, subject=subject)
    assert told.log == [say(sentence)]
    assert list(told.options.values()) == [say("📚 See all subjects"), say("🙋 Ask a human"), say("☰ Menu")]


def test_who_are_you_is_answered_honestly(say: Say, amina: Facts) -> None:
    assert play(small_talk, facts=amina, subject="who").log == [
        say("I am a robot of {organisation}, the network of social tenants.", organisation=Name("Huurdersnet")),
        say("I look up rules that people have checked. Your landlord does not see who writes here."),
        say("More about your data: /privacy."),
    ]


@pytest.mark.parametrize(("tap", "flow"), [("rights", "rights"), ("ask-human", "ask_human"), ("menu", "menu")])
def test_small_talk_leads_on(tap: str, flow: str, amina: Facts) -> None:
    assert play(small_talk, f"[{tap}]", facts=amina, subject="insult").then == Go(flow)


def test_danger_is_answered_in_the_language_it_was_written_in(amina: Facts) -> None:
    dutch = replace(amina, person=replace(amina.person, language="nl"))
    told = play(danger, facts=dutch, subject="suicide", speak="tr")
    assert told.log[-1] == Say("tr")("I am a robot. I cannot call for you.")
