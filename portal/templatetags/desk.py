"""The tags that every page uses: badges, icons, clause links, times, digests. A template builtin (see settings)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import lucide
from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from foundation.accounts.company_day import company_day
from licences.disputed import version_name
from portal.status_words import look_of

register = template.Library()

REFERENCE_PAGES = {"REV": "reviews:detail", "PRD": "portal:product", "ENT": "deployments:entity"}
REFERENCE = re.compile(r"[A-Z]{3}-[0-9]{5,18}")
CLAUSE_FILES = {"LICENSE": "agreement", "LICENCE": "agreement", "AGREEMENT": "agreement", "AUP": "aup"}


# --- icons and badges -----------------------------------------------------------------------------------------
@lru_cache(maxsize=512)
def _drawn(name: str, label: str) -> SafeString:
    """One icon as inline SVG. Drawn once per process: a list of 200 rows draws the same five icons."""
    attributes = {"role": "img", "aria_label": label} if label else {"aria_hidden": "true"}
    # _render_icon is what lucide's own template tag calls; it escapes attribute values
    svg = lucide._render_icon(name, 18, **{"class": "icon", "focusable": "false"}, **attributes)
    return mark_safe(svg)  # noqa: S308


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A lucide icon, silent for screen readers unless it has a label."""
    return _drawn(str(name), str(label))


@register.simple_tag
def badge(value: object, word: object = "", *, tone: str = "", icon: str = "") -> SafeString:
    """A status as icon, word and colour. `word` replaces the word, not the look."""
    return _badge(str(value), str(word), str(tone), str(icon), get_language())


@lru_cache(maxsize=1024, typed=True)  # typed: a word that is marked as safe equals the same word that is not
def _badge(value: str, word: str, tone: str, icon: str, _language: str | None) -> SafeString:
    look = look_of(value)
    drawn = _drawn(icon or look.icon, "")
    return format_html('<span class="badge {}">{}{}</span>', tone or look.tone, drawn, word or look.word)


@register.filter
def status_tone(value: object) -> str:
    """The tone of a status word, for class=."""
    return look_of(value).tone


# --- clauses and references -----------------------------------------------------------------------------------
@register.filter
def clause_anchor(clause_id: object) -> str:
    """'LICENSE 1.b.i' becomes 'agreement-1.b.i', 'AUP 2.a' becomes 'aup-2.a': the id of the clause on its page."""
    file, _, number = str(clause_id).strip().partition(" ")
    kind = CLAUSE_FILES.get(file.upper(), file.lower())
    tail = re.sub(r"[^\w.]+", "-", number.strip()).strip("-").lower()
    return f"{kind}-{tail}" if tail else kind


@register.simple_tag
def clause_link(version: object, clause: object, printed: object = "", words: str = "") -> SafeString:
    """A link to one clause of one version. Accepts 'LICENSE 1.b.i' or an object with id and printed."""
    clause_id = str(getattr(clause, "id", clause))
    printed = str(printed or getattr(clause, "printed", "") or "")
    slug = str(getattr(version, "slug", version))
    return _clause_link(slug, clause_id, words, printed, get_language(), get_urlconf(), get_script_prefix())


@lru_cache(maxsize=2048, typed=True)
def _clause_link(
    slug: str, clause_id: str, words: str, printed: str, _language: str | None, _urlconf: str | None, _script: str
) -> SafeString:
    words = words or clause_id
    if printed and printed != clause_id:
        words = gettext("%(clause)s (printed %(printed)s)") % {"clause": clause_id, "printed": printed}
    try:
        address = reverse("licences:version", args=[slug])
    except NoReverseMatch:
        return format_html('<span class="clause-ref">{}</span>', words)
    return format_html('<a class="clause-ref" href="{}#{}">{}</a>', address, clause_anchor(clause_id), words)


@register.simple_tag
def clause_beside(clause: object) -> SafeString:
    """A link to a clause of the document that stands beside it, by a query alone: whose page it is, the caller adds."""
    anchor = clause_anchor(clause)
    kind = anchor.partition("-")[0]
    return format_html('<a class="clause-ref" href="?doc={}#{}" data-beside>{}</a>', kind, anchor, str(clause))


@register.simple_tag
def why(finding: Any, version: object, beside: object = "") -> SafeString:
    """Links to the clauses of a finding, each in the version that it is of.

    A finding over several versions says in its parameters which version each clause is of, for the same number may
    stand in more than one agreement. With `beside`, clauses of `version` open beside the page.
    """
    slug = str(getattr(version, "slug", version))
    of_finding = finding if isinstance(finding, Mapping) else vars(finding)
    cited = str(of_finding.get("parameters", {}).get("cited", "")).splitlines()
    pairs = [line.partition(" ")[::2] for line in cited] or [(slug, clause) for clause in of_finding["clauses"]]
    links = [
        clause_beside(clause) if beside and of == slug else clause_link(of, clause, words=_words_of(of, clause, cited))
        for of, clause in pairs
    ]
    return format_html_join(" ", "{}", ((link,) for link in links))


def _words_of(slug: str, clause: str, cited: list[str]) -> str:
    """What a link says: the clause, and its version where the finding cites several."""
    return f"{version_name(slug)}: {clause}" if cited else clause


@register.simple_tag
def reference(value: object) -> SafeString:
    """A link to what a reference names, by its prefix; the words alone where it names no page."""
    words = str(value)
    address = address_of(words)
    if address:
        return format_html('<a class="ref" href="{}">{}</a>', address, words)
    return format_html('<span class="ref">{}</span>', words)


@register.filter
def address_of(reference: object) -> str:
    """The address of what a reference names; nothing where it names no page."""
    return addresses()(str(reference))


def addresses() -> Callable[[str], str]:
    """address_of() for many references: asks only once where this portal is served."""
    urlconf, script = get_urlconf(), get_script_prefix()

    def address_of(reference: str) -> str:
        if not REFERENCE.fullmatch(reference):
            return ""
        before, after = _around_reference(reference[:3], urlconf, script)
        return f"{before}{reference}{after}" if before else ""

    return address_of


@lru_cache(maxsize=64)
def _around_reference(prefix: str, _urlconf: str | None, _script: str) -> tuple[str, str]:
    """What stands around a reference in the address of its page. Asking Django for every row of a list is slow."""
    example = f"{prefix}-00000"
    try:
        before, _, after = reverse(REFERENCE_PAGES[prefix], args=[example]).partition(example)
    except (KeyError, NoReverseMatch):
        return "", ""
    return before, after


# --- times ----------------------------------------------------------------------------------------------------
def _not_recorded() -> SafeString:
    return format_html('<span class="muted">{}</span>', gettext("Not recorded"))


@lru_cache(maxsize=2048)
def _day(day: date, _language: str | None) -> SafeString:
    """A day in words."""
    return escape(date_format(day, "j M Y"))


@register.filter
def local_time(value: datetime | None) -> SafeString:
    """An instant in the person's own zone, which is named; title and attribute keep UTC, which is what is stored."""
    if not value:
        return _not_recorded()
    utc, local = value.astimezone(UTC).isoformat(" ", "seconds")[:19], timezone.localtime(value)
    day, zone = _day(local.date(), get_language()), local.tzname() or ""
    if zone[:1] in {"+", "-"}:  # zones without an abbreviation have their distance from UTC as their name
        zone = f"UTC{zone}"
    # A page shows dozens, so this escapes nothing a second time: all but the day are figures.
    return mark_safe(  # noqa: S308
        f'<time datetime="{utc[:10]}T{utc[11:]}Z" title="{utc} UTC">'
        f"{day}, {local.hour:02}:{local.minute:02} {zone}</time>"
    )


@register.filter
def local_date(value: date | datetime | None) -> SafeString:
    """A day. An instant is read in the person's own zone; a date has none."""
    if not value:
        return _not_recorded()
    stored, day = value.isoformat(), value
    if isinstance(value, datetime):
        stored, day = _zulu(value.astimezone(UTC)), timezone.localtime(value).date()
    return format_html('<time datetime="{}">{}</time>', stored, _day(day, get_language()))


@register.filter
def due(value: date | datetime | None) -> SafeString:
    """A due day with the days left. Due dates end in the company's zone (design, rule 13)."""
    if not value:
        return _not_recorded()
    day = company_day(value) if isinstance(value, datetime) else value
    return _due(day, company_day(timezone.now()), get_language())


@lru_cache(maxsize=1024)
def _due(day: date, today: date, language: str | None) -> SafeString:
    left = (day - today).days
    if left > 0:
        words = ngettext("in %(days)d day", "in %(days)d days", left) % {"days": left}
    elif left < 0:
        words = ngettext("%(days)d day overdue", "%(days)d days overdue", -left) % {"days": -left}
    else:
        words = gettext("today")
    tone = "is-late" if left < 0 else "is-soon" if left <= 3 else ""
    return format_html(
        '<span class="due {}"><time datetime="{}">{}</time> ({})</span>',
        tone,
        day.isoformat(),
        _day(day, language),
        words,
    )


def _zulu(utc: datetime) -> str:
    return utc.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


# --- digests and numbers --------------------------------------------------------------------------------------
@register.filter
def short_digest(value: object) -> SafeString:
    """The two ends of a digest, the whole of it in the title."""
    words = str(value or "")
    if not words:
        return _not_recorded()
    shown = f"{words[:8]}…{words[-4:]}" if len(words) > 16 else words
    return format_html('<code class="hash" title="{}">{}</code>', words, shown)


@register.filter
def full_digest(value: object) -> SafeString:
    """A whole digest that may break anywhere, so that no page scrolls sideways."""
    return format_html('<code class="hash">{}</code>', value) if value else _not_recorded()


@register.filter
def thousands(value: object) -> str:
    """700000000 becomes 700,000,000. Anything that is no whole number is shown as it is."""
    return f"{value:,}" if isinstance(value, int) else str(value)


@register.filter
def initials(person: object) -> str:
    """Two letters for the round mark beside a name."""
    parts = [part for part in re.split(r"[\s.@_-]+", str(person)) if part]
    return "".join(part[0] for part in (parts[:1] + parts[1:][-1:] if "@" not in str(person) else parts[:2])).upper()


# --- pages ----------------------------------------------------------------------------------------------------
@register.inclusion_tag("_parts/_breadcrumbs.html")
def breadcrumbs(*parts: object) -> dict[str, Any]:
    """Pairs of label and address, and the label of this page last and alone."""
    *pairs, here = parts
    steps = [{"label": pairs[i], "url": pairs[i + 1]} for i in range(0, len(pairs) - 1, 2)]
    return {"steps": steps, "here": here}


@register.inclusion_tag("_parts/_error_summary.html")
def error_summary(*forms: BaseForm | None, errors: Iterable[Mapping[str, str]] = ()) -> dict[str, Any]:
    """What must be corrected, in the words beside the fields, each linked to its field."""
    found = [{"message": str(error["message"]), "href": error.get("href", "")} for error in errors or ()]
    for form in forms:
        if isinstance(form, BaseForm) and form.is_bound:
            found += _errors_of(form)
    return {"errors": found}


def _errors_of(form: BaseForm) -> list[dict[str, str]]:
    whole = [{"message": str(message), "href": ""} for message in form.non_field_errors()]
    fields = [
        {"message": _named(field, str(message)), "href": f"#{_first_control(field)}"}
        for field in form
        for message in field.errors
    ]
    return whole + fields


def _named(field: BoundField, message: str) -> str:
    """Django's stock sentences name no field, so the summary does; a sentence of our own stands as it is."""
    stock = {
        str(words)
        for kind in type(field.field).__mro__
        for words in getattr(kind, "default_error_messages", {}).values()
    }
    return f"{str(field.label).rstrip('?:. ')}: {message}" if message in stock else message


def _first_control(field: BoundField) -> str:
    """The id to jump to: a group of radios or boxes has none of its own, its first option has."""
    if field.use_fieldset and field.subwidgets:
        return str(field.subwidgets[0].id_for_label or field.auto_id)
    return str(field.id_for_label or field.auto_id)


@register.simple_tag
def segments(parts: Iterable[Any] | None) -> SafeString:
    """A redline: equal, added and deleted runs, marked for eyes (colour and line) and for ears (hidden words)."""
    added, deleted, end = gettext("[added:"), gettext("[deleted:"), "]"
    html = []
    for part in parts or ():
        kind, words = (part.kind, part.text) if hasattr(part, "kind") else (part[0], part[1])
        if kind == "equal":
            html.append(format_html("{}", words))
            continue
        mark, said = ("ins", added) if kind == "added" else ("del", deleted)
        html.append(
            format_html(
                "<{0} data-change>"
                '<span class="visually-hidden"> {1} </span>{2}<span class="visually-hidden">{3} </span></{0}>',
                mark,
                said,
                words,
                end,
            )
        )
    return mark_safe("".join(html))  # noqa: S308
