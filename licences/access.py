"""Get one row of the licence base for a page. Every signed-in person may read it; 404 where there is no such row."""

from __future__ import annotations

from django.http import Http404

from licences.models import LicenceText, LlamaVersion, TextKind


def get_version(slug: str) -> LlamaVersion:
    """The version with this slug."""
    version = LlamaVersion.objects.filter(slug=slug).first()
    if version is None:
        raise Http404
    return version


def get_text(version: LlamaVersion, sha256: str, kind: TextKind | None = None) -> LicenceText:
    """One text of a version, by the digest of its bytes."""
    texts = LicenceText.objects.filter(version=version, blob_id=sha256).select_related("version", "blob", "decided_by")
    text = (texts.filter(kind=kind) if kind else texts).first()
    if text is None:
        raise Http404
    return text


def get_kind(kind: str) -> TextKind:
    """Agreement or policy."""
    if kind not in TextKind.values:
        raise Http404
    return TextKind(kind)


def require_text(slug: str, kind: str, sha256: str) -> str:
    """The digest again, where this version has such a text of this kind."""
    if not LicenceText.objects.filter(version__slug=slug, kind=kind, blob_id=sha256).exists():
        raise Http404
    return sha256
