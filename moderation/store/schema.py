"""The tables, in the dialect-neutral terms of SQLAlchemy.

`migrations/` builds them step by step; a test holds both to be the same. Times are milliseconds
since the epoch, hashes raw 32 bytes in the log and 64 hex digits in the records of clips.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

from provenance.fingerprint.known_tables import known_tables
from provenance.fingerprint.sql import fingerprints_table

SCHEMA_VERSION = "0004"
"""Revision of the newest migration, which this program reads and writes."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)

# SQLite stores the key of a table as its row number only when the type is INTEGER.
Number = BigInteger().with_variant(Integer, "sqlite")

log_head = Table(
    "log_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("origin", Text, nullable=False),
    Column("size", Number, nullable=False),
    Column("root", LargeBinary, nullable=False),
)

leaves = Table(
    "leaves",
    metadata,
    Column("leaf_index", Number, primary_key=True, autoincrement=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("leaf_hash", LargeBinary, nullable=False),
    Column("clip_id", Text),
)
Index(
    "ix_leaves_clip_id",
    leaves.c.clip_id,
    leaves.c.leaf_index,
    sqlite_where=leaves.c.clip_id.is_not(None),
    postgresql_where=leaves.c.clip_id.is_not(None),
)

nodes = Table(
    "nodes",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("node_index", Number, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("size", Number, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
    Column("created_ms", Number, nullable=False),
)

subjects = Table(
    "subjects",
    metadata,
    Column("subject_key", String(32), primary_key=True),
    Column("tag", LargeBinary, unique=True),
    Column("wrapped_key", LargeBinary),
    Column("created_ms", Number, nullable=False),
    Column("erased_ms", Number),
)

payloads = Table(
    "payloads",
    metadata,
    Column(
        "leaf_index",
        Number,
        ForeignKey(leaves.c.leaf_index),
        primary_key=True,
        autoincrement=False,
    ),
    Column("subject_key", String(32), ForeignKey(subjects.c.subject_key), nullable=False),
    Column("nonce", LargeBinary, nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
)

clips = Table(
    "clips",
    metadata,
    Column("clip_id", String(64), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size_bytes", Number, nullable=False),
    Column("container", String(32), nullable=False),
    Column("duration_ms", Number, nullable=False),
    Column("created_ms", Number, nullable=False),
    Column("updated_ms", Number, nullable=False),
    Column("leaf_index", Number, nullable=False),
    Column("caller", String(128), nullable=False),
    Column("subject_key", String(32), nullable=False),
    Column("generator_name", Text, nullable=False),
    Column("generator_version", Text, nullable=False),
    Column("prompt_verdict_id", String(64), nullable=False),
    Column("verdict_id", String(64), nullable=False),
    Column("verdict", LargeBinary, nullable=False),
    Column("signed_sha256", String(64), nullable=False),
    Column("signed_size_bytes", Number, nullable=False),
    Column("manifest_id", Text, nullable=False),
    Column("manifest", LargeBinary, nullable=False),
    Column("reason", Text, nullable=False),
    Column("visible_mark", String(64), nullable=False, server_default=""),
)
Index("ix_clips_state", clips.c.state, clips.c.created_ms, clips.c.clip_id)
Index("ix_clips_sha256", clips.c.sha256)
Index("ix_clips_signed_sha256", clips.c.signed_sha256)
Index("ix_clips_manifest_id", clips.c.manifest_id)

prompt_verdicts = Table(
    "prompt_verdicts",
    metadata,
    Column("verdict_id", String(64), primary_key=True),
    Column("subject_key", String(32), nullable=False),
    Column("caller", String(128), nullable=False),
    Column("decision", String(16), nullable=False),
    Column("facts", LargeBinary, nullable=False),
    Column("leaf_index", Number, nullable=False),
    Column("created_ms", Number, nullable=False),
)
Index("ix_prompt_verdicts_subject_key", prompt_verdicts.c.subject_key)

answers = Table(
    "answers",
    metadata,
    Column("caller", String(128), primary_key=True),
    Column("method", String(64), primary_key=True),
    Column("key", String(128), primary_key=True),
    Column("request_digest", String(64), nullable=False),
    Column("response", LargeBinary, nullable=False),
    Column("subject_key", String(32), nullable=False),
    Column("expires_ms", Number, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_answers_expires_ms", answers.c.expires_ms)
Index("ix_answers_subject_key", answers.c.subject_key)

fingerprints = fingerprints_table(metadata)
Index(
    "ix_fingerprints_watermark_key",
    fingerprints.c.position,
    sqlite_where=fingerprints.c.watermark_key != "",
    postgresql_where=fingerprints.c.watermark_key != "",
)

known = known_tables(metadata)
