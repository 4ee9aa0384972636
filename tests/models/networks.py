"""Tiny untrained networks of real architectures that take pictures, saved with their processors."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from transformers import (
    BitImageProcessorPil,
    CLIPConfig,
    CLIPImageProcessorPil,
    CLIPModel,
    CLIPTextConfig,
    CLIPVisionConfig,
    CLIPVisionModel,
    ConvNextConfig,
    ConvNextModel,
    Dinov2Config,
    Dinov2Model,
    SiglipImageProcessorPil,
    SiglipVisionConfig,
    SiglipVisionModel,
)

SIDE = 28
WIDTH = 16
_SHAPE: dict[str, Any] = {
    "hidden_size": WIDTH,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "image_size": SIDE,
    "patch_size": 14,
}
_INNER: dict[str, Any] = {"intermediate_size": 32}


def _cropped() -> dict[str, Any]:
    return {
        "size": {"shortest_edge": SIDE + 4},
        "crop_size": {"height": SIDE, "width": SIDE},
        "do_center_crop": True,
    }


def dinov2(folder: Path) -> None:
    torch.manual_seed(0)
    Dinov2Model(Dinov2Config(**_SHAPE, mlp_ratio=2)).save_pretrained(folder)
    BitImageProcessorPil(**_cropped()).save_pretrained(folder)


def clip_vision(folder: Path) -> None:
    torch.manual_seed(0)
    CLIPVisionModel(CLIPVisionConfig(**_SHAPE, **_INNER)).save_pretrained(folder)
    CLIPImageProcessorPil(**_cropped()).save_pretrained(folder)


def clip_whole(folder: Path) -> None:
    """As most repositories hold it: with the half that reads sentences."""
    torch.manual_seed(0)
    words = CLIPTextConfig(
        vocab_size=32, hidden_size=8, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=16,
        bos_token_id=0, eos_token_id=1, pad_token_id=1,
    )  # fmt: skip
    pictures = CLIPVisionConfig(**_SHAPE, **_INNER)
    config = CLIPConfig(text_config=words.to_dict(), vision_config=pictures.to_dict(),
                        projection_dim=8)  # fmt: skip
    CLIPModel(config).save_pretrained(folder)
    CLIPImageProcessorPil(**_cropped()).save_pretrained(folder)


def siglip(folder: Path) -> None:
    torch.manual_seed(0)
    SiglipVisionModel(SiglipVisionConfig(**_SHAPE, **_INNER)).save_pretrained(folder)
    size = {"height": SIDE, "width": SIDE}
    SiglipImageProcessorPil(size=size).save_pretrained(folder)


def convnext(folder: Path) -> None:
    torch.manual_seed(0)
    ConvNextModel(
        ConvNextConfig(hidden_sizes=[8, 8, 8, WIDTH], depths=[1, 1, 1, 1], image_size=32)
    ).save_pretrained(folder)
    CLIPImageProcessorPil(**_cropped() | {"size": {"shortest_edge": 32},
                                          "crop_size": {"height": 32, "width": 32}}
                          ).save_pretrained(folder)  # fmt: skip


NETWORKS: dict[str, Callable[[Path], None]] = {
    "dinov2": dinov2,
    "clip_vision": clip_vision,
    "clip_whole": clip_whole,
    "siglip": siglip,
    "convnext": convnext,
}


def video_card(
    name: str, hub: Path, own: Mapping[str, bytes], folder: Path, preprocessing: str = ""
) -> None:
    """Write the card of a detector, and the files that lie beside it.

    Args:
        name: Of the model.
        hub: Folder in the cache that its network was saved into.
        own: Files beside the card, by name.
        folder: Where the card goes.
        preprocessing: Lines of that table.
    """
    folder.mkdir(parents=True)
    lines = [
        f'id = "{name}"\nversion = "1.0.0"\ntitle = "Tiny"\nprofile = "hub"\nlicense = "MIT"',
        'task = "video-classification"\ndescription = "Untrained."\nlimits = "Knows nothing."',
    ]
    for path in sorted(hub.iterdir()):
        lines.append(
            f'[[source]]\nkind = "hub"\nrepo = "owner/tiny"\nrevision = "{"0" * 40}"\n'
            + _locked(path.name, path.read_bytes())
        )
    for file, content in own.items():
        (folder / file).write_bytes(content)
        lines.append('[[source]]\nkind = "repository"\n' + _locked(file, content))
    lines.append(f'[labels]\nsynthetic = ["generated"]\n[preprocessing]\n{preprocessing}')
    (folder / "model.toml").write_text("\n".join(lines), encoding="utf-8")


def _locked(name: str, content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    return f'file = "{name}"\nas = "{name}"\nbytes = {len(content)}\nsha256 = "{digest}"'
