"""Why an address was not fetched, with a sentence for the person who entered it."""

from __future__ import annotations


class OutboundError(Exception):
    """The address could not be fetched; the message says why and what to do."""


class OutboundRefused(OutboundError):  # noqa: N818 - reads as a sentence where it is caught
    """The portal will not go there, now or later: another address is needed."""


class OutboundFailed(OutboundError):  # noqa: N818 - reads as a sentence where it is caught
    """The other side did not answer as it should: trying again later may help."""
