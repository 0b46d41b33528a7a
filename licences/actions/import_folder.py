"""Take in a folder of licence texts, laid out like llama-3.1/LICENSE, llama-3.1/USE_POLICY.md, llama-3.1/revisions/."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from foundation.audit.actors import Actor
from licences.actions.import_text import import_text
from licences.errors import LicenceError, TextOfAnother
from licences.models import LicenceText, LlamaVersion, TextKind

FILES = {"LICENSE": TextKind.AGREEMENT, "USE_POLICY.md": TextKind.AUP}


@dataclass(frozen=True)
class ImportedFile:
    """One file of the folder: the text that it became, or the sentence that says why it became none."""

    name: str  # llama-3.1/LICENSE
    text: LicenceText | None
    problem: str = ""
    unreadable: bool = False  # the file itself is at fault, not its name or place


def import_folder(*, folder: Path, imported_by: Actor) -> list[ImportedFile]:
    """Import every text that lies in the folder; one that cannot be read does not stop the others."""
    if not folder.is_dir():
        raise LicenceError(
            _("%(folder)s is no folder. Name the one that holds llama-3.1/LICENSE.") % {"folder": folder}
        )
    versions = {version.slug: version for version in LlamaVersion.objects.all()}
    done: list[ImportedFile] = []
    for path in _texts_in(folder):
        name = path.relative_to(folder).as_posix()
        version = versions.get(path.relative_to(folder).parts[0])
        kind = _kind_of(path)
        if version is None:
            problem = _(
                "no Llama version of this name is in the catalogue. Add its file there and run sync_catalogue first."
            )
            done.append(ImportedFile(name, None, problem))
        elif kind is None:
            problem = _(
                "whether it is an agreement or a policy cannot be told. Let its name end in LICENSE or USE_POLICY.md."
            )
            done.append(ImportedFile(name, None, problem))
        else:
            done.append(_import_one(path, name, version, kind, imported_by))
    if not done:
        raise LicenceError(_("%(folder)s holds no text. Lay it out like llama-3.1/LICENSE.") % {"folder": folder})
    return done


def _texts_in(folder: Path) -> list[Path]:
    """The files to read, version by version; the two main texts before their revisions."""
    found = []
    for version in sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")):
        found += [version / name for name in FILES if (version / name).is_file()]
        found += sorted(path for path in (version / "revisions").glob("*") if path.is_file())
    return found


def _kind_of(path: Path) -> TextKind | None:
    return next((kind for name, kind in FILES.items() if path.name.endswith(name)), None)


def _import_one(path: Path, name: str, version: LlamaVersion, kind: TextKind, imported_by: Actor) -> ImportedFile:
    try:
        data = path.read_bytes()
        text = import_text(
            version=version, kind=kind, data=data, source=name, imported_by=imported_by, filename=path.name
        )
    except OSError as error:
        return ImportedFile(
            name, None, _("cannot be read (%(why)s). Check the file.") % {"why": error.strerror}, unreadable=True
        )
    except LicenceError as error:
        return ImportedFile(name, None, str(error), unreadable=not isinstance(error, TextOfAnother))
    return ImportedFile(name, text)
