"""The screen's typeface: a Latin subset of Source Sans 3, under a name of our own."""

import shutil
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from fontpkg_source_sans_3 import ROOT
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

# Latin of Western Europe, French typography (spaces, quotes, dashes, œ Œ Ÿ €), arrows, ticks and signs in use.
CARACTERES = (
    *range(0x20, 0x7F), *range(0xA0, 0x100), 0x152, 0x153, 0x178,
    *map(ord, "\u2009\u202f–—‘’“”•…‹›€←↑→↓−≤≥≠✓✔✗"),
)  # fmt: skip
FONCTIONS = ["kern", "mark", "ccmp", "locl", "tnum", "lnum"]
NOMS = {1: "Paliers Sans", 3: "Paliers Sans Variable", 4: "Paliers Sans", 6: "PaliersSans", 16: "Paliers Sans"}


class Command(BaseCommand):
    help = "Refait static/fonts/paliers-sans.woff2 à partir de Source Sans 3 (SIL OFL)."

    def handle(self, *args, **options):
        dossier = settings.BASE_DIR / "static" / "fonts"
        fichier = dossier / "paliers-sans.woff2"
        extraire(ROOT / "files" / "SourceSans3[wght].ttf", fichier)
        shutil.copy(ROOT / "LICENSE", dossier / "LICENSE-OFL.txt")
        self.stdout.write(f"{fichier.name} : {fichier.stat().st_size / 1000:.1f} ko")


def extraire(origine: Path, destination: Path) -> None:
    police = TTFont(origine)
    options = Options(layout_features=FONCTIONS, flavor="woff2", hinting=False, name_IDs=["*"], notdef_outline=True)
    sous_ensemble = Subsetter(options)
    sous_ensemble.populate(unicodes=CARACTERES)
    sous_ensemble.subset(police)
    police = instantiateVariableFont(police, {"wght": (400, 700)})
    renommer(police)
    police.flavor = "woff2"
    police.save(destination)


def renommer(police: TTFont) -> None:
    """A modified version may not bear the reserved name « Source » (SIL OFL 1.1, clause 3)."""
    noms = police["name"]
    for entree in list(noms.names):
        if entree.nameID in NOMS:
            entree.string = NOMS[entree.nameID]
        elif entree.nameID not in (0, 2, 5, 7, 8, 9, 11, 12, 13, 14) and entree.nameID < 256:
            noms.removeNames(nameID=entree.nameID)
