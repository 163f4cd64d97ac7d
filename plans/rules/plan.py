"""How long an action lasts, in the words of the seed."""

TERMES = {"court": "Court terme", "moyen": "Moyen terme", "long": "Long terme"}


def terme(annee: str, annee_fin: str) -> str:
    """« court » within one school year, « moyen » over two, « long » beyond (PRODUCT.md, « Time »)."""
    annees = int(annee_fin[:4]) - int(annee[:4]) + 1
    return "court" if annees <= 1 else "moyen" if annees == 2 else "long"
