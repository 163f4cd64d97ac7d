"""An act that is not possible now, and the sentence that says why."""

from collections.abc import Mapping


class Empeche(Exception):
    """Its text is the French sentence that the person reads."""


class SaisieRefusee(Empeche):
    """`defauts`: a sentence by field."""

    def __init__(self, defauts: Mapping[str, str]) -> None:
        super().__init__(" ".join(defauts.values()))
        self.defauts = defauts


def refuser(empechement: str | None) -> None:
    """Stop here when something prevents the act (`rules.py` says what)."""
    if empechement is not None:
        raise Empeche(empechement)
