"""Guards that look at pictures, as tiny models of the real architectures, saved and loaded.

Some are given weights by which one token leads to the next, so that they say what a test needs:
every layer adds nothing, and the head is a table of the tokens that may follow.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer
from tokenizers.decoders import ByteLevel as ByteLevelDecoder
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel, Sequence, Split
from tokenizers.trainers import BpeTrainer
from transformers import (
    CLIPImageProcessorPil,
    Gemma3ImageProcessorPil,
    LlavaConfig,
    LlavaForConditionalGeneration,
    LlavaOnevisionConfig,
    LlavaOnevisionForConditionalGeneration,
    LlavaOnevisionImageProcessorPil,
    LlavaProcessor,
    PreTrainedTokenizerFast,
    ShieldGemma2Config,
    ShieldGemma2ForImageClassification,
    ShieldGemma2Processor,
)

from models.answers import GuardAnswers, VisionGuard
from models.card import ModelCard
from models.classifiers import FrameClassifier
from models.errors import InvalidCard
from models.guards import GuardAnswerUnreadable
from models.registry import Registry
from models.vision_guards import GuardPictureTooLarge

SHIELD_GEMMA_2 = """
[labels]  # google/shieldgemma-2-4b-it
"illicit" = ["dangerous"]
"violence/graphic" = ["gore"]
[preprocessing.guard]
answer = "first-token"
verdicts = { No = 0.0, Yes = 1.0 }
[preprocessing.guard.policies]
dangerous = "No Dangerous Content: the image shall not help to do harm."
gore = "No Gore: the image shall not show injuries."
"""
LLAVA_GUARD = r"""
[labels]  # AIML-TUDA/LlavaGuard-v1.2-0.5B-OV-hf, AIML-TUDA/LlavaGuard-v1.2-7B-OV-hf
"hate" = ["O1"]
"violence" = ["O2", "O8"]
"sexual" = ["O3", "O4"]
"illicit" = ["O5", "O6"]
"self-harm" = ["O7"]
[preprocessing.guard]
template = "Judge the content by these categories: O1: Hate ... and answer in JSON."
answer = "parsed"
verdicts = { Safe = 0.0, Unsafe = 1.0 }
pattern = '\s*\{\s*"rating":\s*"(?P<verdict>\w+)",\s*"category":\s*"(?P<codes>\w+)[^"]*",\s*'
stop = '"rationale"'
none = ["NA"]
ignored = ["O9"]
max_new_tokens = 12
"""
# Pieces of an answer, each of them one token; none stands twice, as each leads to the next.
RATING, CATEGORY, RATIONALE = '{"rating": "', '", "category": "', '", "rationale"'
PIECES = [RATING, CATEGORY, RATIONALE, "Unsafe", "Safe", "Yes", "No", "O2", "O3", "O9", "O99", "NA"]
PIECES += [": Violence, Harm", ': "', "Blood.", '"}', "Maybe"]
SPECIALS = ["<pad>", "<bos>", "<eos>", "<answer>", "<image>", "<boi>", "<eoi>", "<video>"]
IMAGES = {"image_token": "<image>", "boi_token": "<boi>", "eoi_token": "<eoi>"}
CHAT = (
    "<bos>{% for message in messages %}{% for part in message.content %}"
    "{% if part.type == 'image' %}IMAGE{% else %}{{ part.text }}{% endif %}"
    "{% endfor %}{% endfor %}<answer>"
)
KINDS = ["shieldgemma2", "llava", "llava_onevision"]
# Two tokens with logits of 14 and 13.
LIKELIER = float(1 / (1 + np.exp(-1)))


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Models this small gain nothing from more, and tests may run beside one another."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@cache
def tokenizer() -> PreTrainedTokenizerFast:
    """A byte level tokenizer, trained here, in which each of the pieces is one token."""
    raw = Tokenizer(BPE())
    escaped = [
        "".join(f"\\{letter}" if letter in '{}."?' else letter for letter in piece)
        for piece in sorted(PIECES, key=len, reverse=True)
    ]
    split = Split(Regex("|".join([*escaped, r"[\s\S]"])), "isolated")
    raw.pre_tokenizer = Sequence([split, ByteLevel(add_prefix_space=False, use_regex=False)])
    raw.decoder = ByteLevelDecoder()
    trainer = BpeTrainer(
        vocab_size=600, initial_alphabet=ByteLevel.alphabet(), special_tokens=SPECIALS
    )
    raw.train_from_iterator(PIECES * 8, trainer)
    marks = {"pad_token": "<pad>", "bos_token": "<bos>", "eos_token": "<eos>"}
    return PreTrainedTokenizerFast(tokenizer_object=raw, extra_special_tokens=IMAGES, **marks)


def one(text: str) -> int:
    (token,) = tokenizer()(text, add_special_tokens=False)["input_ids"]
    return int(token)


def make_it_say(made: Any, says: list[Any]) -> None:
    """Gives weights by which each token of an answer leads to the next."""
    follows: dict[int, dict[int, float]] = {}
    at = one("<answer>")
    for word in says[:-1] if says[-1:] == [...] else [*says, "<eos>"]:
        first, second = map(one, word if isinstance(word, tuple) else (word, word))
        follows[at] = {first: 14.0, second: 14.0 if first == second else 13.0}
        at = first
    with torch.no_grad():
        for name, weights in made.named_parameters():
            if name.endswith(("o_proj.weight", "down_proj.weight")):
                weights.zero_()
        embedding, head = made.get_input_embeddings().weight, made.get_output_embeddings().weight
        embedding.zero_()
        embedding.fill_diagonal_(1.0)
        head.zero_()
        for token, nexts in follows.items():
            for following, logit in nexts.items():
                head[following, token] = logit / head.shape[1] ** 0.5


def save(folder: Path, kind: str, places: int = 512, says: list[Any] | None = None) -> None:
    """Writes a tiny model of a kind, with its tokenizer and processor."""
    torch.manual_seed(1)
    words = tokenizer()
    chat = CHAT.replace("IMAGE", "<boi>" if kind == "shieldgemma2" else "<image>")
    text: dict[str, Any] = {
        "vocab_size": len(words),
        "hidden_size": -(-len(words) // 32) * 32,
        "intermediate_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "head_dim": 16,
        "max_position_embeddings": places,
        "tie_word_embeddings": False,
        "pad_token_id": 0,
        "bos_token_id": 1,
        "eos_token_id": 2,
    }
    look = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2}
    look |= {"num_attention_heads": 2, "image_size": 28, "patch_size": 14}
    image = {"image_token_index": one("<image>"), "tie_word_embeddings": False}
    size = {"height": 28, "width": 28}
    made: Any
    if kind == "shieldgemma2":
        config: Any = ShieldGemma2Config(
            text_config={"model_type": "gemma3_text", **text},
            vision_config={"model_type": "siglip_vision_model", **look, "vision_use_head": False},
            mm_tokens_per_image=4,
            boi_token_index=one("<boi>"),
            eoi_token_index=one("<eoi>"),
            yes_token_index=one("Yes"),
            no_token_index=one("No"),
            **image,
        )
        made = ShieldGemma2ForImageClassification(config)
        inner = made.model
        # Gemma 3 begins its training with a projection of nought, blind to every picture.
        torch.nn.init.normal_(inner.model.multi_modal_projector.mm_input_projection_weight)
        pixels = Gemma3ImageProcessorPil(size=size)
        ShieldGemma2Processor(
            pixels, words, chat_template=chat, image_seq_length=4
        ).save_pretrained(folder)
    elif kind == "llava":
        config = LlavaConfig(
            text_config={"model_type": "llama", **text},
            vision_config={"model_type": "clip_vision_model", **look},
            vision_feature_layer=-1,
            **image,
        )
        inner = made = LlavaForConditionalGeneration(config)
        clip = CLIPImageProcessorPil(size={"shortest_edge": 28}, crop_size=size)
        LlavaProcessor(
            clip,
            words,
            patch_size=14,
            vision_feature_select_strategy="default",
            chat_template=chat,
            image_token=IMAGES["image_token"],
            num_additional_image_tokens=1,
        ).save_pretrained(folder)
    else:
        grid = [[28, 28], [28, 56], [56, 28], [56, 56]]
        config = LlavaOnevisionConfig(
            text_config={"model_type": "qwen2", **text},
            vision_config={"model_type": "siglip_vision_model", **look, "vision_use_head": False},
            video_token_index=one("<video>"),
            image_grid_pinpoints=grid,
            vision_feature_layer=-1,
            **image,
        )
        inner = made = LlavaOnevisionForConditionalGeneration(config)
        words.chat_template = chat
        words.save_pretrained(folder)
        words.chat_template = None
        LlavaOnevisionImageProcessorPil(size=size, image_grid_pinpoints=grid).save_pretrained(
            folder
        )
        # As the hub has it; the processor itself cannot be made without torchvision.
        (folder / "processor_config.json").write_text(
            '{"image_token": "<image>", "num_image_tokens": 4, "video_token": "<video>",'
            ' "processor_class": "LlavaOnevisionProcessor", "vision_feature_select_strategy":'
            ' "full", "vision_aspect_ratio": "anyres_max_9"}',
            encoding="utf-8",
        )
    if says is not None:
        make_it_say(inner, says)
    made.save_pretrained(folder)


def registry(tmp_path: Path, kind: str, card: str, says: Any = None, places: int = 512) -> Registry:
    """A registry with one guard; `says` is its answer (a pair parts the shares, `...` goes on)."""
    folder = tmp_path / "cache" / "guard"
    if not folder.exists():
        save(folder, kind, places, says)
    lines = [HEAD]
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        lines.append(
            f'[[source]]\nkind = "hub"\nrepo = "owner/tiny"\nrevision = "{"0" * 40}"\n'
            f'file = "{path.name}"\nas = "{path.name}"\nbytes = {len(content)}\n'
            f'sha256 = "{hashlib.sha256(content).hexdigest()}"'
        )
    (tmp_path / "models" / "guard").mkdir(parents=True, exist_ok=True)
    text = "\n".join([*lines, card])
    (tmp_path / "models" / "guard" / "model.toml").write_text(text, encoding="utf-8")
    return Registry(tmp_path / "cache", tmp_path / "models")


HEAD = (
    'id = "guard"\nversion = "1.0.0"\ntitle = "Tiny"\nprofile = "hub"\nlicense = "MIT"\n'
    'task = "image-classification"\ndescription = "Untrained."\nlimits = "Knows nothing."'
)


def pictures(count: int = 3, shape: tuple[int, int] = (36, 64)) -> list[NDArray[np.uint8]]:
    random = np.random.default_rng(0)
    return [random.integers(0, 256, (*shape, 3), dtype=np.uint8) for _ in range(count)]


def scores(guard: FrameClassifier) -> dict[str, float]:
    return dict(zip(guard.categories, map(float, guard.score(pictures(1))[0]), strict=True))


@pytest.mark.parametrize(
    ("says", "score"), [(("Yes", "No"), LIKELIER), (("No", "Yes"), 1 - LIKELIER)]
)
@pytest.mark.parametrize("kind", KINDS)
def test_yes_or_no_to_each_policy(kind: str, says: Any, score: float, tmp_path: Path) -> None:
    guard: FrameClassifier = registry(tmp_path, kind, SHIELD_GEMMA_2, [says]).frames("guard")
    assert scores(guard) == {
        "illicit": pytest.approx(score, abs=0.05),
        "violence/graphic": pytest.approx(score, abs=0.05),
    }
    assert guard.digest.startswith("sha256:")


@pytest.mark.parametrize("kind", ["llava", "llava_onevision"])
def test_llava_guard_fills_in_its_form(kind: str, tmp_path: Path) -> None:
    says = [RATING, ("Unsafe", "Safe"), CATEGORY, "O2", ": Violence, Harm", RATIONALE, ...]
    found = scores(registry(tmp_path, kind, LLAVA_GUARD, says).frames("guard"))
    assert found.pop("violence") == pytest.approx(LIKELIER, abs=1e-3)
    assert set(found.values()) == {0.0}


def test_shield_gemma_scores_as_its_own_class_does(tmp_path: Path) -> None:
    card = SHIELD_GEMMA_2.replace("verdicts", "least_share = 0.0\nverdicts")
    guard: Any = registry(tmp_path, "shieldgemma2", card).frames("guard")
    image = pictures(1)[0]
    found = guard.score([image])[0]
    folder = tmp_path / "cache" / "guard"
    own = ShieldGemma2ForImageClassification.from_pretrained(folder).eval()
    assert found[0] != found[1]
    for score, prompt in zip(found, guard._prompts.values(), strict=True):
        inputs = guard._processor(
            images=[[image]], text=[prompt], return_tensors="pt", add_special_tokens=False
        )
        with torch.inference_mode():
            expected = float(own(**inputs).probabilities[0, 0])
        assert score == pytest.approx(expected, abs=1e-5)


def test_a_code_of_a_safe_picture_gets_a_low_score(tmp_path: Path) -> None:
    says = [RATING, ("Safe", "Unsafe"), CATEGORY, "O3", RATIONALE, ...]
    found = scores(registry(tmp_path, "llava", LLAVA_GUARD, says).frames("guard"))
    assert found.pop("sexual") == pytest.approx(1 - LIKELIER, abs=1e-3)
    assert set(found.values()) == {0.0}


@pytest.mark.parametrize(
    "says",
    [
        [RATING, "Safe", CATEGORY, "NA", RATIONALE, ...],
        [RATING, "Unsafe", CATEGORY, "O9", RATIONALE, ...],
    ],
)
def test_nothing_that_the_card_asks_for(says: list[Any], tmp_path: Path) -> None:
    found = scores(registry(tmp_path, "llava", LLAVA_GUARD, says).frames("guard"))
    assert set(found.values()) == {0.0}


def test_the_verdict_itself_can_be_a_label(tmp_path: Path) -> None:
    card = LLAVA_GUARD.replace('"hate" =', '"harassment" = ["Unsafe"]\n"hate" =')
    says = [RATING, ("Unsafe", "Safe"), CATEGORY, "NA", RATIONALE, ...]
    found = scores(registry(tmp_path, "llava", card, says).frames("guard"))
    assert found["harassment"] == pytest.approx(LIKELIER, abs=1e-3)


@pytest.mark.parametrize(
    "says",
    [
        [],
        ["Unsafe"],
        [RATING, "Maybe", CATEGORY, "O2", RATIONALE, ...],
        [RATING, "Unsafe", CATEGORY, "NA", RATIONALE, ...],
        [RATING, "Unsafe", CATEGORY, "O99", RATIONALE, ...],
        [RATING, "Unsafe", CATEGORY, "O2"],
        [RATING, "Unsafe", CATEGORY, CATEGORY, ...],
        [RATING, ("Unsafe", "Maybe"), CATEGORY, "O2", RATIONALE, ...],
        [': "', RATING, "Unsafe", CATEGORY, "O2", RATIONALE, ...],
    ],
)
def test_an_answer_that_cannot_be_read_is_an_error(says: list[Any], tmp_path: Path) -> None:
    card = LLAVA_GUARD.replace("none =", "least_share = 0.9\nnone =")
    guard = registry(tmp_path, "llava", card, says).frames("guard")
    with pytest.raises(GuardAnswerUnreadable) as caught:
        guard.score(pictures(1))
    assert caught.value.reason == "GUARD_ANSWER_UNREADABLE"


@pytest.mark.parametrize("kind", KINDS)
def test_neither_yes_nor_no_is_an_error(kind: str, tmp_path: Path) -> None:
    guard = registry(tmp_path, kind, SHIELD_GEMMA_2, ["Maybe"]).frames("guard")
    with pytest.raises(GuardAnswerUnreadable):
        guard.score(pictures(1))


def test_one_fault_in_a_call_is_no_score_for_any(tmp_path: Path) -> None:
    """A picture whose answer cannot be read must not come back as a 0 beside the others."""
    guard: Any = registry(tmp_path, "llava", SHIELD_GEMMA_2, [("Yes", "No")]).frames("guard")
    share = guard._answers.share
    calls: list[int] = []

    def second_fails(logits: torch.Tensor) -> float:
        calls.append(1)
        return float(share(logits * (0.0 if len(calls) == 3 else 1.0)))

    guard._answers.share = second_fails
    with pytest.raises(GuardAnswerUnreadable):
        guard.score(pictures(3))


UNTRAINED = SHIELD_GEMMA_2.replace("verdicts", "least_share = 0.0\nverdicts")


@pytest.mark.parametrize("kind", KINDS)
def test_each_policy_and_each_picture_is_asked_alone(kind: str, tmp_path: Path) -> None:
    guard = registry(tmp_path, kind, UNTRAINED).frames("guard")
    images = [*pictures(), *pictures(2, (64, 24))]
    together = guard.score(images)
    assert together.shape == (5, 2)
    assert together.dtype == np.float32
    assert len(set(together[:, 0])) == 5
    assert (together[:, 0] != together[:, 1]).any()
    for row, image in enumerate(images):
        assert (guard.score([image])[0] == together[row]).all()
    with ThreadPoolExecutor(3) as pool:
        for found in pool.map(guard.score, [images] * 3):
            assert (found == together).all()
    card = UNTRAINED.replace(
        "[preprocessing.guard]", "[preprocessing]\nbatch = 2\n[preprocessing.guard]"
    )
    batched: Any = registry(tmp_path, kind, card).frames("guard")
    sizes: list[int] = []
    batched._model.register_forward_pre_hook(
        lambda _, __, kwargs: sizes.append(len(kwargs["input_ids"])), with_kwargs=True
    )
    # Three of one shape and two of another, asked about two policies.
    assert batched.score(images) == pytest.approx(together, abs=1e-5)
    assert sizes == [2] * 6
    assert (batched.score(images) == batched.score(images)).all()


@pytest.mark.parametrize("kind", ["llava", "llava_onevision"])
def test_written_answers_in_a_batch(kind: str, tmp_path: Path) -> None:
    says = [RATING, ("Unsafe", "Safe"), CATEGORY, "O2", ": Violence, Harm", RATIONALE, ...]
    card = LLAVA_GUARD.replace(
        "[preprocessing.guard]", "[preprocessing]\nbatch = 4\n[preprocessing.guard]"
    )
    found = registry(tmp_path, kind, card, says).frames("guard").score(pictures(5))
    assert found[:, 1] == pytest.approx(np.full(5, LIKELIER), abs=1e-3)


def test_an_answer_may_end_by_itself(tmp_path: Path) -> None:
    says = [RATING, ("Unsafe", "Safe"), CATEGORY, "O2", '"}']
    card = LLAVA_GUARD.replace("""stop = '"rationale"'""", "").replace('[^"]*",\\s*\'', "\"\\}'")
    assert "stop" not in card
    found = scores(registry(tmp_path, "llava", card, says).frames("guard"))
    assert found["violence"] == pytest.approx(LIKELIER, abs=1e-3)


def test_settings_of_the_model_for_chance_do_not_count(tmp_path: Path) -> None:
    says = [RATING, ("Unsafe", "Safe"), CATEGORY, "O2", RATIONALE, ...]
    folder = tmp_path / "cache" / "guard"
    save(folder, "llava", 512, says)
    (folder / "generation_config.json").write_text(
        '{"do_sample": true, "temperature": 50.0, "repetition_penalty": 9.0, "eos_token_id": 2}',
        encoding="utf-8",
    )
    guard = registry(tmp_path, "llava", LLAVA_GUARD).frames("guard")
    for _ in range(3):
        assert scores(guard)["violence"] == pytest.approx(LIKELIER, abs=1e-3)


def test_a_picture_that_does_not_fit_is_an_error(tmp_path: Path) -> None:
    guard = registry(tmp_path, "llava", LLAVA_GUARD, [], places=60).frames("guard")
    with pytest.raises(GuardPictureTooLarge) as caught:
        guard.score(pictures(1))
    assert caught.value.limit == 60


def test_a_chat_template_without_a_picture(tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "guard"
    save(folder, "llava")
    template = folder / "chat_template.jinja"
    template.write_text(template.read_text(encoding="utf-8").replace("<image>", ""), "utf-8")
    with pytest.raises(InvalidCard, match="one picture"):
        registry(tmp_path, "llava", LLAVA_GUARD).frames("guard")


def test_a_policy_cannot_hold_a_second_picture(tmp_path: Path) -> None:
    card = SHIELD_GEMMA_2.replace("No Gore:", "<image> No Gore:")
    with pytest.raises(InvalidCard, match="one picture"):
        registry(tmp_path, "llava", card).frames("guard")


def test_files_that_are_no_guard(tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "guard"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text('{"model_type": "vit"}', encoding="utf-8")
    with pytest.raises(InvalidCard, match="not a model"):
        registry(tmp_path, "llava", LLAVA_GUARD).frames("guard")


def card_of(text: str) -> ModelCard:
    source = (
        f'[[source]]\nkind = "hub"\nrepo = "o/r"\nrevision = "{"0" * 40}"\nfile = "f"\n'
        f'as = "f"\nbytes = 1\nsha256 = "{"0" * 64}"\n'
    )
    return ModelCard.parse(f"{HEAD}\n{source}{text}".encode(), Path("guard"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Judge the content", "{policy}"),
        ("verdicts = { Safe = 0.0, Unsafe = 1.0 }", "verdicts = { Unsafe = 1.0 }"),
        ("verdicts = { Safe = 0.0, Unsafe = 1.0 }", "verdicts = { Safe = 0.0, Unsafe = 1.5 }"),
        ("(?P<verdict>", "(?P<other>"),
        ("(?P<verdict>", "((?P<verdict>"),
        ('answer = "parsed"', 'answer = "first-token"'),
        ('answer = "parsed"', 'answer = "guessed"'),
        ("ignored =", "ignore ="),
        ("max_new_tokens = 12", "max_new_tokens = 0"),
    ],
)
def test_a_card_that_does_not_fit(old: str, new: str) -> None:
    assert old in LLAVA_GUARD
    with pytest.raises(InvalidCard) as caught:
        VisionGuard.of(card_of(LLAVA_GUARD.replace(old, new)))
    assert caught.value.field == "preprocessing.guard"


def test_verdicts_that_begin_alike_are_refused() -> None:
    card = card_of(LLAVA_GUARD.replace("Unsafe = 1.0", '"Safe a" = 1.0'))
    with pytest.raises(InvalidCard, match="first token"):
        GuardAnswers(card, VisionGuard.of(card), tokenizer(), frozenset({2}))


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from([*PIECES, "<eos>", "a", " ", '"']), max_size=9), st.integers(0, 9))
def test_an_answer_is_read_or_refused(pieces: list[str], seed: int) -> None:
    card = card_of(LLAVA_GUARD)
    guard = VisionGuard.of(card)
    answers = GuardAnswers(card, guard, tokenizer(), frozenset({one("<eos>")}))
    tokens = [one(piece) for piece in pieces]
    logits = torch.randn(
        len(tokens), len(tokenizer()), generator=torch.Generator().manual_seed(seed)
    )
    for place, token in enumerate(tokens):
        logits[place, token] += 12.0
    try:
        found = answers.parsed(tokens, logits)
    except GuardAnswerUnreadable:
        return
    text = "".join(pieces)
    assert text.startswith((f"{RATING}Safe{CATEGORY}", f"{RATING}Unsafe{CATEGORY}"))
    named = {code for code in ("O2", "O3", "O9") if f"{CATEGORY}{code}" in text}
    assert set(found) == {*named, "Unsafe"}
    assert len(set(found.values())) == 1
    unsafe = text.startswith(f"{RATING}Unsafe")
    assert (found["Unsafe"] > 0.5) == unsafe
    assert named or not unsafe
