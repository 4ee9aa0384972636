"""The rows of the design that a machine can hold: imports, names, generated files, errors."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.rpc import code_pb2

from media.errors import FramegateError

ROOT = Path(__file__).resolve().parent.parent
MAY_IMPORT = {
    "media": {"media"},
    "models": {"models", "media"},
    "provenance": {"provenance", "models", "media"},
    "moderation": {"moderation", "provenance", "models", "media", "framegate"},
}
OURS = {*MAY_IMPORT, "framegate"}


def _modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_go_one_way(package: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in _modules(package)
        for name in _imported(path)
        if name.split(".")[0] in OURS - MAY_IMPORT[package]
    ]
    assert not wrong


def test_only_the_edge_knows_protobuf() -> None:
    edge = {ROOT / "moderation" / "demo.py"}
    wrong = [
        str(path.relative_to(ROOT))
        for path in _modules("moderation")
        for name in _imported(path)
        if name.startswith("framegate")
        and path not in edge
        and path.parent.name not in ("service", "cli")
    ]
    assert not wrong


def test_no_module_is_a_heap() -> None:
    names = re.compile(r"utils?|helpers?|managers?|common|misc")
    for package in MAY_IMPORT:
        for path in _modules(package):
            assert not names.fullmatch(path.stem), path
            if "migrations" not in path.parts:
                lines = len(path.read_text(encoding="utf-8").splitlines())
                assert lines <= 400, f"{path.relative_to(ROOT)} has {lines} lines"


def _all_errors() -> set[type[FramegateError]]:
    for package in MAY_IMPORT:
        for module in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            if "migrations" not in module.name and not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    found: set[type[FramegateError]] = set()
    waiting: list[type[FramegateError]] = [FramegateError]
    while waiting:
        kind = waiting.pop()
        found.add(kind)
        waiting.extend(kind.__subclasses__())
    return {kind for kind in found if not kind.__module__.startswith("tests")}


def test_every_error_has_a_status_and_a_stable_reason() -> None:
    by_reason: dict[str, set[tuple[str, bool]]] = {}
    for kind in _all_errors():
        assert kind.code in code_pb2.Code.keys(), kind  # noqa: SIM118 - not a dict
        assert kind.code != "OK", kind
        assert re.fullmatch(r"[A-Z][A-Z0-9_]{2,63}", kind.reason), kind
        assert kind.__doc__, kind
        by_reason.setdefault(kind.reason, set()).add((kind.code, kind.retryable))
    # One reason always means one status, whoever raises it.
    assert {reason for reason, meanings in by_reason.items() if len(meanings) > 1} == set()


def test_generated_stubs_are_current(tmp_path: Path) -> None:
    proto = ROOT / "proto"
    sources = sorted(str(path.relative_to(proto)) for path in proto.rglob("*.proto"))
    services = [name for name in sources if "service " in (proto / name).read_text()]
    binaries = Path(sys.executable).parent
    for names, kinds in (
        (sources, ("python_out=", "mypy_out=quiet:")),
        (services, ("grpc_python_out=", "mypy_grpc_out=quiet:")),
    ):
        subprocess.run(
            [sys.executable, "-m", "grpc_tools.protoc", "-I", "."]
            + [f"--{kind}{tmp_path}" for kind in kinds]
            + names,
            cwd=proto,
            env={"PATH": f"{binaries}:/usr/bin:/bin"},
            check=True,
        )
    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*_pb2*")}
    kept = {
        path.relative_to(proto): path.read_bytes()
        for path in proto.rglob("*_pb2*")
        if path.suffix in (".py", ".pyi")
    }
    assert made.keys() == kept.keys()
    assert [str(name) for name in made if made[name] != kept[name]] == []


def test_the_contract_keeps_its_naming_rules() -> None:
    buf = Path(sys.executable).parent / "buf"
    done = subprocess.run(
        [buf, "lint", "proto"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_names_this_machine() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    private = re.compile("/" + "work/|/" + "root/")
    for name in tracked:
        path = ROOT / name
        if path.suffix in (".py", ".md", ".toml", ".yaml", ".txt", ".proto") or path.suffix == "":
            text = path.read_text(encoding="utf-8", errors="ignore")
            assert not private.search(text), name


def test_constraints_pin_versions_and_nothing_else() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert [
        line for line in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line)
    ] == []
    assert "torch==2.13.0" in pins
