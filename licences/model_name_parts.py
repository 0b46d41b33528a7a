"""What a raw model id is made of: owner, name, tag, size, quantisation, whichever platform it comes from. Pure.

Forms: Hugging Face `owner/name`, Ollama `name:tag`, Amazon Bedrock `us.meta.name-v1:0` and ARNs, Azure
`azureml://registries/…/models/name/versions/1`, Google `publishers/meta/models/name`, Fireworks
`accounts/…/models/name`, Cloudflare `@cf/meta/name`, GGUF file names, and addresses of any of these.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote

LONGEST = 400

_ADDRESS = re.compile(r"^https?://[^/]*/?")
# A host's own path. In a folder of somebody's own, "models/llama3/Llama-3.1-8B", the name comes last.
_FOLDER_OF_MODELS = re.compile(r"/models/(?P<name>[^/]+)(?:/(?:versions|labels)/[^/]+)?$")
_INSIDE_REPOSITORY = re.compile(r"/(?:tree|blob|resolve|raw)/.*$")
_PINNED = re.compile(r"@(?:sha256:)?[0-9a-f]{7,64}$")
_REVISION = re.compile(r"(?<=[^/])@[a-z0-9._-]+$")
_BEDROCK = re.compile(r"^(?:[a-z-]+\.)?meta\.(?=llama)")
# A dot that somebody wrote otherwise: Llama 3,1 or 3·1, "3 dot 1". Only between two single digits, where it can hardly
# be anything else; a list like "2,3" makes a version that does not exist, and so a question.
_DOT_WRITTEN_OTHERWISE = re.compile(
    r"(?<![0-9.])(?P<before>[0-9])(?:[,·∙⋅•‧・。٫]|[-_ ]*(?:dot|point|comma|komma|punkt)[-_ ]*)(?=[0-9](?![0-9]))"
)
_MINUS_SIGN = "\N{MINUS SIGN}"
_GGUF = re.compile(r"(?:-0*[0-9]+-of-0*[0-9]+)?\.gguf(?:-part-[a-z])?$")
_SIZE = re.compile(r"(?<![a-z0-9.])(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<unit>[bm])(?![a-z0-9])")
_MIXTURE = re.compile(r"(?<![a-z0-9])[0-9]+x[0-9]+(?:\.[0-9]+)?b(?![a-z0-9])")
_EXPERTS = re.compile(r"(?<![a-z0-9])(?P<number>[0-9]+)e(?![a-z0-9])")

# Words that the official names and the hosts' own forms are made of; any other says that somebody made a new model.
_OFFICIAL_WORDS = frozenset(
    {
        *("meta", "llama", "llamaguard", "codellama", "code", "guard", "prompt", "instruct", "chat", "hf", "vision"),
        *("scout", "maverick", "python", "original", "text", "base", "basemodel", "basic", "foundation", "model"),
        *("turbo", "lite", "free", "versatile", "instant", "specdec", "preview", "maas", "fast", "latest"),  # hosts
        *("fp8", "int4", "int8", "eo8", "qlora", "spinquant", "f16", "fp16", "bf16", "f32", "awq", "gptq", "bnb"),
        *("gguf", "onnx", "mlx", "bit", "q", "k", "m", "s", "l", "xs", "xxs"),
    }
)
_PLAIN_TOKEN = re.compile(
    r"llama(?:guard)?v?[0-9][0-9.p]*|guard[0-9]|v?[0-9][0-9.p]*|[0-9.]+[bmek]|[0-9]+x[0-9]+b|[0-9]+bit|"
    r"i?q[0-9][a-z0-9]*|w[0-9]+a[0-9]+"
)


@dataclass(frozen=True, kw_only=True)
class NameParts:
    """A raw id, taken apart. Everything is in small letters; `whole` is the id without its address."""

    whole: str
    owner: str
    name: str
    tag: str
    pinned: bool
    size: str
    experts: str
    dot_otherwise: bool  # whether a comma, a middle dot or a word was read as the dot of a number

    @property
    def words(self) -> str:
        """Name and tag together: where versions and sizes are looked for."""
        return f"{self.name}:{self.tag}" if self.tag else self.name

    @property
    def derived(self) -> bool:
        """Whether the name has words that no official name has: somebody made a new model, or says so."""
        tokens = re.split(r"[^a-z0-9.]+", self.words)
        return any(token and token not in _OFFICIAL_WORDS and not _PLAIN_TOKEN.fullmatch(token) for token in tokens)

    @property
    def moving_tag(self) -> bool:
        """Whether the id may mean another model tomorrow: `:latest`, or a bare name without a size."""
        if self.pinned:
            return False
        says_latest = self.tag == "latest" or self.name.endswith("latest")
        names_a_model = bool(self.size) or "scout" in self.words or "maverick" in self.words
        return says_latest or (not self.owner and not names_a_model)


def take_apart(raw: str) -> NameParts:
    """Take a raw id apart. It never fails: what cannot be understood ends up in the name."""
    whole = _in_plain_characters(raw[:LONGEST]).strip().lower()
    whole = re.sub(r"\s+", " ", whole)
    pinned = bool(_PINNED.search(whole))
    whole = _PINNED.sub("", whole)
    if not pinned:
        whole = _REVISION.sub("", whole)
    whole = _INSIDE_REPOSITORY.sub("", _ADDRESS.sub("", whole)).strip("/ ")
    folder = _FOLDER_OF_MODELS.search(f"/{whole}")
    segments = whole.split("/")
    name = folder["name"] if folder else segments[-1]
    if whole.startswith("arn:") and "/" not in whole:
        name = whole.rsplit(":", 1)[-1]
    name, otherwise = _DOT_WRITTEN_OTHERWISE.subn(r"\g<before>.", _GGUF.sub("", _BEDROCK.sub("", name)))
    bare, _colon, tag = name.partition(":")
    return NameParts(
        whole=whole,
        owner=segments[0] if len(segments) > 1 else "",
        name=bare,
        tag=tag,
        pinned=pinned,
        size=_size(name),
        experts=found["number"] if (found := _EXPERTS.search(name)) else "",
        dot_otherwise=bool(otherwise),
    )


def _in_plain_characters(raw: str) -> str:
    """Dashes and digits that pages and editors put in the place of plain ones, as plain ones.

    What nobody sees, such as a soft hyphen, goes: a person would read "3.1" with one in it as 3.1.
    """
    seen = (letter for letter in unicodedata.normalize("NFKC", unquote(raw)) if unicodedata.category(letter) != "Cf")
    return "".join(_plain(letter) for letter in seen)


def _plain(letter: str) -> str:
    if letter == _MINUS_SIGN or unicodedata.category(letter) == "Pd":
        return "-"
    return str(unicodedata.decimal(letter, letter))


def _size(name: str) -> str:
    """The first size that a name gives, like 70B; a mixture like 8X3B is one of its own."""
    mixture = _MIXTURE.search(name)
    if mixture:
        return mixture[0].upper()
    single = _SIZE.search(name)
    return single[0].upper() if single else ""
