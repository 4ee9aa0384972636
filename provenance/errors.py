"""Why something cannot be signed or read: one error a reason.

Messages name files of the credentials folder and fields of a certificate, never a key, a path
or anything of a clip's content.
"""

from __future__ import annotations

from media.errors import FramegateError, InvalidInput


class CredentialsMissing(FramegateError):
    """A file of the signing credentials is not there or cannot be read."""

    code = "FAILED_PRECONDITION"
    reason = "CREDENTIALS_MISSING"


class CredentialsInvalid(FramegateError):
    """The signing credentials do not fit together, or verifiers would refuse them."""

    code = "FAILED_PRECONDITION"
    reason = "CREDENTIALS_INVALID"


class CredentialsExpired(FramegateError):
    """A certificate of the chain is expired or not valid yet."""

    code = "FAILED_PRECONDITION"
    reason = "CREDENTIALS_EXPIRED"


class CredentialsExist(FramegateError):
    """The folder has signing credentials already; they are never overwritten."""

    code = "ALREADY_EXISTS"
    reason = "CREDENTIALS_EXIST"


class ContainerNotSupported(InvalidInput):
    """The clip's container cannot carry a C2PA manifest."""

    code = "INVALID_ARGUMENT"
    reason = "CONTAINER_NOT_SUPPORTED"


class SourceManifestUnreadable(InvalidInput):
    """The clip carries a manifest that cannot be read, so that it could not be kept."""

    code = "INVALID_ARGUMENT"
    reason = "SOURCE_MANIFEST_UNREADABLE"


class SourceRefused(InvalidInput):
    """A source's own manifest does not hold, and the policy wants no clip made from such a one."""

    code = "FAILED_PRECONDITION"
    reason = "SOURCE_REFUSED"


class SourceEmpty(InvalidInput):
    """A source has no bytes."""

    reason = "SOURCE_EMPTY"


class SourceNotSupported(InvalidInput):
    """A source is no clip and no picture of a kind that is known here."""

    reason = "SOURCE_NOT_SUPPORTED"


class SourceUnreadable(InvalidInput):
    """A source is cut off or damaged, or is not the file that it was."""

    reason = "SOURCE_UNREADABLE"


class SourceTooLarge(InvalidInput):
    """A source has too many bytes or pixels, or carries too large a manifest."""

    reason = "SOURCE_TOO_LARGE"


class TooManySources(InvalidInput):
    """A release names more sources than a manifest takes."""

    reason = "TOO_MANY_SOURCES"


class SourceConflict(InvalidInput):
    """Sources that cannot stand beside one another: two parents, or the same file twice."""

    reason = "SOURCE_CONFLICT"


class SigningFailed(FramegateError):
    """The clip could not be signed, or what was written did not verify; nothing was kept."""

    code = "FAILED_PRECONDITION"
    reason = "SIGNING_FAILED"


class TimestampUnavailable(FramegateError):
    """The time-stamping authority did not answer as it should; nothing was kept."""

    code = "UNAVAILABLE"
    reason = "TIMESTAMP_UNAVAILABLE"
    retryable = True


class CredentialsExpireSoon(FramegateError):
    """The certificate expires in fewer days than the operator allows to sign with."""

    code = "FAILED_PRECONDITION"
    reason = "CREDENTIALS_EXPIRE_SOON"


class KeyUnavailable(FramegateError):
    """The signing key lies outside (a KMS, a token) and cannot be used now; nothing was kept."""

    code = "UNAVAILABLE"
    reason = "SIGNING_KEY_UNAVAILABLE"
    retryable = True
