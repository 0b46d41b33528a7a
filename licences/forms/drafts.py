"""What a lawyer enters who adds a Llama version. The rules are the actions'; forms read and show."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.files.errors import UploadRefused
from foundation.files.uploads import MARKDOWN, TEXT, accept_upload
from licences.actions.import_text import LARGEST_TEXT
from licences.aup_subjects import DISCLOSURE, GROUPS, SECTORS
from licences.drafts import problems_of
from licences.forms.parameters import field_of
from licences.models import LlamaVersion, VersionDraft
from licences.obligation_kinds import OBLIGATION_KINDS
from licences.terms import CLAUSE_ID
from licences.words import OBLIGATION_TITLES, TRIGGER_WORDS

DATE_KINDS = [("release", gettext_lazy("Release date")), ("effective", gettext_lazy("Effective date"))]
ADDRESSES = {
    "agreement_raw": ("agreement", "raw"),
    "agreement_web": ("agreement", "web"),
    "aup_raw": ("aup", "raw"),
    "aup_web": ("aup", "web"),
}
_PARAMETER = "parameter_"
_FIRST_YEAR = 2023


class StartDraftForm(forms.Form):
    """A version to be: what it is called, its two texts, where they come from, and which version is nearest."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60, help_text=gettext_lazy("Such as Llama 5."))
    title = forms.CharField(
        label=gettext_lazy("Title of the agreement"), max_length=200, help_text=gettext_lazy("As it is printed.")
    )
    released_on = forms.DateField(
        label=gettext_lazy("Date in its header"), widget=forms.DateInput(attrs={"type": "date"})
    )
    date_kind = forms.ChoiceField(label=gettext_lazy("What the header calls that date"), choices=DATE_KINDS)
    based_on = forms.ChoiceField(
        label=gettext_lazy("Nearest version"),
        help_text=gettext_lazy("Its duties are carried over as proposals. You confirm or change each."),
    )
    agreement = forms.FileField(label=gettext_lazy("Agreement"), help_text=gettext_lazy("Plain text or Markdown."))
    aup = forms.FileField(
        label=gettext_lazy("Acceptable use policy"), help_text=gettext_lazy("Plain text or Markdown.")
    )
    agreement_raw = forms.URLField(label=gettext_lazy("Address of the agreement's file"), assume_scheme="https")
    agreement_web = forms.URLField(label=gettext_lazy("Address of the agreement's page"), assume_scheme="https")
    aup_raw = forms.URLField(label=gettext_lazy("Address of the policy's file"), assume_scheme="https")
    aup_web = forms.URLField(label=gettext_lazy("Address of the policy's page"), assume_scheme="https")

    def __init__(self, *args: Any, versions: list[LlamaVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["based_on"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(version.slug, version.name) for version in reversed(versions)]

    def clean_released_on(self) -> date:
        """The date, where a Llama version can have it: the month before is tested."""
        day: date = self.cleaned_data["released_on"]
        if day.year < _FIRST_YEAR:
            raise forms.ValidationError(
                _("Llama begins in %(year)s. Write the date that its header has.") % {"year": _FIRST_YEAR}
            )
        return day

    def clean_agreement(self) -> bytes:
        """The bytes of the agreement, once they are what their name says."""
        return self._file("agreement")

    def clean_aup(self) -> bytes:
        """The bytes of the policy, once they are what their name says."""
        return self._file("aup")

    def _file(self, name: str) -> bytes:
        file = self.cleaned_data[name]
        try:
            upload = accept_upload(str(file.name), file.read(), allowed={TEXT, MARKDOWN}, max_bytes=LARGEST_TEXT)
        except UploadRefused as error:
            raise forms.ValidationError(str(error)) from error
        return upload.data

    def clean(self) -> dict[str, Any]:
        """Addresses are looked at by a worker, so only those that it may reach are taken."""
        entered: dict[str, Any] = super().clean() or {}
        for name in ADDRESSES:
            if entered.get(name) and not str(entered[name]).startswith("https://"):
                self.add_error(name, _("Write an address that begins with https://."))
        return entered

    def ask_for_files_again(self) -> None:
        """A browser never sends a file twice by itself: after any mistake both fields come back empty."""
        for name in ("agreement", "aup"):
            if name not in self.errors:
                self.add_error(name, _("Choose this file again: a page that comes back does not keep it."))

    @property
    def sources(self) -> dict[str, dict[str, str]]:
        """The addresses as the draft keeps them."""
        found: dict[str, dict[str, str]] = {"agreement": {}, "aup": {}}
        for name, (kind, which) in ADDRESSES.items():
            found[kind][which] = self.cleaned_data[name]
        return found


class DutyForm(forms.Form):
    """A duty, right or limit of one kind, in our own words."""

    summary = forms.CharField(
        label=gettext_lazy("In our own words"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=gettext_lazy("One or two sentences. Do not copy the text: the clause stands beside it."),
    )
    clauses = forms.CharField(
        label=gettext_lazy("Clauses"), max_length=400, help_text=gettext_lazy("Such as LICENSE 1.b.i, AUP 2.a.")
    )
    trigger = forms.ChoiceField(label=gettext_lazy("When it is due"), choices=list(TRIGGER_WORDS.items()))

    def __init__(self, *args: Any, kind: str, draft: VersionDraft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.draft = kind, draft
        for name in OBLIGATION_KINDS[kind].parameters:
            self.fields[_PARAMETER + name] = field_of(kind, name)

    @classmethod
    def of(cls, row: Any, draft: VersionDraft) -> DutyForm:
        """The form with what the draft has."""
        values = {"summary": row["summary"], "clauses": ", ".join(row["clauses"]), "trigger": row["trigger"]}
        values |= {_PARAMETER + name: value for name, value in row["parameters"].items()}
        return cls(kind=row["kind"], draft=draft, initial=values)

    def clean_clauses(self) -> list[str]:
        """The clauses one by one, each written as the portal numbers them."""
        clauses = [one.strip() for one in re.split(r"[,;\n]", self.cleaned_data["clauses"]) if one.strip()]
        if not clauses:
            raise forms.ValidationError(_("Give at least one clause, such as LICENSE 1.b.i."))
        if odd := [one for one in clauses if not CLAUSE_ID.match(one)]:
            raise forms.ValidationError(
                _("“%(clause)s” is no clause. Write it like LICENSE 1.b.i or AUP 2.a, with a comma between two.")
                % {"clause": odd[0]}
            )
        return clauses

    def clean(self) -> dict[str, Any]:
        """The values beside the texts of the draft: everything that is wrong is said at once, each by its field."""
        entered: dict[str, Any] = super().clean() or {}
        row = {"kind": self.kind, "clauses": entered.get("clauses", []), "parameters": self._parameters(entered)}
        for problem in problems_of(self.draft, row) if row["clauses"] else ():
            self.add_error("clauses" if problem.field == "clauses" else _PARAMETER + problem.field, problem.text)
        return entered

    @property
    def values(self) -> dict[str, Any]:
        """What was entered, as a catalogue file has it."""
        entered = self.cleaned_data
        return {
            "kind": self.kind,
            "summary": entered["summary"].strip(),
            "clauses": entered["clauses"],
            "trigger": entered["trigger"],
            "parameters": self._parameters(entered),
        }

    def _parameters(self, entered: dict[str, Any]) -> dict[str, str]:
        names = [name for name in OBLIGATION_KINDS[self.kind].parameters if _PARAMETER + name in entered]
        return {name: str(entered[_PARAMETER + name]).strip() for name in names}


class ItemForm(forms.Form):
    """One item of the policy, in our own words."""

    id = forms.RegexField(
        label=gettext_lazy("Number by nesting"),
        regex=r"^\d{1,2}(\.[a-z](\.[ivx]{1,5})?)?$",
        help_text=gettext_lazy("Such as 2.a. The printed number may be another one."),
        error_messages={"invalid": gettext_lazy("Write it like 2, 2.a or 2.a.iv.")},
    )
    printed = forms.CharField(label=gettext_lazy("Printed number"), max_length=40, required=False)
    subject = forms.CharField(label=gettext_lazy("Subject, in our own words"), max_length=300)
    group = forms.ChoiceField(
        label=gettext_lazy("Subject of the screening"),
        choices=[*GROUPS.items(), (DISCLOSURE, gettext_lazy("A duty to tell, not a use"))],
    )
    sectors = forms.MultipleChoiceField(
        label=gettext_lazy("Fields of work that it is asked of"),
        choices=list(SECTORS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    prohibited = forms.BooleanField(
        label=gettext_lazy("It describes a use that is prohibited"), required=False, initial=True
    )

    def __init__(self, *args: Any, draft: VersionDraft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft

    def clean_id(self) -> str:
        """The number, where the draft's policy has such an item."""
        number = str(self.cleaned_data["id"])
        for problem in problems_of(self.draft, {"id": number}):
            raise forms.ValidationError(problem.text)
        return number


class ModelsForm(forms.Form):
    """Which models a version has. A name's parts show which of them is multimodal."""

    sizes = forms.CharField(label=gettext_lazy("Sizes"), max_length=300, help_text=gettext_lazy("Such as 8B, 70B."))
    multimodal = forms.CharField(
        label=gettext_lazy("Multimodal models"), max_length=500, required=False, help_text=gettext_lazy("By name.")
    )
    as_of = forms.DateField(
        label=gettext_lazy("When that list was seen"), widget=forms.DateInput(attrs={"type": "date"})
    )
    multimodal_marks = forms.CharField(
        label=gettext_lazy("Parts of an id that show a multimodal model"), max_length=300, required=False
    )
    text_marks = forms.CharField(
        label=gettext_lazy("Parts of an id that show a text model"), max_length=300, required=False
    )
    otherwise = forms.ChoiceField(
        label=gettext_lazy("Is a model multimodal whose id has none of these?"),
        choices=[("unknown", gettext_lazy("Not known")), ("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
    )

    _LISTS = ("sizes", "multimodal", "multimodal_marks", "text_marks")

    @classmethod
    def of(cls, row: Any) -> ModelsForm:
        """The form with what the draft has."""
        return cls(initial={**row, **{name: ", ".join(row[name]) for name in cls._LISTS}})

    @property
    def values(self) -> dict[str, Any]:
        """What was entered, as a catalogue file has it."""
        entered = self.cleaned_data
        lists = {name: [one.strip() for one in entered[name].split(",") if one.strip()] for name in self._LISTS}
        return {**lists, "as_of": entered["as_of"].isoformat(), "otherwise": entered["otherwise"]}


class KindForm(forms.Form):
    """Which kind of duty is added."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("item", gettext_lazy("An item of the acceptable use policy")), *OBLIGATION_TITLES.items()],
        initial="other",
        help_text=gettext_lazy("What fits no kind is “A term of its own”: a lawyer judges it for every product."),
    )
