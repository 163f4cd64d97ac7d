"""The plan and its levers, as a board reads them: each part is a dictionary, and the parts share what they read."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Sum

from budget.domain.argent import arrondir, total
from budget.domain.cycle import Echeance
from budget.models import Categorie, Equipe, Equipement, Partie, Raccordement, ServiceReseau
from budget.queries.achats import achats_de, dette_de
from budget.queries.budget import LigneLue, Montants, Selection, Synthese, synthese
from budget.queries.chiffres import FAMILLES, Parc, Part, compte, parc_de, part_a_reprendre, part_depassee, pyramide
from budget.queries.plan_formation import LigneDuPlanDeFormation, Totaux, lire_plan_formation, trois_annees
from plans.models import Action, Justification, Theme
from plans.queries.plan import ActionLue, IndicateurLu, LigneDuPlan, Plan, lire_plan
from strategie.socle.droits import Role
from strategie.socle.models import Etablissement
from strategie.socle.queries.equipe import membres
from strategie.socle.rules import date_en_phrase, decimal_en_phrase

ZERO = Decimal("0.00")
LEVIERS, GROUPES, THEMES = dict(Action.Levier.choices), dict(Action.Groupe.choices), dict(Theme.choices)
PARTIES, SERVICES, CATEGORIES = dict(Partie.choices), dict(ServiceReseau.Sorte.choices), dict(Categorie.choices)
POSSEDE, PAIE, ENTRETIENT = "possède", "paie", "entretient"
RACCORDEMENT = "Accès à Internet"


class LecteurDesMoyens:
    """The means of one school, on a day: each part is read when it is asked for."""

    def __init__(self, etablissement: Etablissement, *, annee: str, exercice: int, jour: datetime.date) -> None:
        self.etablissement, self.annee, self.exercice, self.jour = etablissement, annee, exercice, jour

    # --- Plan ----------------------------------------------------------------------------------------------------
    def plan(self) -> dict[str, Any]:
        """By axe; an action that serves two is under each, and counted once."""
        lu = self._plan_lu()
        axes = [axe for axe in _axes_a_dire(lu, self.annee) if axe["actions"] or axe["ouvert"]]
        besoins = self._besoins_par_axe()
        dits = [
            {
                "cle": axe["cle"],
                "intitule": axe["intitule"],
                "theme": axe["theme"],
                "raison": axe["raison"],
                "besoins": besoins[axe["cle"]],
                "actions": [dite for ligne in axe["actions"] for dite in self._action_et_les_siennes(ligne)],
            }
            for axe in axes
        ]
        uniques = {action["cle"]: action for axe in dits for action in axe["actions"]}
        return {
            "axes": dits,
            "nombre": len(uniques),
            "cout": montant(total(Decimal(action["cout"]) for action in uniques.values())),
        }

    def _plan_lu(self) -> Plan:
        return lire_plan(self.etablissement, self.annee, self.jour, brouillons=False)

    def _action_et_les_siennes(self, ligne: LigneDuPlan) -> list[dict[str, Any]]:
        dites = [self._action(ligne, ligne.parent)]
        return dites + [self._action(sous, ligne.action.intitule) for sous in ligne.sous_actions]

    def _action(self, ligne: LigneDuPlan, parent: str) -> dict[str, Any]:
        action = ligne.action
        return {
            "cle": action.pk,
            "intitule": action.intitule,
            "parent": parent,
            "comment": self._descriptions.get(action.pk, ""),
            "levier": LEVIERS[action.levier],
            "qui": self._qui(ligne),
            "pour": ", ".join([GROUPES[groupe] for groupe in action.groupes]),
            "quand": quand(action),
            "etat": action.get_etat_display,
            "en_retard": ligne.en_retard,
            "indicateurs": [indicateur_dit(un) for un in ligne.indicateurs] + [*ligne.facteurs],
            "cout": montant(self._couts[action.pk]),
        }

    def _qui(self, ligne: LigneDuPlan) -> str:
        """Functions only: who carries it, then who contributes, each once."""
        personnes = [cle for cle in (ligne.action.porteur_id, *ligne.cles_contributeurs) if cle]
        fonctions = [self._fonctions.get(cle, "Un membre de l'équipe") for cle in personnes]
        return ", ".join(dict.fromkeys([*filter(None, [ligne.action.fonction_porteuse]), *fonctions]))

    @cached_property
    def _fonctions(self) -> Mapping[int, str]:
        fonctions: dict[int, str] = {}
        for une in self._membres():
            fonctions.setdefault(une.utilisateur_id, une.fonction or str(Role(une.role).label))
        return fonctions

    def _membres(self) -> Iterable[Any]:
        return membres(self.etablissement, self.jour)

    @cached_property
    def _descriptions(self) -> Mapping[int, str]:
        decrites = Action.objects.vivants().publiees().filter(etablissement=self.etablissement).exclude(description="")
        return dict(decrites.de_l_annee(self.annee).values_list("pk", "description"))

    @cached_property
    def _couts(self) -> Mapping[int, Decimal]:
        """What the lines of every exercice plan for each action."""
        couts: dict[int, Decimal] = defaultdict(lambda: ZERO)
        for ligne in self._tout_le_budget.lignes:
            if ligne.action is not None:
                couts[ligne.action] += ligne.prevu
        return couts

    def _besoins_par_axe(self) -> Mapping[int, list[str]]:
        besoins: dict[int, list[str]] = defaultdict(list)
        liens = Justification.objects.filter(axe__etablissement=self.etablissement, besoin__supprime_le__isnull=True)
        for axe, intitule in liens.order_by("besoin__retenu_le", "besoin").values_list("axe", "besoin__intitule"):
            besoins[axe].append(intitule)
        return besoins

    # --- Equipment -----------------------------------------------------------------------------------------------
    def equipement(self) -> dict[str, Any]:
        parc = parc_de(self.etablissement, self.jour)
        prevision = parc.prevision
        return {
            "nombre": parc.nombre,
            "terminaux": compte(parc.terminaux_pedagogiques),
            "terminaux_pour_cent_eleves": _chiffre(parc.terminaux_pour_cent_eleves),
            "depasses": _part(part_depassee(parc.presentes)),
            "a_reprendre": _part(part_a_reprendre(parc.presentes)),
            "familles": [famille for famille in map(_famille(parc), FAMILLES) if famille["nombre"]],
            "ages": [{"age": un.age, "nombre": un.nombre, "depasses": un.depassees} for un in pyramide(parc.presentes)],
            "renouvellement": [
                _echeance("En retard", prevision.en_retard),
                *(_echeance(str(annee), une) for annee, une in prevision.annees.items()),
            ],
        }

    # --- Training ------------------------------------------------------------------------------------------------
    def formation(self) -> dict[str, Any]:
        lu = lire_plan_formation(self.etablissement, trois_annees(self.annee), brouillons=False)
        return {
            "annees": [
                {"annee": une.annee, "lignes": [_formation(ligne) for ligne in une.lignes], "total": _totaux(une.total)}
                for une in lu.annees
            ],
            "total": _totaux(lu.total),
        }

    # --- Budget --------------------------------------------------------------------------------------------------
    @cached_property
    def _tout_le_budget(self) -> Synthese:
        return synthese(self.etablissement, Selection())

    def budget(self) -> dict[str, Any]:
        """Of the exercice; what purchases cost is of their whole life."""
        lu = de_l_exercice(self._tout_le_budget, self.exercice)
        achats = [achat for achat in achats_de(self.etablissement) if achat.achat.etat != "abandonne"]
        return {
            "exercice": self.exercice,
            "lignes": [ligne_dite(ligne) for ligne in lu.lignes],
            "totaux": _montants(lu.montants),
            "sections": _parts(lu, "section", {"fonctionnement": "Fonctionnement", "investissement": "Investissement"}),
            "leviers": _parts(lu, "levier", LEVIERS),
            "payeurs": _parts(lu, "payeur", PARTIES),
            "financements": [
                {
                    "cle": aide.cle,
                    "source": aide.source_dite,
                    "intitule": aide.intitule,
                    "demande": montant(aide.demande),
                    "accorde": montant(aide.accorde),
                    "recu": montant(aide.recu),
                    "refuse": aide.refuse,
                }
                for aide in lu.financements
            ],
            "aides": {nom: montant(getattr(lu.aides, nom)) for nom in ("demande", "accorde", "recu", "attendu")},
            "achats": [
                {
                    "cle": un.achat.pk,
                    "intitule": un.achat.intitule,
                    "etat": un.achat.get_etat_display(),
                    "duree": un.achat.duree,
                    "cout": montant(un.cout.total),
                    "aides": montant(un.aides),
                    "reste": montant(un.cout.reste_a_charge),
                    "par_an": montant(un.cout.par_an),
                    "dette": montant(un.dette.total),
                }
                for un in achats
            ],
            "dette": montant(dette_de(achats)),
        }

    # --- Who owns, who pays, who maintains -----------------------------------------------------------------------
    def responsabilites(self) -> dict[str, Any]:
        """`roles`: by party, what it does of a thing; `a_preciser`: what nobody has said of whom."""
        roles: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        a_preciser: dict[str, None] = {}
        for quoi, role, partie in [*self._du_parc(), *self._du_reseau()]:
            if partie:
                roles[quoi][partie].add(role)
            else:
                a_preciser[f"{quoi}\u00a0: qui {role}"] = None
        presentes = [partie for partie in PARTIES if any(partie in siens for siens in roles.values())]
        return {
            "parties": [PARTIES[partie] for partie in presentes],
            "lignes": [
                {"quoi": quoi, "roles": [_dans_l_ordre(siens.get(partie, ())) for partie in presentes]}
                for quoi, siens in roles.items()
            ],
            "a_preciser": list(a_preciser),
        }

    def _du_parc(self) -> Iterable[tuple[str, str, str]]:
        presents = Equipement.objects.vivants().filter(etablissement=self.etablissement).exclude(etat="sorti")
        groupes = presents.order_by().values_list("categorie", "proprietaire", "payeur", "mainteneur")
        par_categorie = {groupe[:4] for groupe in groupes.annotate(Sum("nombre"))}
        rangs = list(CATEGORIES)
        for categorie, *parties in sorted(par_categorie, key=lambda groupe: (rangs.index(groupe[0]), groupe)):
            for role, partie in zip((POSSEDE, PAIE, ENTRETIENT), parties, strict=True):
                yield CATEGORIES[categorie], role, partie

    def _du_reseau(self) -> Iterable[tuple[str, str, str]]:
        lignes = Raccordement.objects.filter(etablissement=self.etablissement, retire_le__isnull=True)
        for payeur, exploitant in lignes.order_by("pk").values_list("payeur", "exploitant"):
            yield RACCORDEMENT, PAIE, payeur
            yield RACCORDEMENT, ENTRETIENT, exploitant
        services = ServiceReseau.objects.filter(etablissement=self.etablissement, en_place="oui")
        exploitants = dict(services.values_list("sorte", "exploitant"))
        for sorte, nom in SERVICES.items():
            if sorte in exploitants:
                yield nom, ENTRETIENT, exploitants[sorte]


# --- Words ---------------------------------------------------------------------------------------------------------
def montant(valeur: Decimal) -> str:
    return f"{arrondir(valeur):.2f}"


def quand(action: ActionLue | Action) -> str:
    """« T2 2026-2027 », « T1 à T3 2026-2027 », « 2026-2027 à T1 2027-2028 »: a narrow column."""
    debut, fin = _terme(action.trimestre, action.annee_scolaire), _terme(action.trimestre_fin, action.annee_fin)
    meme_annee = action.annee_scolaire == action.annee_fin
    if meme_annee and action.trimestre and action.trimestre_fin and action.trimestre != action.trimestre_fin:
        periode = f"T{action.trimestre} à {fin}"
    elif meme_annee and action.trimestre and not action.trimestre_fin:
        periode = f"À partir de {debut}"
    elif meme_annee and action.trimestre_fin and not action.trimestre:
        periode = f"Jusqu'à {fin}"
    else:
        periode = debut if debut == fin else f"{debut} à {fin}"
    return f"{periode}, avant le {date_en_phrase(action.echeance)}" if action.echeance else periode


def _terme(trimestre: int | None, annee: str) -> str:
    return f"T{trimestre} {annee}" if trimestre else annee


def indicateur_dit(un: IndicateurLu) -> str:
    """« Familles qui connaissent le cadre : 0 → 60 % (42 le 03/03/2027) »."""
    valeurs = [decimal_en_phrase(valeur) for valeur in (un.depart, un.cible) if valeur is not None]
    unite = f"\u00a0{un.unite}" if un.unite and valeurs else ""
    chemin = f"\u00a0: {'\u00a0→\u00a0'.join(valeurs)}{unite}" if valeurs else ""
    releve = ""
    if un.valeur is not None and un.date is not None:
        releve = f" ({decimal_en_phrase(un.valeur)} le {un.date:%d/%m/%Y})"
    return f"{un.intitule}{chemin}{releve}"


def _dans_l_ordre(roles: Iterable[str]) -> list[str]:
    return [role for role in (POSSEDE, PAIE, ENTRETIENT) if role in roles]


# --- Pieces --------------------------------------------------------------------------------------------------------
def _axes_a_dire(lu: Plan, annee: str) -> list[dict[str, Any]]:
    """Those of the year or before; then what serves none, under the key 0."""
    axes = [
        {
            "cle": axe.pk,
            "intitule": axe.intitule,
            "theme": THEMES[axe.theme],
            "raison": axe.raison_de_plus,
            "ouvert": axe.clos_le is None and axe.annee_scolaire <= annee,
            "actions": [ligne for ligne in lu.racines if axe in ligne.axes],
        }
        for axe in lu.axes
    ]
    sans_axe = [ligne for ligne in lu.racines if not ligne.axes]
    hors = {"cle": 0, "intitule": "", "theme": "", "raison": "", "ouvert": False, "actions": sans_axe}
    return [*axes, hors]


def de_l_exercice(lu: Synthese, exercice: int) -> Synthese:
    """The same reads, narrowed to one exercice."""
    return Synthese(
        Selection(exercice=exercice),
        [ligne for ligne in lu.toutes if ligne.exercice == exercice],
        [aide for aide in lu.tous if aide.exercice == exercice],
        lu.exercices,
    )


def ligne_dite(ligne: LigneLue) -> dict[str, Any]:
    return {
        "cle": ligne.cle,
        "intitule": ligne.intitule,
        "section": ligne.section.capitalize(),
        "levier": ligne.levier_dit,
        "service": ligne.service,
        "payeur": ligne.payeur_dit,
        "action": ligne.action,
        "prevu": montant(ligne.prevu),
        "engage": montant(ligne.engage),
        "paye": montant(ligne.paye),
    }


def _montants(montants: Montants) -> dict[str, str]:
    return {nom: montant(getattr(montants, nom)) for nom in ("prevu", "engage", "paye")}


def _parts(lu: Synthese, attribut: str, noms: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"nom": noms[code]} | _montants(montants) for code, montants in lu.par(attribut).items()]


def _chiffre(valeur: Decimal | None) -> str | None:
    return None if valeur is None else decimal_en_phrase(valeur)


def _part(part: Part) -> dict[str, int]:
    return {"nombre": part.nombre, "sur": part.sur, "inconnus": part.inconnus}


def _famille(parc: Parc) -> Any:
    def dire(famille: Any) -> dict[str, Any]:
        siennes = [tranche for tranche in parc.presentes if tranche.categorie in famille.categories]
        return {
            "nom": famille.libelle,
            "nombre": compte(siennes),
            "depasses": part_depassee(siennes).nombre,
            "sans_date": part_depassee(siennes).inconnus,
            "a_reprendre": part_a_reprendre(siennes).nombre,
        }

    return dire


def _echeance(quand: str, une: Echeance) -> dict[str, Any]:
    return {"quand": quand, "nombre": une.nombre, "montant": montant(une.montant), "sans_prix": une.sans_prix}


def _formation(ligne: LigneDuPlanDeFormation) -> dict[str, Any]:
    formation = ligne.formation
    return {
        "cle": formation.pk,
        "intitule": formation.intitule,
        "quand": f"T{formation.trimestre}" if formation.trimestre else "Dans l'année",
        "public": ", ".join(_equipes(formation.equipes)),
        "etat": formation.get_etat_display(),
        "personnes": formation.effectif,
        "heures": decimal_en_phrase(ligne.heures),
        "cout": montant(ligne.cout),
        "action": ligne.action,
    }


def _equipes(codes: Sequence[str]) -> list[str]:
    return [str(equipe.label) for equipe in Equipe if equipe.value in codes]


def _totaux(lus: Totaux) -> dict[str, Any]:
    return {
        "formations": lus.formations,
        "personnes": lus.personnes,
        "heures": decimal_en_phrase(lus.heures),
        "cout": montant(lus.cout),
    }
