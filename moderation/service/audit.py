"""AuditService: protobuf in, the log's reading side, protobuf out."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from grpc import aio

from framegate.v1 import audit_pb2 as pb
from framegate.v1 import audit_pb2_grpc
from media.errors import InvalidInput
from moderation.audit import bundle
from moderation.audit.log import LoggedLeaf, Proof
from moderation.gate import Gate
from moderation.service import wire
from moderation.service.calls import request_id
from moderation.service.moderation import CHUNK_BYTES, call_of

Context = aio.ServicerContext[Any, Any]
_PAGE = 100
_MAX_PAGE = 1000
_MAX_TOKEN_DIGITS = 18


class AuditServicer(audit_pb2_grpc.AuditServiceServicer):
    """Translates between the contract and the log; safe for any number of calls at once."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._log = gate.recorder.log

    async def ListEntries(
        self, request: pb.ListEntriesRequest, context: Context
    ) -> pb.ListEntriesResponse:
        """List entries in the order of the log."""
        if request.page_size > _MAX_PAGE:
            raise InvalidInput(
                f"a page has at most {_MAX_PAGE} entries",
                field="page_size",
                limit=_MAX_PAGE,
                actual=request.page_size,
            )
        limit = request.page_size or _PAGE
        leaves = await asyncio.to_thread(
            self._log.entries, _start(request.page_token), limit, clip_id=request.clip_id
        )
        return pb.ListEntriesResponse(
            entries=[_entry(leaf) for leaf in leaves],
            next_page_token=str(leaves[-1].index + 1) if len(leaves) == limit else "",
            request_id=request_id(),
        )

    async def GetCheckpoint(
        self, request: pb.GetCheckpointRequest, context: Context
    ) -> pb.GetCheckpointResponse:
        """Sign the log as it stands."""
        signed = await asyncio.to_thread(self._log.checkpoint)
        return pb.GetCheckpointResponse(
            checkpoint=signed.note,
            tree_size=signed.checkpoint.size,
            root_hash=signed.checkpoint.root,
            verifier_key=str(self._log.verifier),
            request_id=request_id(),
        )

    async def GetInclusionProof(
        self, request: pb.GetInclusionProofRequest, context: Context
    ) -> pb.GetInclusionProofResponse:
        """Prove that an entry is in the log."""
        proof, leaf_hash, root = await asyncio.to_thread(
            self._inclusion, request.leaf_index, request.tree_size
        )
        return pb.GetInclusionProofResponse(
            leaf_index=proof.first,
            tree_size=proof.size,
            hashes=proof.hashes,
            leaf_hash=leaf_hash,
            root_hash=root,
            request_id=request_id(),
        )

    async def GetConsistencyProof(
        self, request: pb.GetConsistencyProofRequest, context: Context
    ) -> pb.GetConsistencyProofResponse:
        """Prove that a later log is an earlier one with entries added."""
        proof, first, second = await asyncio.to_thread(
            self._consistency, request.first_size, request.second_size
        )
        return pb.GetConsistencyProofResponse(
            first_size=proof.first,
            second_size=proof.size,
            hashes=proof.hashes,
            first_root_hash=first,
            second_root_hash=second,
            request_id=request_id(),
        )

    async def ExportBundle(
        self, request: pb.ExportBundleRequest, context: Context
    ) -> AsyncIterator[pb.ExportBundleResponse]:
        """Send a bundle that can be verified with the public key alone."""
        with tempfile.TemporaryDirectory(prefix="framegate-") as folder:
            path = Path(folder) / "bundle"
            await asyncio.to_thread(
                bundle.export,
                self._log,
                path,
                request.start,
                request.end or None,
                with_payloads=request.with_payloads,
            )
            with await asyncio.to_thread(path.open, "rb") as source:
                while chunk := await asyncio.to_thread(source.read, CHUNK_BYTES):
                    yield pb.ExportBundleResponse(chunk=chunk)

    async def EraseSubject(
        self, request: pb.EraseSubjectRequest, context: Context
    ) -> pb.EraseSubjectResponse:
        """Destroy a subject's key."""
        erased = await self._gate.recorder.erase(request.subject_id, call_of(context))
        return pb.EraseSubjectResponse(
            records=erased.receipt.result.payload_count,
            leaf_index=erased.receipt.leaf_index,
            request_id=request_id(),
        )

    def _inclusion(self, leaf_index: int, size: int) -> tuple[Proof, bytes, bytes]:
        size = size or self._log.size
        proof = self._log.inclusion_proof(leaf_index, size)
        return proof, self._log.entries(leaf_index, 1)[0].hash, self._log.root(size)

    def _consistency(self, first: int, second: int) -> tuple[Proof, bytes, bytes]:
        second = second or self._log.size
        proof = self._log.consistency_proof(first, second)
        return proof, self._log.root(first), self._log.root(second)


def _start(token: str) -> int:
    if not token:
        return 0
    if not (token.isascii() and token.isdigit() and len(token) <= _MAX_TOKEN_DIGITS):
        raise InvalidInput("the page token is not one of ours", field="page_token")
    return int(token)


def _entry(leaf: LoggedLeaf) -> pb.Entry:
    entry = pb.Entry(leaf_index=leaf.index, leaf_hash=leaf.hash.hex(), leaf=leaf.leaf)
    document = leaf.document
    if document is not None:
        entry.event = document.event
        entry.time.CopyFrom(wire.timestamp(document.time_ms))
        entry.request_id = document.request_id
        entry.clip_id = document.clip_id
        entry.verdict_id = document.verdict_id
        entry.decision = document.decision
        entry.reasons.extend(
            pb.Reason(category=reason.category, clause=reason.clause) for reason in document.reasons
        )
    return entry
