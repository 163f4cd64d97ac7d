"""A school year told once it is over, or nearly: one dictionary, the only source of the page, of the PDF and of the
slides.

It holds text, whole numbers, ISO dates, booleans and None; an amount is a text with two decimals. Drafts and the names
of people stay out. Nothing is frozen: an action is where it is on the day that the report is made.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum, TextField
from django.db.models.functions import Cast, Coalesce, JSONObject

from budget.domain.argent import total
from budget.domain.cycle import pour_cent_eleves
from budget.models import TERMINAUX, BesoinFormation, Categorie, Equipe, Equipement, Financement, Seance
from budget.queries.budget import CHAMPS_D_UNE_LIGNE, LigneLue, Montants, Selection, Synthese, lignes_de
from diagnostic.models import CopieSignee
from diagnostic.queries.copies import copies_de, resultats_signes
from diagnostic.queries.evolution import Evolution, Moment, Mouvement, evolution_entre
from plans.domain.fraicheur import atteint, avancement_en_mots
from plans.models import Action, Axe, Contribution, IndicateurSuivi, Objectif, Releve
from plans.queries.plan import RANG_DES_THEMES
from plans.queries.vision import champs_en_vigueur
from strategie.pilotage.models import Deliberation, ModeleDeBilan, MotDuBilan
from strategie.pilotage.queries.contenu_du_dossier import en_tete
from strategie.pilotage.queries.deliberations import resultats_de
from strategie.pilotage.queries.moyens_du_dossier import montant, quand
from strategie.socle.domain.calendrier import annee_precedente, annee_scolaire, annee_suivante, bornes, trimestre
from strategie.socle.models import Academie, Etablissement
from strategie.socle.rules import decimal_en_phrase

FORMAT = 1
LEVIERS, ETATS = dict(Action.Levier.choices), dict(Action.Etat.choices)
ETATS_DITS = [etat for etat in ETATS if etat != Action.Etat.BROUILLON]
EQUIPES, DESTINATIONS = dict(Equipe.choices), dict(Equipement.Destination.choices)
ETATS_DE_FORMATION = dict(BesoinFormation.Etat.choices)
FINIES = frozenset(etat.value for etat in Action.FINIES)


def bilan(etablissement: Etablissement, annee: str, jour: datetime.date) -> dict[str, Any]:
    """`annee`, as it is on `jour`. Four queries; up to three more where the référentiel changed of version between two
    diagnostics, and one where aims are set and nothing is signed.
    """
    lu = _petites_lectures(etablissement, annee)
    copies = _copies(etablissement, annee)
    diagnostic = _diagnostic(copies, annee)
    actions = _actions(etablissement, annee)
    axes = _axes(lu["axes"], actions, annee)
    dites = [_action(action, axes, jour) for action in actions if de_l_annee(action, annee)]
    return {
        "format": FORMAT,
        **en_tete(etablissement),
        "annee_scolaire": annee,
        "fini": bornes(annee)[1] < jour,
        "fait_le": jour.isoformat(),
        "mot": lu["mot"] or "",
        "diagnostic": diagnostic,
        "plan": _plan(axes, dites),
        "indicateurs": [
            _indicateur(action, suivi)
            for action in actions
            if de_l_annee(action, annee)
            for suivi in vars(action)["mesures"]
        ],
        "formation": _formation(lu["formations"], lu["seances"]),
        "equipement": _equipement(etablissement, lu["equipement"]),
        "budget": _budget(etablissement, annee, lu["aides"]),
        "votes": [_vote(vote, resultats_de(etablissement)) for vote in lu["votes"]],
        "suite": {
            "annee": annee_suivante(annee),
            "actions": [_action(action, axes, jour) for action in actions if action.etat not in FINIES],
            "objectifs": _objectifs(etablissement, lu["objectifs"], diagnostic),
        },
    }


# --- Which year ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Annees:
    """The school years that hold something, newest first; `defaut`: the one to tell."""

    avec_des_faits: Sequence[str]
    defaut: str


def annees_du_bilan(etablissement: Etablissement, jour: datetime.date) -> Annees:
    """From April on the year that ends is told, before that the one just over; the other where there is nothing to
    say of it. One query.
    """
    presente, ecoulee = annee_scolaire(jour), annee_precedente(annee_scolaire(jour))
    ordre = (presente, ecoulee) if trimestre(jour) == 3 else (ecoulee, presente)
    pleines = {annee for annee in _annees_pleines(etablissement) if annee <= presente}
    defaut = next((annee for annee in ordre if annee in pleines), presente)
    return Annees(sorted(pleines | {defaut}, reverse=True), defaut)


def _annees_pleines(etablissement: Etablissement) -> set[str]:
    """Those that an action, a training or a line of budget is of."""
    siens = (
        Action.objects.vivants().publiees().filter(etablissement=etablissement),
        BesoinFormation.objects.vivants().filter(etablissement=etablissement),
        lignes_de(etablissement),
    )
    fins = ("annee_fin", "annee_scolaire", "annee_scolaire")
    premiers, *autres = (
        une.order_by().values_list("annee_scolaire", F(fin), named=False) for une, fin in zip(siens, fins, strict=True)
    )
    annees = set()
    for debut, fin in premiers.union(*autres).order_by():
        while debut <= fin:
            annees.add(debut)
            debut = annee_suivante(debut)
    return annees


# --- What is kept beside the facts -----------------------------------------------------------------------------
def mot_de(etablissement: Etablissement, annee: str) -> MotDuBilan | None:
    mots: QuerySet[MotDuBilan] = MotDuBilan.objects.filter(etablissement=etablissement, annee_scolaire=annee)
    return mots.first()


def modele_de(academie: Academie | int) -> ModeleDeBilan | None:
    """The académie's own slides, with their bytes."""
    modeles: QuerySet[ModeleDeBilan] = ModeleDeBilan.objects.filter(academie=academie).select_related("depose_par")
    return modeles.first()


# --- Small reads, in one statement -----------------------------------------------------------------------------
def _petites_lectures(etablissement: Etablissement, annee: str) -> dict[str, Any]:
    """What the head says, axes, aims, votes, trainings, sessions, things, grants: lists of small dictionaries."""
    formations = BesoinFormation.objects.vivants().filter(etablissement=OuterRef("pk"), annee_scolaire=annee)
    seances = Seance.objects.filter(
        formation__etablissement=OuterRef("pk"),
        formation__annee_scolaire=annee,
        formation__supprime_le__isnull=True,
    )
    aides = Financement.objects.vivants().filter(etablissement=OuterRef("pk"), annee_scolaire=annee)
    votes = Deliberation.objects.filter(etablissement=OuterRef("pk"), seance__date__range=bornes(annee))
    axes = Axe.objects.vivants().filter(etablissement=OuterRef("pk"))
    objectifs = Objectif.objects.filter(etablissement=OuterRef("pk"), annee_scolaire__gt=annee)
    mots = MotDuBilan.objects.filter(etablissement=OuterRef("pk"), annee_scolaire=annee)
    lues = JSONObject(
        mot=Subquery(mots.values("texte")),
        axes=_liste(axes.order_by("cree_le", "pk"), "intitule", "theme", "annee_scolaire", clos="clos_le"),
        objectifs=_liste(objectifs.order_by("annee_scolaire", "champ"), "champ", "palier_vise", "annee_scolaire"),
        votes=_liste(
            votes.exclude(resultat="").order_by("seance__date", "pk"),
            *("objet", "numero", "resultat", "pour", "contre", "abstentions", "refus_de_vote"),
            date="seance__date",
        ),
        formations=_liste(
            formations.order_by(F("trimestre").asc(nulls_last=True), "intitule", "pk"),
            *("intitule", "equipes", "effectif", "etat", "raison", "bilan"),
        ),
        seances=_liste(
            seances.annotate(presents=Sum("presences__presents", default=0)).order_by("jour", "pk"),
            *("formation", "etat", "presents"),
            heures=_exact("heures"),
            cout=_exact("cout"),
        ),
        equipement=_par_sorte(annee),
        aides=_liste(
            aides.order_by("pk"),
            "refuse",
            demande=_exact("demande"),
            accorde=_exact("accorde"),
            recu=_exact("recu"),
        ),
    )
    lu: dict[str, Any] = Etablissement.objects.values_list(lues, flat=True).get(pk=etablissement.pk)
    return lu


def _liste(lignes: QuerySet[Any], *champs: str, **expressions: Any) -> ArraySubquery:
    colonnes = {champ: champ for champ in champs} | expressions
    return ArraySubquery(lignes.values(dit=JSONObject(cle="pk", **colonnes)))


def _exact(champ: str) -> Cast:
    """A decimal would be read back as a float."""
    return Cast(champ, TextField())


# --- Plan ----------------------------------------------------------------------------------------------------------
def _actions(etablissement: Etablissement, annee: str) -> list[Action]:
    """Published, of `annee` and of the next: each with `servis`, keys of its axes or of its action's; `mesures`, its
    indicators with their last reading of the year. A sub-action comes after its own.
    """
    releves = Releve.objects.filter(indicateur=OuterRef("pk"), date__lte=bornes(annee)[1]).order_by("-date")[:1]
    indicateurs = (
        IndicateurSuivi.objects.vivants()
        .filter(action=OuterRef("pk"))
        .order_by("pk")
        .values(
            dit=JSONObject(
                cle="pk",
                intitule="intitule",
                unite="unite",
                sens="sens",
                mesure="mesure",
                depart=_exact("depart"),
                cible=_exact("cible"),
                valeur=Subquery(releves.annotate(exacte=_exact("valeur")).values("exacte")),
                releve_le=Subquery(releves.values("date")),
            )
        )
    )
    servis = Contribution.objects.filter(action=Coalesce(OuterRef("parent_id"), OuterRef("pk")))
    lues = list(
        Action.objects.vivants()
        .publiees()
        .filter(etablissement=etablissement, annee_scolaire__lte=annee_suivante(annee), annee_fin__gte=annee)
        .annotate(
            parent_dit=F("parent__intitule"),
            servis=ArraySubquery(servis.order_by("pk").values("axe")),
            mesures=ArraySubquery(indicateurs),
        )
    )
    rangs = {action.pk: rang for rang, action in enumerate(lues)}
    return sorted(lues, key=lambda a: (rangs.get(a.parent_id or a.pk, rangs[a.pk]), a.parent_id is not None))


def de_l_annee(action: Action, annee: str) -> bool:
    return action.annee_scolaire <= annee <= action.annee_fin


def _axes(lus: Iterable[dict[str, Any]], actions: Sequence[Action], annee: str) -> list[dict[str, Any]]:
    """As the board's file numbers them: those that an action of the year serves, those open by then."""
    servis = {axe for action in actions if de_l_annee(action, annee) for axe in vars(action)["servis"]}
    gardes = [axe for axe in lus if axe["cle"] in servis or (not axe["clos"] and axe["annee_scolaire"] <= annee)]
    ranges = sorted(gardes, key=lambda axe: RANG_DES_THEMES[axe["theme"]])
    return [{"cle": axe["cle"], "rang": rang, "intitule": axe["intitule"]} for rang, axe in enumerate(ranges, start=1)]


def _action(action: Action, axes: Sequence[dict[str, Any]], jour: datetime.date) -> dict[str, Any]:
    servis = vars(action)["servis"]
    return {
        "cle": action.pk,
        "intitule": action.intitule,
        "parent": vars(action)["parent_dit"] or "",
        "axes": [axe["rang"] for axe in axes if axe["cle"] in servis],
        "levier": LEVIERS[action.levier],
        "quand": quand(action),
        "etat": action.etat,
        "etat_dit": ETATS[action.etat],
        "en_retard": action.en_retard(jour),
        "raison": action.raison if action.etat in Action.A_RAISON else "",
    }


def _plan(axes: Sequence[dict[str, Any]], actions: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Each action counts once, and under each axe that it serves."""
    hors = {"cle": 0, "rang": 0, "intitule": ""}
    sans_axe = [action for action in actions if not action["axes"]]
    return {
        "actions": list(actions),
        **_comptes(actions),
        "axes": [
            axe | _comptes([action for action in actions if axe["rang"] in action["axes"]]) for axe in axes
        ] + ([hors | _comptes(sans_axe)] if sans_axe else []),
    }  # fmt: skip


def _comptes(actions: Sequence[dict[str, Any]]) -> dict[str, Any]:
    etats = [action["etat"] for action in actions]
    return {
        "nombre": len(actions),
        "en_retard": sum(action["en_retard"] for action in actions),
        "etats": {etat: etats.count(etat) for etat in ETATS_DITS},
    }


# --- Indicators ----------------------------------------------------------------------------------------------------
def _indicateur(action: Action, suivi: dict[str, Any]) -> dict[str, Any]:
    depart, cible, valeur = (_decimal(suivi[nom]) for nom in ("depart", "cible", "valeur"))
    lisible = cible is not None and valeur is not None
    return {
        "cle": suivi["cle"],
        "action": action.intitule,
        "intitule": suivi["intitule"],
        "unite": suivi["unite"],
        "depart": _dit(depart),
        "valeur": _dit(valeur),
        "releve_le": suivi["releve_le"],
        "cible": _dit(cible),
        "atteinte": atteint(suivi["sens"], cible, valeur) if lisible else None,  # type: ignore[arg-type]
        "avancement": avancement_en_mots(suivi["sens"], depart, cible, valeur) if lisible else "",  # type: ignore[arg-type]
        "calcule": bool(suivi["mesure"]),
    }


def _decimal(texte: str | None) -> Decimal | None:
    return None if texte is None else Decimal(texte)


def _dit(valeur: Decimal | None) -> str | None:
    return None if valeur is None else decimal_en_phrase(valeur)


# --- Two diagnostics -----------------------------------------------------------------------------------------------
def _copies(etablissement: Etablissement, annee: str) -> list[CopieSignee]:
    """The last one signed by `annee`, then the one of an earlier year; with their content."""
    siennes = copies_de(etablissement).select_related("diagnostic__campagne", "diagnostic__referentiel")
    par_annee = siennes.filter(diagnostic__campagne__annee_scolaire__lte=annee)
    return list(par_annee.distinct("diagnostic__campagne__annee_scolaire")[:2])


def _diagnostic(copies: Sequence[CopieSignee], annee: str) -> dict[str, Any] | None:
    """None when nothing is signed. What moved is told where `annee` has its own: else it is no news of the year."""
    if not copies:
        return None
    signes = resultats_signes(copies[0], comparer=False)
    compare = len(copies) == 2 and signes.annee == annee
    lue = _evolution(copies[1], copies[0]) if compare else None
    champs = {champ.code: champ for champ in lue.champs} if lue else {}
    return {
        "annee": signes.annee,
        "signe_le": signes.contenu["signature"]["date_locale"],
        "annee_avant": lue.avant.annee if lue else "",
        "communs": lue.communs if lue else 0,
        "non_comparables": len(lue.non_comparables) if lue else 0,
        "champs": [
            {
                "code": champ.code,
                "libelle": champ.libelle,
                "palier": champ.palier,
                "palier_avant": champs[champ.code].avant if lue else None,
                "manque": champ.premier_manquant,
                "gagnees": _mouvements(champs[champ.code].gagnes) if lue else [],
                "perdues": _mouvements(champs[champ.code].perdus) if lue else [],
            }
            for champ in signes.champs
        ],
    }


def _evolution(avant: CopieSignee, apres: CopieSignee) -> Evolution:
    return evolution_entre(Moment(avant, ()), Moment(apres, ()), json.loads(avant.contenu), json.loads(apres.contenu))


def _mouvements(mouvements: Iterable[Mouvement]) -> list[dict[str, str]]:
    return [{"code": un.code, "enonce": un.enonce, "avant": un.avant, "apres": un.apres} for un in mouvements]


# --- Three levers --------------------------------------------------------------------------------------------------
def _formation(formations: Sequence[dict[str, Any]], seances: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """`presences` adds up those of each session held; `heures`: of training received, a person's added up."""
    tenues = [seance for seance in seances if seance["etat"] == Seance.Etat.TENUE]
    return {
        "formations": [
            _une_formation(formation, [s for s in tenues if s["formation"] == formation["cle"]])
            for formation in formations
        ],
        "prevues": sum(formation["etat"] not in BesoinFormation.A_RAISON for formation in formations),
        "seances": {
            etat.value: sum(seance["etat"] == etat for seance in seances) for etat in Seance.Etat
        },
        "presences": sum(seance["presents"] for seance in tenues),
        "heures": decimal_en_phrase(_heures(tenues)),
        "cout": montant(total(Decimal(seance["cout"]) for seance in tenues)),
    }  # fmt: skip


def _une_formation(formation: dict[str, Any], tenues: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "cle": formation["cle"],
        "intitule": formation["intitule"],
        "public": ", ".join(str(dit) for code, dit in EQUIPES.items() if code in formation["equipes"]),
        "etat": ETATS_DE_FORMATION[formation["etat"]],
        "raison": formation["raison"],
        "attendues": formation["effectif"],
        "seances": len(tenues),
        "presences": sum(seance["presents"] for seance in tenues),
        "heures": decimal_en_phrase(_heures(tenues)),
        "change": formation["bilan"],
    }


def _heures(tenues: Iterable[dict[str, Any]]) -> Decimal:
    return sum((Decimal(seance["heures"]) * seance["presents"] for seance in tenues), Decimal("0.00"))


def _par_sorte(annee: str) -> ArraySubquery:
    """A school's things, those that came in the year and those that left it, grouped by the database."""
    debut, fin = bornes(annee)
    arrive, sorti = Q(achete_le__range=(debut, fin)), Q(etat=Equipement.Etat.SORTI, sorti_le__range=(debut, fin))
    groupes = (
        Equipement.objects.vivants()
        .filter(etablissement=OuterRef("pk"))
        .order_by()
        .values("categorie", "domaine", "destination")
        .annotate(
            arrives=Sum("nombre", filter=arrive, default=0),
            depense=Sum(F("nombre") * F("prix"), filter=arrive, default=Decimal("0.00")),
            sortis=Sum("nombre", filter=sorti, default=0),
            presents=Sum("nombre", filter=~Q(etat=Equipement.Etat.SORTI), default=0),
        )
    )
    champs = ("categorie", "domaine", "destination", "arrives", "sortis", "presents")
    colonnes = {champ: champ for champ in champs}
    return ArraySubquery(groupes.values(dit=JSONObject(**colonnes, depense=_exact("depense"))))


def _equipement(etablissement: Etablissement, groupes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What came is dated by its purchase; what is there today is there today."""
    terminaux = sum(
        groupe["presents"]
        for groupe in groupes
        if groupe["categorie"] in TERMINAUX and groupe["domaine"] == Equipement.Domaine.PEDAGOGIQUE
    )
    pour_cent = pour_cent_eleves(terminaux, etablissement.effectif)
    return {
        "arrivees": _comptees(groupes, "categorie", "arrives", dict(Categorie.choices)),
        "arrives": sum(groupe["arrives"] for groupe in groupes),
        "depense": montant(total(Decimal(groupe["depense"]) for groupe in groupes)),
        "sorties": _comptees(groupes, "destination", "sortis", DESTINATIONS),
        "sortis": sum(groupe["sortis"] for groupe in groupes),
        "presents": sum(groupe["presents"] for groupe in groupes),
        "terminaux": terminaux,
        "terminaux_pour_cent_eleves": None if pour_cent is None else decimal_en_phrase(pour_cent),
    }


def _comptees(
    groupes: Iterable[Mapping[str, Any]], champ: str, quoi: str, noms: dict[Any, Any]
) -> list[dict[str, Any]]:
    """By the value of a field, in the order in which it is told, those that have some."""
    nombres = dict.fromkeys(noms, 0)
    for groupe in groupes:
        if groupe[quoi]:
            nombres[groupe[champ]] += groupe[quoi]
    return [{"nom": str(noms[code]), "nombre": nombre} for code, nombre in nombres.items() if nombre]


def _budget(etablissement: Etablissement, annee: str, aides: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Of the lines that serve the school year, in one exercice or two."""
    choix = Selection(annee_scolaire=annee)
    lues = lignes_de(etablissement).filter(choix.periode).values_list(*CHAMPS_D_UNE_LIGNE)
    lu = Synthese(choix, [LigneLue(*valeurs) for valeurs in lues], [], {})
    return {
        "nombre": len(lu.lignes),
        "totaux": _montants(lu.montants),
        "exercices": [{"exercice": an} | _montants(montants) for an, montants in lu.par("exercice").items()],
        "leviers": [{"nom": LEVIERS[code]} | _montants(montants) for code, montants in lu.par("levier").items()],
        "aides": {
            nom: montant(total(Decimal(aide[nom]) for aide in aides)) for nom in ("demande", "accorde", "recu")
        },
    }  # fmt: skip


def _montants(montants: Montants) -> dict[str, str]:
    return {nom: montant(getattr(montants, nom)) for nom in ("prevu", "engage", "paye")}


# --- Board, and what comes next ------------------------------------------------------------------------------------
def _vote(vote: dict[str, Any], resultats: dict[str, str]) -> dict[str, Any]:
    voix = {"pour": "pour", "contre": "contre", "abstentions": "abstentions", "refus": "refus_de_vote"}
    return {
        "date": vote["date"],
        "objet": vote["objet"],
        "numero": vote["numero"],
        "resultat": resultats[vote["resultat"]],
        "voix": {nom: vote[colonne] or 0 for nom, colonne in voix.items()},
    }


def _objectifs(
    etablissement: Etablissement, objectifs: Sequence[dict[str, Any]], diagnostic: dict[str, Any] | None
) -> list[dict[str, Any]]:
    """Each beside the palier of its champ as it was signed; None where it is not known."""
    if not objectifs:
        return []
    champs = {champ["code"]: champ for champ in diagnostic["champs"]} if diagnostic else {}
    noms = {code: champ["libelle"] for code, champ in champs.items()} or champs_en_vigueur(etablissement)
    return [
        {
            "champ": noms.get(un["champ"], un["champ"]),
            "palier": champs[un["champ"]]["palier"] if un["champ"] in champs else None,
            "vise": un["palier_vise"],
            "annee": un["annee_scolaire"],
        }
        for un in objectifs
    ]
