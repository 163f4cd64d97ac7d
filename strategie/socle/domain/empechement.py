"""An act that is not possible now, and the sentence that says why."""


class Empeche(Exception):
    """Its text is the French sentence that the person reads."""


def refuser(empechement: str | None) -> None:
    """Stop here when something prevents the act (`rules.py` says what)."""
    if empechement is not None:
        raise Empeche(empechement)
