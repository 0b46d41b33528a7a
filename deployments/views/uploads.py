"""Documents that people upload as evidence: checked, then stored byte for byte."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile

from deployments.errors import DeploymentError
from foundation.files import store
from foundation.files.errors import UploadRefused
from foundation.files.models import Blob
from foundation.files.uploads import DOCUMENTS, JPEG, PNG, XLSX, accept_upload

EVIDENCE = DOCUMENTS | {JPEG, PNG, XLSX}
LARGEST = 10 * 1024 * 1024


def keep(uploaded: UploadedFile[bytes] | None, *, field: str = "document") -> Blob | None:
    """Store an uploaded document; a refusal is a sentence beside its field."""
    if uploaded is None:
        return None
    data = uploaded.read(LARGEST + 1)  # one byte more than is accepted is enough to refuse a huge file
    try:
        upload = accept_upload(uploaded.name or "", data, allowed=EVIDENCE, max_bytes=LARGEST)
    except UploadRefused as error:
        raise DeploymentError(str(error), {field: str(error)}) from error
    return store.put(upload.data, upload.media_type)
