"""Runs the steps on the connection that `moderation.store.migration.migrate` hands over."""

from __future__ import annotations

from alembic import context

from moderation.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
context.run_migrations()
