"""Money, in one place: exact, rounded one way, written and read as in France. Pure Python.

Amounts are `Decimal` euros. The one rounding is to the cent, half up, as a spreadsheet does and as accountants expect:
2,345 € is 2,35 €, and −2,345 € is −2,35 €. Only what is divided or multiplied by a rate is rounded, once, at the end;
sums never are.
"""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
FINE, INSECABLE, MOINS = "\u202f", "\u00a0", "\u2212"
MONTANT_MAX = Decimal("99999999999.99")
# What may stand between thousands: ordinary, no-break and narrow spaces, and the apostrophe of the Swiss.
MILLIERS = re.compile(r"[ \u00a0\u202f\u2009']")
MONTANT = re.compile(r"-?(?:[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)")
GROUPES = re.compile(r"-?[0-9]{1,3}(?P<separateur>[.,])[0-9]{3}(?:(?P=separateur)[0-9]{3})*(?:[.,][0-9]+)?")


class MontantIllisible(ValueError):
    """Its text is the French sentence that says what was expected."""


def arrondir(montant: Decimal) -> Decimal:
    """To the cent, half away from zero."""
    return montant.quantize(CENT, ROUND_HALF_UP)


def total(montants: Iterable[Decimal]) -> Decimal:
    """The exact sum; « 0,00 » of nothing."""
    return sum(montants, Decimal("0.00"))


def euros(montant: Decimal, *, centimes: bool = True) -> str:
    """« 1 234,50 € », with narrow no-break spaces; without its cents, rounded to the euro."""
    arrondi = arrondir(montant) if centimes else montant.quantize(Decimal(1), ROUND_HALF_UP)
    chiffres = f"{abs(arrondi):,}".replace(",", FINE).replace(".", ",")
    return f"{MOINS if arrondi < 0 else ''}{chiffres}{INSECABLE}€"


def lire_montant(texte: str) -> Decimal:
    """« 1 234,56 € », « 1234.56 », « $12.58 », « 1,234.56 », « -5 » as euros and cents. Raises MontantIllisible.

    A lone comma or point followed by three figures is refused rather than guessed: « 1,234 » may be twelve hundred
    euros or one and some.
    """
    net = MILLIERS.sub("", texte.strip().replace(MOINS, "-").strip("€$ \u00a0\u202f").removesuffix("EUR"))
    if not MONTANT.fullmatch(net) and (groupes := GROUPES.fullmatch(net)):
        net = net.replace(groupes["separateur"], "")
    elif re.fullmatch(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}", net):
        raise MontantIllisible("le montant est ambigu\u00a0: écrivez-le avec ses centimes, comme 1234,00.")
    if not MONTANT.fullmatch(net):
        raise MontantIllisible("un montant en euros était attendu, comme 1\u202f234,56.")
    montant = Decimal(net.replace(",", "."))
    if abs(montant) > MONTANT_MAX:
        raise MontantIllisible("ce montant est démesuré.")
    if montant != arrondir(montant):
        raise MontantIllisible("un montant s'arrête au centime.")
    return arrondir(montant)
