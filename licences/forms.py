"""What people enter about licence texts. The rules are the actions'; forms read and show."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.files.errors import UploadRefused
from foundation.files.uploads import MARKDOWN, TEXT, Upload, accept_upload
from licences.actions.import_text import LARGEST_TEXT
from licences.models import LlamaVersion, TextKind


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


class PairForm(forms.Form):
    """Two versions to compare."""

    old = forms.ChoiceField(label=gettext_lazy("From"))
    new = forms.ChoiceField(label=gettext_lazy("To"))
    doc = forms.ChoiceField(label=gettext_lazy("Document"), choices=TextKind.choices, required=False)

    def __init__(self, *args: Any, versions: list[LlamaVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("old", "new"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(version.slug, version.name) for version in versions]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"

    def clean(self) -> dict[str, Any]:
        """The same version twice shows nothing."""
        cleaned = super().clean() or {}
        if cleaned.get("old") and cleaned.get("old") == cleaned.get("new"):
            raise forms.ValidationError(_("Choose two different versions."))
        return cleaned


class ModelNameForm(forms.Form):
    """A raw model id, as a provider or a repository writes it."""

    id = forms.CharField(
        label=gettext_lazy("Model id"),
        max_length=300,
        help_text=gettext_lazy(
            "As your code, your provider or the model's page writes it, such as meta-llama/Llama-3.1-8B."
        ),
    )
