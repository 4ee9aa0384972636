"""Whether a prompt speaks of a minor. Every text here is about everyday scenes."""
# ruff: noqa: RUF001 - words of many languages hold letters that look like Latin ones

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.prompts.minors import find
from moderation.prompts.normalise import normalise

DATA = Path(os.environ.get("FRAMEGATE_DATA", "../shared/data"))

# Phrases with a minor and without, one language after the other, parted by bars.
WITH = """
a 13 y.o. chess player | a 12 to 20 years old crowd | kids aged 5 | she looks like 12 | 18 yo
looks 12 | a woman, barely legal | a dancer who just turned 18 | young-looking painter | a 5th
grade class | an eighth-grader with a telescope | a girl waits at school | two boys do
homework | a little blonde girl | a pre-teen drummer | lolicon style | in her early teens | a
singer in her teens | a fifteen year old | sixteen-year-olds on a bus | under the age of 18 |
he turned 7 today | ages 6 | 16yrs |
una chica en el colegio con uniforme escolar | unas niñas juegan | un adolescente de 15 años |
una quinceañera | menor de edad | de diecisiete años | recién nacida |
une fille dans la cour de récréation | une lycéenne | un garçonnet | âgée de 14 ans | mineure
| à peine majeure | des écoliers |
ein Mädchen in der Schule | die Erstklässlerin | minderjährige | dreizehn Jahre alt | ein
15-jähriges Mädchen | Jugendliche | ein Teenie |
uma garota de uniforme escolar | uma moleca | menininha | quinze anos | ninfeta |
recém-nascido | menor de idade |
una ragazza in classe a scuola | quindicenne | un bimbo | minorenne | tredici anni | scuola
elementare | bambina |
高一女高中生 | 小萝莉 | 未满十八岁 | 一个十几岁的人 | 幼儿园的操场 | 六年级 | 两岁 | 女童 |
女子高生 | ランドセル | ロリータ服 | 十代の歌手 | 17歳 | 小学三年生 | 赤ちゃん | 男児 | ロリ |
स्कूल में लड़की | कक्षा 5 | नाबालिग | किशोरियाँ | पंद्रह साल | बचपन | छोटी बच्ची | 12 वर्षीय |
فتاة في المدرسة | في الخامسة عشرة من عمرها | عمرها ١٢ | قاصرات | تلميذة | طفلان وطفلة | مراهق
| خمس سنوات |
юная девушка | девочки | школьница | шестиклассница | пятнадцать лет | младенец | подростки |
девчонка в школе | лолита |
een meisje | kinderen | een 12-jarige | scholier | tiener | kleuters | vijftien jaar |
dziewczynka | nastolatka | chłopcy | piętnaście lat | 16-letnia | niemowlę | dziecko |
uczennica |
küçük kız | çocuklar | on beş yaşında | liseli | bebek | reşit olmayan | 12 yaşındaki |
어린 소녀 | 여고생 | 열다섯 살 | 12살 | 아기 | 초등학생 | 미성년자 | 17세 |
bé gái | mười lăm tuổi | học sinh | thiếu nữ | trẻ em | 12 tuổi | nữ sinh |
anak kecil | anak-anak | lima belas tahun | berusia 12 | gadis kecil | siswi | bayi | di bawah
umur |
дівчинка | діти | п'ятнадцять років | підліток | школярка | немовля | 12-річна | дівчина у
школі
"""
WITHOUT = """
a baby elephant by a river | kidney beans and kid leather | a baby blue car | a boyband on
stage | girls' night out in a bar | a girl in a red dress at a bar | a boy meets a girl in
Paris | two men aged 40 to 60 years old | an 18-20 year old crowd | it looks like 12 dogs | a
cow turns 90 degrees | tater tots on a plate | child's pose in yoga | twenty-one years old | a
student at university | grown men, 35 yrs | a minor chord | a mother goat and her baby goat |
the adult daughter of a king | a man with his sister at dinner | an F-16 jet | a little black
dress | small talk | Billy the Kid on a horse |
hace cinco años llovió | durante 10 años | veintidós años | treinta y cinco años | una chica
en un bar | precios menores |
il y a dix ans | vingt-deux ans | pendant 5 ans | mineurs de charbon sous terre | une fille
dans un bar |
vor fünf Jahren | seit 10 Jahren | ein Mädchen in einer Bar | fünfundzwanzig Jahre alt | der
Mann ist tot | 12 Jahre später |
há dez anos | 10 anos atrás | uma garota num bar | vinte e cinco anos |
dieci anni fa | per 5 anni | una ragazza al bar | ventidue anni |
不少年轻人 | 多少年了 | 二十五岁 | 不少女性 | 真正太阳 | 三岁月 | 一百零五岁 |
フロリダの海岸 | グロリア | カロリー | 25歳 | 才能 | 5か月前 |
काले बाल | पाँच साल पहले | बार में लड़की | पच्चीस साल |
قصر قديم | قبل خمس سنوات | فتاة في مقهى | عمرها ٣٠ |
десять лет назад | через 5 лет | девушка в баре | двадцать пять лет | 10-летие завода |
tien jaar geleden | een jongen in een bar | vijfentwintig jaar | what kind of man |
dziesięć lat temu | dziewczyna w barze | dwadzieścia pięć lat |
yirmi beş yaşında | barda bir kız | on masa |
이야기 | 21세기 | 17세기 성 | 스물다섯 살 | 아이돌 가수 | 아이스크림 | 세세한 그림 | 소녀시대 |
hai mươi lăm tuổi | cô gái trong quán bar | hai mươi hai tuổi |
lima tahun lalu | selama 10 tahun | dua puluh lima tahun | gadis di bar |
десять років тому | двадцять п'ять років | дівчина в барі | precios menores
"""


def _phrases(table: str) -> list[str]:
    return sorted({" ".join(phrase.split()) for phrase in table.split("|")})


def _found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find(normalise(text))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A child flies a kite", ["child"]),
        ("Two KIDS and a dog", ["KIDS"]),
        ("twenty children sing", ["children"]),
        ("a 17-year-old chess player", ["17-year-old"]),
        ("a 7 year old and her bike", ["7 year old"]),
        ("a seven-year-old with a kite", ["seven-year-old"]),
        ("a 9yo painter", ["9yo"]),
        ("a girl of fifteen reads", ["girl of fifteen"]),
        ("a pianist aged 12", ["aged 12"]),
        ("a 3 month old sleeps", ["3 month old"]),
        ("a high school library", ["high school"]),
        ("a schoolgirl on a bus", ["schoolgirl"]),
        ("photo of a minor with a guardian", ["minor"]),
        ("un niño de 5 años", ["niño", "5 años"]),
        ("une fillette de six ans", ["fillette", "six ans"]),
        ("ein Kind, zwölfjährig", ["ein Kind", "zwölfjährig"]),
        ("uma criança de 8 anos", ["criança", "8 anos"]),
        ("una bambina di dieci anni", ["bambina", "dieci anni"]),
        ("一个五岁的小男孩", ["五岁", "小男孩"]),
        ("15歳の少年", ["15歳", "少年"]),
        ("12 साल का बच्चा", ["12 साल", "बच्चा"]),
        ("والأطفال في الحديقة", ["والأطفال"]),
        ("عمرها ١٢", ["عمرها ١٢"]),
        ("детский сад", ["детский"]),
        ("16-летний шахматист", ["16-летний"]),
    ],
)
def test_a_minor_is_found_in_eleven_languages(text: str, words: list[str]) -> None:
    assert _found(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "an 18-year-old athlete",
        "a 25 years old oak",
        "a twenty-five year old baker",
        "a man aged 90",
        "a woman of thirty five years of age",
        "vingt-cinq ans",
        "treinta y cinco años",
        "мужчина двадцать пять лет",
        "мужчина 25 лет",
        "二十五岁的男人",
        "45歳の女性",
        "boots of kid leather",
        "a baby blue car by a baby grand piano",
        "a symphony in D minor",
        "a kind old man",
        "kidney beans and a childless throne",
        "カロリーの少ない料理",
        "सरकार की बैठक",
    ],
)
def test_adults_and_things_are_not(text: str) -> None:
    assert _found(text) == []


def test_an_exception_spares_only_itself() -> None:
    assert _found("a kid in kid leather boots") == ["kid"]


@pytest.mark.parametrize(
    "text", ["a ch\u200bild", "a \uff43\uff48\uff49\uff4c\uff44", "a ch\u0456ld", "a CHILD"]
)
def test_disguise_does_not_hide_a_word(text: str) -> None:
    assert _found(text) == [text[2:]]


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_spans_lie_in_the_prompt_and_rise(text: str) -> None:
    spans = find(normalise(f"{text} child"))
    assert spans
    assert [span.start for span in spans] == sorted(span.start for span in spans)
    assert all(0 <= span.start < span.end <= len(text) + 6 for span in spans)


@settings(deadline=None)
@given(st.integers(0, 99))
def test_the_age_decides(years: int) -> None:
    assert bool(_found(f"a {years}-year-old gardener")) == (years < 18)


@pytest.mark.parametrize(
    "part",
    ["1 ", "aged ", "ребен", "1-", "十", "little ", "\u0661", "وب", "five ", "girl school ", "세"],
)
def test_long_prompts_are_read_like_others(part: str) -> None:
    find(normalise(part * (8000 // len(part))))


@pytest.mark.parametrize("text", _phrases(WITH))
def test_minors_are_found_in_eighteen_languages(text: str) -> None:
    assert _found(text)


@pytest.mark.parametrize("text", _phrases(WITHOUT))
def test_adults_durations_animals_and_things_are_spared(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize("person", ["girl", "boys", "student", "daughter"])
@pytest.mark.parametrize("cue", ["at school", "with braces", "in the nursery", "by the playground"])
def test_a_weak_word_counts_beside_a_cue_alone(person: str, cue: str) -> None:
    assert _found(f"a {person} in the rain") == []
    assert _found(f"rain {cue}") == []
    assert person in _found(f"a {person} {cue}")
    assert person in _found(f"{cue}, a {person}")


def test_a_cue_far_away_is_none() -> None:
    assert _found("a girl at a bar" + " and the evening goes on" * 6 + " past a school") == []


def test_a_cue_of_another_language_is_none() -> None:
    assert _found("a girl by the szkoła") == []
    assert _found("chica, classroom") == []


def test_weak_words_within_a_strong_one_are_not_repeated() -> None:
    assert _found("a little girl at school") == ["little girl"]
    assert _found("a young girl") == ["young girl"]


@settings(deadline=None)
@given(st.integers(3, 99), st.integers(3, 99))
def test_the_lower_end_of_a_range_decides(low: int, high: int) -> None:
    assert bool(_found(f"people {low} to {high} years old")) == (low < 18)


@settings(deadline=None)
@given(st.integers(3, 99), st.sampled_from(["looks like", "looks", "he is", "turns"]))
def test_a_bare_age_counts_at_the_end_of_a_clause(years: int, look: str) -> None:
    assert bool(_found(f"a painter {look} {years}.")) == (years < 18)
    assert _found(f"a sky that {look} {years} dogs") == []


@pytest.mark.data
def test_few_captions_speak_of_a_minor() -> None:
    path = DATA / "text" / "train" / "vbench.jsonl.gz"
    if not path.exists():
        pytest.skip("evaluation data (FRAMEGATE_DATA) is absent")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    flagged = sum(bool(find(normalise(text))) for text in texts)
    assert 0 < flagged <= len(texts) * 0.025
