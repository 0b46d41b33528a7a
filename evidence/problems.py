"""What a verifier found: one sentence per problem, with the file that it is in."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """Something that is not as the portal wrote it."""

    file: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}: {self.sentence}"


@dataclass
class Report:
    """The problems, and in plain words what was looked at, so that a silent pass cannot be taken for a thorough one."""

    problems: list[Problem] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)
    subject: str = ""  # which record it is, once it could be read
    root_sha256: str = ""  # the root that the seal was checked against
    root_was_given: bool = False  # else the file's own root, whose fingerprint a person must compare

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def problem(self, file: str, sentence: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(file, sentence))

    def looked_at(self, sentence: str) -> None:
        """Note what was checked, when it held."""
        self.checked.append(sentence)
