"""The codes that open a survey: the shared link's, on the poster; a slip's, used once. Pure Python."""

import secrets
from hashlib import sha256

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O or U to mistake for another
CONFUSIONS = str.maketrans({"I": "1", "L": "1", "O": "0"})
LONGUEUR_DU_LIEN = 12  # 60 bits: it is on a poster, and says only which school
LONGUEUR_DU_COUPON = 26  # 130 bits: nobody guesses one
PAQUET = 4


def tirer_code(longueur: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(longueur))


def code_de(graine: bytes, longueur: int) -> str:
    """The code that random bytes spell, five bits a letter; they must be long enough."""
    nombre = int.from_bytes(graine)
    return "".join(ALPHABET[nombre >> 5 * rang & 31] for rang in range(longueur))


def normaliser(saisie: str) -> str:
    """What was typed, without its spaces and dashes; empty when it cannot be a code."""
    code = "".join(saisie.upper().translate(CONFUSIONS).replace("-", " ").split())
    possible = len(code) in (LONGUEUR_DU_LIEN, LONGUEUR_DU_COUPON) and set(code) <= set(ALPHABET)
    return code if possible else ""


def en_paquets(code: str) -> str:
    """« 7K2M-9QXA-B4TD »: as it is printed."""
    return "-".join(code[debut : debut + PAQUET] for debut in range(0, len(code), PAQUET))


def empreinte_du_coupon(code: str) -> str:
    """SHA-256, in hexadecimal: all that is kept of a slip."""
    return sha256(b"paliers.coupon" + code.encode()).hexdigest()
