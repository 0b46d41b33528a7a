"""The verbs of the licence base."""

from licences.actions.bring_text import ask_for_text
from licences.actions.decide_text import accept_text, refuse_text
from licences.actions.fetch_texts import FetchedText, fetch_texts
from licences.actions.import_folder import ImportedFile, import_folder
from licences.actions.import_text import add_text, import_text
from licences.actions.sync_catalogue import SyncedVersion, sync_catalogue
from licences.actions.watch_texts import watch_texts

__all__ = [
    "FetchedText",
    "ImportedFile",
    "SyncedVersion",
    "accept_text",
    "add_text",
    "ask_for_text",
    "fetch_texts",
    "import_folder",
    "import_text",
    "refuse_text",
    "sync_catalogue",
    "watch_texts",
]
