"""The first tables: the log, keys of subjects, clips, prompt verdicts, answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the tables."""
    _log()
    _subjects()
    _clips()
    _verdicts()


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, _NUMBER, nullable=False, autoincrement=False)


def _log() -> None:
    op.create_table(
        "log_head",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("size", _NUMBER, nullable=False),
        sa.Column("root", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_log_head"),
    )
    op.create_table(
        "leaves",
        _key("leaf_index"),
        sa.Column("leaf", sa.LargeBinary, nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary, nullable=False),
        sa.Column("clip_id", sa.Text),
        sa.PrimaryKeyConstraint("leaf_index", name="pk_leaves"),
    )
    op.create_index(
        "ix_leaves_clip_id",
        "leaves",
        ["clip_id", "leaf_index"],
        sqlite_where=sa.text("clip_id IS NOT NULL"),
        postgresql_where=sa.text("clip_id IS NOT NULL"),
    )
    op.create_table(
        "nodes",
        sa.Column("level", sa.Integer, nullable=False, autoincrement=False),
        _key("node_index"),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("level", "node_index", name="pk_nodes"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "checkpoints",
        _key("size"),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created_ms", _NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("size", name="pk_checkpoints"),
    )


def _subjects() -> None:
    op.create_table(
        "subjects",
        sa.Column("subject_key", sa.String(32), nullable=False),
        sa.Column("tag", sa.LargeBinary),
        sa.Column("wrapped_key", sa.LargeBinary),
        sa.Column("created_ms", _NUMBER, nullable=False),
        sa.Column("erased_ms", _NUMBER),
        sa.PrimaryKeyConstraint("subject_key", name="pk_subjects"),
        sa.UniqueConstraint("tag", name="uq_subjects_tag"),
    )
    op.create_table(
        "payloads",
        _key("leaf_index"),
        sa.Column("subject_key", sa.String(32), nullable=False),
        sa.Column("nonce", sa.LargeBinary, nullable=False),
        sa.Column("ciphertext", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("leaf_index", name="pk_payloads"),
        sa.ForeignKeyConstraint(
            ["leaf_index"], ["leaves.leaf_index"], name="fk_payloads_leaf_index"
        ),
        sa.ForeignKeyConstraint(
            ["subject_key"], ["subjects.subject_key"], name="fk_payloads_subject_key"
        ),
    )


def _clips() -> None:
    text = [
        sa.Column(name, kind, nullable=False)
        for name, kind in (
            ("state", sa.String(16)),
            ("sha256", sa.String(64)),
            ("size_bytes", _NUMBER),
            ("container", sa.String(32)),
            ("duration_ms", _NUMBER),
            ("created_ms", _NUMBER),
            ("updated_ms", _NUMBER),
            ("leaf_index", _NUMBER),
            ("caller", sa.String(128)),
            ("subject_key", sa.String(32)),
            ("generator_name", sa.Text),
            ("generator_version", sa.Text),
            ("prompt_verdict_id", sa.String(64)),
            ("verdict_id", sa.String(64)),
            ("verdict", sa.LargeBinary),
            ("signed_sha256", sa.String(64)),
            ("signed_size_bytes", _NUMBER),
            ("manifest_id", sa.Text),
            ("manifest", sa.LargeBinary),
            ("reason", sa.Text),
        )
    ]
    op.create_table(
        "clips",
        sa.Column("clip_id", sa.String(64), nullable=False),
        *text,
        sa.PrimaryKeyConstraint("clip_id", name="pk_clips"),
    )
    op.create_index("ix_clips_state", "clips", ["state", "created_ms", "clip_id"])
    op.create_index("ix_clips_sha256", "clips", ["sha256"])
    op.create_index("ix_clips_signed_sha256", "clips", ["signed_sha256"])
    op.create_index("ix_clips_manifest_id", "clips", ["manifest_id"])


def _verdicts() -> None:
    op.create_table(
        "prompt_verdicts",
        sa.Column("verdict_id", sa.String(64), nullable=False),
        sa.Column("subject_key", sa.String(32), nullable=False),
        sa.Column("caller", sa.String(128), nullable=False),
        sa.Column("decision", sa.String(16), nullable=False),
        sa.Column("facts", sa.LargeBinary, nullable=False),
        sa.Column("leaf_index", _NUMBER, nullable=False),
        sa.Column("created_ms", _NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("verdict_id", name="pk_prompt_verdicts"),
    )
    op.create_index("ix_prompt_verdicts_subject_key", "prompt_verdicts", ["subject_key"])
    op.create_table(
        "answers",
        sa.Column("caller", sa.String(128), nullable=False),
        sa.Column("method", sa.String(64), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("request_digest", sa.String(64), nullable=False),
        sa.Column("response", sa.LargeBinary, nullable=False),
        sa.Column("subject_key", sa.String(32), nullable=False),
        sa.Column("expires_ms", _NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("caller", "method", "key", name="pk_answers"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_answers_expires_ms", "answers", ["expires_ms"])
    op.create_index("ix_answers_subject_key", "answers", ["subject_key"])
