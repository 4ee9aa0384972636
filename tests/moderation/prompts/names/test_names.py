"""The lists and the matcher as a whole."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.documents import DocumentInvalid
from moderation.prompts import names as names_module
from moderation.prompts.names import DIGEST, NameMatch, Names, find
from moderation.prompts.names.dense import is_dense
from moderation.prompts.names.entries import FILES, Entry, Form, Need
from moderation.prompts.normalise import normalise

# Words of every day that must never be a name by themselves.
COMMON = frozenset(
    """apple amazon shell jaguar target subway oracle caterpillar puma ford frozen cars up her it
    brave soul coco tangled wicked scream saw jaws psycho halloween elf lost friends office crown
    wire boys queen prince madonna drake sting bono cher slash usher pitbull ice bird swift trump
    card jordan west north rock hawk stone black white brown green young king page may church
    chase rice love star venom carnage storm robin penguin joker flash bane scar stitch belle ariel
    ursula pluto goofy boo genie joy anger fear sadness rex buzz woody mario sonic shadow link
    toad titanic avatar alien predator matrix inception gladiator dune up inside out bleach berserk
    halo fallout portal diablo monopoly uncharted doom destiny dove canon dell intel visa mars
    galaxy sprite snickers skittles orbit crest tide camel polo mini beetle golf fox mustang focus
    escape explorer edge fusion titan frontier pilot civic accord tiger lion wolf bear dragon
    knight wizard witch ghost spider bat cat dog mouse duck rabbit turtle pig horse panda ball
    bowl cup box house tree river lake sea ocean mountain city street bridge tower castle palace
    church temple market school hospital station airport train plane ship boat road sun moon sky
    rain snow wind cloud fire water earth sand gold silver iron steel glass wood paper cloth man
    woman girl boy child baby mother father sister brother friend doctor nurse teacher soldier
    police chef singer actor player artist dancer writer president minister pope queen princess
    red blue yellow purple pink orange grey big small old new good bad happy sad angry fast slow
    run walk jump sit stand sleep eat drink cook read write sing dance play fight win lose love
    summer winter spring autumn morning evening night today tomorrow english french german spanish
    paris london berlin rome madrid moscow tokyo beijing delhi cairo jordan georgia chad china
    turkey india egypt brazil victoria florence sydney dallas austin houston lincoln washington
    rose lily daisy violet iris jasmine ivy holly olive ginger pepper basil sage rosemary grace
    hope faith charity joy felicity prudence mercy dawn eve april may june august chris mike john
    david james robert michael william richard thomas mark paul peter anna maria sarah emma lisa
    linda susan karen nancy laura kevin brian jason ryan gary jeff scott frank larry eric steve
    andrew daniel joseph kim lee park chen wang li zhang liu yang huang zhao wu khan singh kumar
    ali hassan ahmed mohamed smith jones johnson brown davis miller wilson moore taylor anderson
    thomas jackson harris martin thompson garcia martinez robinson clark lewis walker hall allen
    adams nelson carter mitchell perez roberts turner phillips campbell parker evans edwards
    """.split()  # noqa: SIM905 - a list of that length is a page
)


@pytest.fixture(scope="module")
def shipped() -> Names:
    return Names.load()


def _sentence(entry: Entry, form: Form) -> str:
    """The form as it must be found: with a word that speaks for it where it needs one."""
    if form.need in (Need.CONTEXT, Need.BOTH) or is_dense(form.text):
        return f"scene with {form.text} {entry.near[-1] if entry.near else 'film'}"
    return f"scene with {form.text}"


def test_every_form_of_every_entry_is_found(shipped: Names) -> None:
    owners: dict[str, set[str]] = {}
    for entry in shipped.entries:
        for form in entry.forms:
            owners.setdefault(form.text.lower(), set()).add(entry.name)
    lost = []
    for entry in shipped.entries:
        needs_kind = [
            form.need in (Need.CONTEXT, Need.BOTH) and not entry.near for form in entry.forms
        ]
        for form, skipped in zip(entry.forms, needs_kind, strict=True):
            if skipped or not entry.category:
                continue
            text = _sentence(entry, form)
            found = {match.name for match in find(normalise(text))}
            if not found & owners[form.text.lower()]:
                lost.append((entry.name, form.text))
    assert lost == []


def test_no_ordinary_word_is_a_name_without_a_rule(shipped: Names) -> None:
    wrong = [
        (entry.name, form.text)
        for entry in shipped.entries
        for form in entry.forms
        if entry.category and form.need is Need.NOTHING and form.text.lower() in COMMON
        and not entry.never
    ]  # fmt: skip
    assert wrong == []


def test_no_ordinary_word_alone_is_found() -> None:
    sentences = {word: f"a picture with {word} and nothing else" for word in COMMON - {"trump"}}
    assert {word for word, text in sentences.items() if find(normalise(text))} == set()


def test_names_of_two_letters_need_something(shipped: Names) -> None:
    wrong = [
        form.text
        for entry in shipped.entries
        for form in entry.forms
        if form.need is Need.NOTHING and re.fullmatch("[A-Za-z]{1,2}", form.text)
    ]
    assert wrong == []


def test_names_stand_once_in_a_file_and_the_kinds_are_known(shipped: Names) -> None:
    seen: set[tuple[str, str, str]] = set()
    for entry in shipped.entries:
        key = (entry.name, entry.kind, entry.category)
        assert key not in seen, key
        seen.add(key)
    assert {entry.category for entry in shipped.entries} == set(FILES.values())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Paris Hilton walks into the Hilton hotel", ["Paris Hilton", "Hilton Hotels"]),
        ("Michelle Obama and Barack Obama", ["Michelle Obama", "Barack Obama"]),
        ("Super Mario", ["Super Mario"]),
        ("Michael B. Jordan boxes", ["Michael B. Jordan"]),
        ("Nintendo Switch logo", ["Nintendo"]),
    ],
)
def test_the_longest_name_wins(text: str, names: list[str]) -> None:
    assert [match.name for match in find(normalise(text))] == names


@pytest.mark.parametrize(
    ("sure", "unsure"),
    [
        ("Taylor Swift sings", "Tayler Swift sings"),
        ("Taylor Swift sings", "Will Smith sings"),
        ("a Coca-Cola advertisement", "a man drinks a Coca-Cola"),
        ("Emmanuel Macron gives a speech", "Abraham Lincoln gives a speech"),
        ("Donald Trump", "Trump in a garden"),
    ],
)
def test_the_score_says_how_sure_it_is(sure: str, unsure: str) -> None:
    assert find(normalise(sure))[0].score > find(normalise(unsure))[0].score > 0.3


def test_history_stays_below_review() -> None:
    for text in ("Abraham Lincoln at Gettysburg", "Cleopatra on the Nile", "拿破仑骑马"):
        (match,) = find(normalise(text))
        assert match.score <= 0.4


@pytest.mark.parametrize(
    "text", ["Tay\u200blor Swift", "T\u0430ylor Swift", "Taylor   Swift", "\uff34aylor Swift"]
)
def test_spans_point_into_the_prompt_as_sent(text: str) -> None:
    prompt = f"see {text} run"
    (match,) = find(normalise(prompt))
    assert prompt[match.span.start : match.span.end] == text


WRITTEN = (
    "Trump|taylor|Swift|The|the|J.|K.|Rowling|-|'s|.| |\n|#|特朗普|ドナルド|・|トランプ|Трампа|"
    "ترامب|मोदी|é|\u0301|A|1|_|Spider|man|queen|bee|logo|apple|&|\u2019|Mc|donalds"
)
PARTS = st.sampled_from(WRITTEN.split("|"))
TEXTS = st.lists(PARTS, min_size=1, max_size=14).map("".join) | st.lists(
    PARTS, min_size=1, max_size=14
).map(" ".join)
ANY = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)


@settings(deadline=None)
@given((TEXTS | ANY).map(lambda text: f"{text} x"))
def test_spans_lie_inside_rise_and_never_overlap(text: str) -> None:
    found = find(normalise(text))
    assert found == find(normalise(text))
    at = 0
    for match in found:
        assert isinstance(match, NameMatch)
        assert 0.0 < match.score <= 1.0
        assert at <= match.span.start < match.span.end <= len(text)
        at = match.span.end


@settings(deadline=None, max_examples=50)
@given(st.sampled_from(["Lionel Messi", "Angela Merkel", "Hello Kitty", "Darth Vader"]), st.data())
def test_one_wrong_letter_does_not_hide_a_long_name(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(name) - 1).filter(lambda at: name[at] != " "))
    letter = data.draw(st.sampled_from("xqz"))
    wrong = name[:at] + letter + name[at + 1 :]
    assert [match.name for match in find(normalise(f"see {wrong}"))] == [name]


@pytest.mark.parametrize(
    "part",
    [
        "Trump ",
        "taylor ",
        "a.b.",
        "特朗普",
        "the of ",
        "Mc'",
        "J. ",
        "x",
        "é",
        "Трамп",
        "J.",
        "特",
        "Taylor-",
        "A ",
        "A B ",
    ],
)
def test_long_prompts_are_read_like_others(part: str) -> None:
    find(normalise(part * (8000 // len(part))))


def test_many_threads_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names_module, "_shipped", [])
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: find(normalise("Taylor Swift")), range(8)))
    assert len(set(found)) == 1
    assert len(names_module._shipped) == 1


def test_an_operator_adds_lists(tmp_path: Path) -> None:
    (tmp_path / "figures.txt").write_text("[local]\nJoana Exemplar | alone: Exemplar^\n")
    (tmp_path / "free.txt").write_text("[ours]\nTaylor Swift Street\n")
    (tmp_path / "notes.md").write_text("not a list")
    names = Names.load(tmp_path)
    (match,) = names.find(normalise("see Joana Exemplar's dog"))
    assert (match.name, match.kind, match.category) == (
        "Joana Exemplar",
        "local",
        FILES["figures.txt"],
    )
    assert names.find(normalise("a house in Taylor Swift Street")) == ()
    assert names.digest != DIGEST
    assert find(normalise("see Joana Exemplar's dog")) == ()


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("Joana | colour: red", "no such field"),
        ("Joana | also: A | also: B", "twice"),
        ("Joana | score: high", "no number"),
        ("Joana | score: 1.5", "no number"),
        ("Joana | flags: loud", "no such flag"),
        ("Joana^?", "no such sign"),
        ("Joana | also: --", "empty or too long"),
        ("[music", "a section is written"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, what: str) -> None:
    (tmp_path / "titles.txt").write_text(f"# ours\n[title]\n\n{line}\n")
    with pytest.raises(DocumentInvalid, match=what) as caught:
        Names.load(tmp_path)
    assert caught.value.field == "titles.txt:4"


def test_what_is_no_folder_of_lists_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentInvalid, match="lacks"):
        Names.load(tmp_path)
    (tmp_path / "brands.txt").write_bytes(b"[brand]\n\xff\n")
    with pytest.raises(DocumentInvalid, match="UTF-8"):
        Names.load(tmp_path)
    (tmp_path / "brands.txt").write_text("Joana\n")
    with pytest.raises(DocumentInvalid, match="section"):
        Names.load(tmp_path)


def test_the_digest_is_that_of_the_shipped_lists(shipped: Names) -> None:
    assert shipped.digest == DIGEST
    assert re.fullmatch("[0-9a-f]{64}", DIGEST)
