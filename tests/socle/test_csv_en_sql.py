"""Lines that PostgreSQL writes are, byte for byte, those of the other engine."""

import datetime
from decimal import Decimal

import pytest

from budget.models import Equipement
from strategie.socle.interfaces.csv_en_sql import LIGNES_A_LA_FOIS, ColonneEnBase, Genre, lignes_en_sql
from strategie.socle.interfaces.exports import Colonne, lignes_csv
from tests.budget.parc import des_equipements, une_salle

PIEGES = (
    *("=1+1", "+33", "-12", "@somme", "\tx", "\rx", "=\t", "-", "'=1", "|=1", "a|=1", "x=1", " =1"),
    *("＝1+1", "＋1", "－1", "＠x", "a＝1"),
    *("a;b", 'dit "non"', "a\nb", "a\r\nb", "a\rb", "=a;b", '="a"', "-\n", '"', ";", "\n", "''", "'"),
    *("12\u202f345,5\u00a0€", "\ufeffx", "é ï œ", "100 %", "%s", "\\.", "\\N", "NULL", "a,b", "  ", "\u2028"),
)
EN_BASE = (
    ColonneEnBase("=Désignation", "designation"),
    ColonneEnBase("Note", "note"),
    ColonneEnBase("Salle ; étage", "salle__nom"),
    ColonneEnBase("Nombre", "nombre", Genre.NOMBRE),
    ColonneEnBase("Prix", "prix", Genre.MONTANT),
    ColonneEnBase("Acheté le", "achete_le", Genre.DATE),
    ColonneEnBase("État", "etat", choix={"reutilisable": '=Comme "neuf" ; ou presque', "sorti": "Sorti"}),
    ColonneEnBase("Marque", "marque"),
)


def autrement(lignes) -> str:
    """The same table by `exports.lignes_csv`."""

    def valeur(rang: int, colonne: ColonneEnBase):
        def lire(ligne):
            return colonne.choix.get(ligne[rang], "") if colonne.choix else ligne[rang]

        return lire

    colonnes = [Colonne(colonne.entete, valeur(rang, colonne)) for rang, colonne in enumerate(EN_BASE)]
    return "".join(lignes_csv(colonnes, lignes.values_list(*(colonne.chemin for colonne in EN_BASE))))


@pytest.fixture
def lignes(monde):
    [modele] = des_equipements(
        monde.college,
        "Ordinaire",
        salle=une_salle(monde.college, "=B;12").pk,
        prix=Decimal("1234.50"),
        achete_le=datetime.date(2020, 9, 1),
    )
    valeurs = [{"designation": piege, "note": "", "marque": ""} for piege in PIEGES]
    valeurs += [{"designation": "Portable", "note": piege, "marque": "x"} for piege in PIEGES]
    valeurs += [{"designation": "Portable", "note": "x", "marque": piege} for piege in PIEGES]
    for numero, valeur in enumerate(valeurs):
        modele.pk, modele.cle = None, None
        modele._state.adding = True
        modele.salle_id, modele.prix = (modele.salle_id, modele.prix) if numero % 2 else (None, None)
        for nom, dit in valeur.items():
            setattr(modele, nom, dit)
        modele.save()
    return Equipement.objects.order_by("pk")


def test_octet_pour_octet(lignes):
    ecrites = "".join(lignes_en_sql(EN_BASE, lignes))
    assert lignes.count() == 3 * len(PIEGES) + 1
    assert ecrites.encode() == autrement(lignes).encode()


def test_les_lignes_partent_par_paquets(lignes):
    copies = [
        Equipement(academie_id=modele.academie_id, etablissement=modele.etablissement, designation="Copie")
        for modele in [lignes.select_related("etablissement")[0]]
        for _ in range(2 * LIGNES_A_LA_FOIS)
    ]
    Equipement.objects.bulk_create(copies)
    entetes, premier, *suite = lignes_en_sql(EN_BASE[:2], lignes.filter(designation="Copie"))
    assert entetes == "\ufeff'=Désignation;Note\r\n"
    assert [premier, *suite] == ["Copie;\r\n" * LIGNES_A_LA_FOIS] * 2
