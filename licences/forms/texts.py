"""What people enter about licence texts. The rules are the actions'; forms read and show."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.files.errors import UploadRefused
from foundation.files.uploads import MARKDOWN, TEXT, Upload, accept_upload
from licences.actions.bring_text import LONGEST_ADDRESS
from licences.actions.import_text import LARGEST_TEXT
from licences.models import TextKind


class AddTextForm(forms.Form):
    """Add a copy of an agreement or a policy."""

    kind = forms.ChoiceField(label=gettext_lazy("Document"), choices=TextKind.choices)
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy(
            "Plain text or Markdown, byte for byte as it was published. Do not copy it from a page."
        ),
    )
    address = forms.CharField(
        label=gettext_lazy("Or the address of the file"),
        required=False,
        max_length=LONGEST_ADDRESS,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Starts with https://. A worker fetches it; this page says what came of it. A web page is no text."
        ),
    )
    source = forms.CharField(
        label=gettext_lazy("Where it comes from"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Of a file: its address, or who sent it and when. An address speaks for itself."),
    )

    def clean(self) -> dict[str, Any]:
        """A file or an address; of a file, where it comes from."""
        given = super().clean() or self.cleaned_data
        file, address = given.get("file"), given.get("address")
        if file and address:
            self.add_error("address", _("Give a file or an address, not both."))
        elif not (file or address or self.errors):
            self.add_error("file", _("Choose a file, or give its address below."))
        if file and not given.get("source") and "source" not in self.errors:
            self.add_error("source", _("Say where the file comes from: its address, or who sent it and when."))
        return given

    def clean_source(self) -> str:
        """A source goes into the log as it is, where nothing personal can be erased later."""
        source = str(self.cleaned_data["source"])
        if re.fullmatch(r"[^@\s/]+@[^@\s/]+", source):
            raise forms.ValidationError(
                _("An e-mail address alone does not go into the log. Say who sent it and when.")
            )
        return source

    def clean_file(self) -> Upload | None:
        """The upload, once its content is what its name says."""
        file = self.cleaned_data["file"]
        if not file:
            return None
        try:
            return accept_upload(str(file.name), file.read(), allowed={TEXT, MARKDOWN}, max_bytes=LARGEST_TEXT)
        except UploadRefused as error:
            raise forms.ValidationError(str(error)) from error


class DecisionForm(forms.Form):
    """Why a text is accepted or refused."""

    note = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        help_text=gettext_lazy("Stands in the log, word for word."),
    )
