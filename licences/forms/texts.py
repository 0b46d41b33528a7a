"""What people enter about licence texts. The rules are the actions'; forms read and show."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from foundation.files.errors import UploadRefused
from foundation.files.uploads import MARKDOWN, TEXT, Upload, accept_upload
from licences.actions.import_text import LARGEST_TEXT
from licences.models import TextKind


class AddTextForm(forms.Form):
    """Add a copy of an agreement or a policy."""

    kind = forms.ChoiceField(label=gettext_lazy("Document"), choices=TextKind.choices)
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "Plain text or Markdown, byte for byte as it was published. Do not copy it from a page."
        ),
    )
    source = forms.CharField(
        label=gettext_lazy("Where it comes from"),
        max_length=300,
        help_text=gettext_lazy("Its address, or who sent it and when."),
    )

    def clean_file(self) -> Upload:
        """The upload, once its content is what its name says."""
        file = self.cleaned_data["file"]
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
