"""Settings are read once, from file and environment, and never guess."""

from __future__ import annotations

from pathlib import Path

import pytest

from moderation.assembly import worker_setup
from moderation.settings import Settings, SettingsInvalid, load


def test_defaults_are_loopback_and_in_the_home_folder() -> None:
    settings = load({})
    assert settings.listen.startswith("127.0.0.1:")
    # From a checkout, every data folder shares the checkout's model files.
    assert settings.cache_folder == Path(__file__).parents[2] / ".cache"
    assert load({"FRAMEGATE_CACHE": "/elsewhere"}).cache_folder == Path("/elsewhere")
    assert settings.database.startswith("sqlite:///")


def test_the_environment_wins_over_the_file_and_options_over_both(tmp_path: Path) -> None:
    config = tmp_path / "framegate.toml"
    config.write_text('clip_workers = 3\nprovider = "A"\nlisten = "127.0.0.1:1"\n')
    environ = {
        "FRAMEGATE_CONFIG": str(config),
        "FRAMEGATE_PROVIDER": "B",
        "FRAMEGATE_LISTEN": "127.0.0.1:2",
        "OTHER": "x",
    }
    settings = load(environ, listen="127.0.0.1:3", home=None)
    assert (settings.clip_workers, settings.provider) == (3, "B")
    assert settings.listen == "127.0.0.1:3"


@pytest.mark.parametrize(
    ("environ", "field"),
    [
        ({"FRAMEGATE_CLIP_WORKER": "2"}, "clip_worker"),
        ({"FRAMEGATE_CLIP_WORKERS": "0"}, "clip_workers"),
        ({"FRAMEGATE_WORKER_NICE": "20"}, "worker_nice"),
        ({"FRAMEGATE_TLS_KEY": "/k"}, "tls_key"),
        ({"FRAMEGATE_LOG_FORMAT": "xml"}, "log_format"),
        ({"FRAMEGATE_DRAIN_MS": "-1"}, "drain_ms"),
        ({"FRAMEGATE_WORKER_MEMORY_BYTES": "1024"}, "worker_memory_bytes"),
        ({"FRAMEGATE_MINING": "maybe"}, "mining"),
        ({"FRAMEGATE_DETECTOR_URL": "http://example.com"}, "detector_url"),
        ({"FRAMEGATE_WATERMARK_NEURAL_PSNR_DB": "35.9"}, "watermark_neural_psnr_db"),
        ({"FRAMEGATE_WATERMARK_NEURAL_PSNR_DB": "54.1"}, "watermark_neural_psnr_db"),
        (
            {"FRAMEGATE_WATERMARK_NEURAL": "card.toml", "FRAMEGATE_WATERMARK": "false"},
            "watermark_neural",
        ),
    ],
)
def test_a_wrong_setting_is_named(environ: dict[str, str], field: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        load(environ)
    assert refused.value.field == field


def test_no_network_marks_clips_unless_one_is_named() -> None:
    for environ in ({}, {"FRAMEGATE_WATERMARK_NEURAL": ""}):
        settings = load(environ)
        assert settings.watermark_neural is None
        assert worker_setup(settings).watermark_neural == ""
    settings = load({"FRAMEGATE_WATERMARK_NEURAL": "~/card.toml"})
    assert settings.watermark_neural == Path.home() / "card.toml"
    assert settings.watermark_neural_psnr_db == 42
    assert worker_setup(settings).watermark_neural == str((Path.home() / "card.toml").resolve())


def test_a_number_that_is_none_fails() -> None:
    with pytest.raises(SettingsInvalid):
        load({"FRAMEGATE_CLIP_WORKERS": "many"})


@pytest.mark.parametrize("content", [b"not toml", b"\xff\xfe", b"unknown_key = 1"])
def test_a_broken_file_fails(tmp_path: Path, content: bytes) -> None:
    config = tmp_path / "framegate.toml"
    config.write_bytes(content)
    with pytest.raises(SettingsInvalid):
        load({"FRAMEGATE_CONFIG": str(config)})


def test_a_missing_file_fails(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid):
        load({"FRAMEGATE_CONFIG": str(tmp_path / "none.toml")})


def test_secrets_are_hidden() -> None:
    shown = Settings(database_url="postgresql://u:secret@localhost/f").shown()
    assert "secret" not in str(shown)
    assert shown["clip_workers"]
