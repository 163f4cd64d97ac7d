"""Purchases: written with all that they will cost, approved with what they rest on, delivered, or given up."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum

from budget.domain.argent import total
from budget.domain.exercices import tenir_exercices
from budget.domain.lignes import SaisieLigne, verifier_ligne
from budget.models import Achat, BesoinFormation, Categorie, Financement, LigneBudget, PosteDeCout
from budget.queries.achats import AchatLu, achat_lu, jour_de
from budget.rules.achats import (
    CHANGE,
    ENGAGES,
    POSTES_MAX,
    defaut_de_duree,
    defauts_apres_l_approbation,
    defauts_de_l_achat,
    defauts_du_poste,
    empechement_fixer_postes,
    empechement_livrer,
    empechement_modifier_achat,
    empechement_passer,
    empechement_raison,
    empechement_retirer_achat,
)
from budget.rules.exercices import empechement_ecrire_exercice
from budget.rules.lignes import empechement_depasser
from plans.domain import corbeille
from plans.models import Action
from strategie.socle.domain.empechement import Empeche, SaisieRefusee, refuser
from strategie.socle.domain.fusion import Conflit, fusionner
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.rules import empechement_ecrire

ZERO = Decimal("0.00")
Etat = Achat.Etat
LIENS = {"action": "action_id", "formation": "formation_id"}


class Bloque(Empeche):
    """`phrases`: all that is wanting, at once."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self.phrases = tuple(phrases)
        super().__init__(" ".join(self.phrases))


class AchatChange(Empeche):
    """Somebody has written since the page was shown."""

    def __init__(self) -> None:
        super().__init__(
            "Quelqu'un d'autre a changé cet achat pendant que vous écriviez\u00a0: vérifiez, puis recommencez."
        )


@dataclass(frozen=True)
class SaisieAchat:
    """`action` and `formation` are keys."""

    intitule: str
    categorie: str
    quantite: int
    exercice: int
    duree: int
    livraison: datetime.date | None = None
    usage: str = ""
    public: str = ""
    formation: int | None = None
    accessibilite: str = ""
    accessibilite_note: str = ""
    action: int | None = None


@dataclass(frozen=True)
class SaisiePoste:
    """`montant` euros for each year of the life from `de` to `a`; the year of the purchase is 1."""

    famille: str
    montant: Decimal
    de: int
    a: int
    investissement: bool = False
    intitule: str = ""


CHAMPS = tuple(champ.name for champ in fields(SaisieAchat))


def lire_saisie_achat(achat: Achat) -> SaisieAchat:
    return SaisieAchat(**{nom: getattr(achat, LIENS.get(nom, nom)) for nom in CHAMPS})


def creer_achat(
    *,
    etablissement: Etablissement,
    saisie: SaisieAchat,
    cle: uuid.UUID,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Achat:
    """A form sent twice (same `cle`) makes one. Raises Empeche; SaisieRefusee says which fields are wrong."""
    with acte("creer_achat", auteur):
        deja = Achat.objects.filter(etablissement=etablissement, cle=cle).first()
        if deja is not None:
            return deja
        refuser(empechement_ecrire(etablissement))
        _verifier(etablissement, saisie, maintenant)
        achat, _ = Achat.objects.get_or_create(
            cle=cle,
            defaults=_valeurs(saisie) | {"etablissement": etablissement, "cree_par": auteur, "cree_le": maintenant},
        )
        return achat


def modifier_achat(
    *, achat: Achat, base: SaisieAchat, saisie: SaisieAchat, auteur: Utilisateur, maintenant: datetime.datetime
) -> Mapping[str, Conflit]:
    """`base` is what the form showed; what two people changed alike is given back and nothing is written. Raises
    Empeche; SaisieRefusee says which fields are wrong.
    """
    with acte("modifier_achat", auteur):
        tenu = _tenir(achat)
        actuelle = lire_saisie_achat(tenu)
        fusion = fusionner(asdict(base), asdict(saisie), asdict(actuelle))
        if not fusion.possible or fusion.valeurs == asdict(actuelle):
            return fusion.conflits
        voulue = SaisieAchat(**fusion.valeurs)
        refuser(empechement_modifier_achat(tenu.etat))
        if tenu.etat in ENGAGES:
            _refuser_les_champs(defauts_apres_l_approbation(actuelle, voulue))
        _verifier(achat.etablissement, voulue, maintenant, actuelle)
        if refus := defaut_de_duree(voulue.duree, tenu.postes.values_list("a_l_annee", flat=True)):
            raise SaisieRefusee({"duree": refus})
        _ecrire(tenu, **_valeurs(voulue))
    achat.refresh_from_db()
    return {}


def fixer_postes(*, achat: Achat, version: int, postes: Sequence[SaisiePoste], auteur: Utilisateur) -> None:
    """All that it costs, in place of what was said before. Raises Empeche; AchatChange when somebody wrote since
    `version`.
    """
    with acte("fixer_couts_achat", auteur):
        tenu = _tenir(achat, version)
        refuser(empechement_fixer_postes(tenu.etat))
        if len(postes) > POSTES_MAX:
            raise Empeche(f"Un achat a {POSTES_MAX}\u00a0coûts au plus.")
        for poste in postes:
            refuser(
                next(
                    iter(defauts_du_poste(poste, duree=tenu.duree, familles=PosteDeCout.Famille.values).values()), None
                )
            )
        cout = total(poste.montant * (poste.a - poste.de + 1) for poste in postes)
        accorde = Financement.objects.vivants().filter(achat=tenu).aggregate(total=Sum("accorde"))["total"] or ZERO
        refuser(empechement_depasser("accordé", accorde, cout))
        if _ranger_postes(tenu, postes):
            _ecrire(tenu)
    achat.refresh_from_db()


def _ranger_postes(tenu: Achat, postes: Sequence[SaisiePoste]) -> bool:
    """What is there already stays, so that the history tells what has changed and nothing else."""
    restants = list(postes)
    changes = False
    for ancien in tenu.postes.all():
        if (lu := lire_poste(ancien)) in restants:
            restants.remove(lu)
        else:
            ancien.delete()
            changes = True
    for poste in restants:
        valeurs = asdict(poste)
        de, a = valeurs.pop("de"), valeurs.pop("a")
        PosteDeCout.objects.create(achat=tenu, de_l_annee=de, a_l_annee=a, **valeurs)
    return changes or bool(restants)


def lire_poste(poste: PosteDeCout) -> SaisiePoste:
    return SaisiePoste(
        poste.famille, poste.montant, poste.de_l_annee, poste.a_l_annee, poste.investissement, poste.intitule
    )


# --- Its life --------------------------------------------------------------------------------------------------
def approuver_achat(*, achat: Achat, version: int, auteur: Utilisateur, maintenant: datetime.datetime) -> Achat:
    """With its use, its public, its training, its check, and running lines for its whole life. Raises Empeche; Bloque
    says all that is wanting, at once.
    """
    with acte("approuver_achat", auteur):
        tenu = _a_passer(achat, version, "approuver", Etat.APPROUVE)
        if tenu.etat == Etat.APPROUVE:
            return tenu
        if obstacles := _lire(tenu).obstacles:
            raise Bloque(obstacles.values())
        return _ecrire(tenu, etat=Etat.APPROUVE, approuve_par=auteur, approuve_le=maintenant)


def livrer_achat(
    *, achat: Achat, version: int, jour: datetime.date, auteur: Utilisateur, maintenant: datetime.datetime
) -> Achat:
    """Raises Empeche."""
    with acte("livrer_achat", auteur):
        tenu = _a_passer(achat, version, "livrer", Etat.LIVRE)
        if tenu.etat == Etat.LIVRE:
            return tenu
        aujourd_hui = jour_de(tenu.etablissement, maintenant)
        refuser(empechement_livrer(_lire(tenu).bloque, jour, aujourd_hui, tenu.exercice))
        return _ecrire(tenu, etat=Etat.LIVRE, livraison=jour)


def abandonner_achat(*, achat: Achat, version: int, raison: str, auteur: Utilisateur) -> Achat:
    """Its lines stay in the budget until somebody takes them away. Raises Empeche."""
    refuser(empechement_raison(raison))
    with acte("abandonner_achat", auteur):
        tenu = _a_passer(achat, version, "abandonner", Etat.ABANDONNE)
        if tenu.etat == Etat.ABANDONNE:
            return tenu
        return _ecrire(tenu, etat=Etat.ABANDONNE, raison=raison)


def remettre_en_projet(*, achat: Achat, version: int, auteur: Utilisateur) -> Achat:
    """What was approved is to be approved anew; what was given up is thought of again. Raises Empeche."""
    with acte("remettre_achat_en_projet", auteur):
        tenu = _a_passer(achat, version, "reprendre", Etat.PROJET)
        if tenu.etat == Etat.PROJET:
            return tenu
        return _ecrire(tenu, etat=Etat.PROJET, raison="", approuve_par=None, approuve_le=None)


# --- The lines that it wants -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class LignesPrevues:
    """`clos`: the exercices in which nothing may be written any more."""

    creees: tuple[LigneBudget, ...]
    clos: tuple[int, ...]


def prevoir_lignes(*, achat: Achat, payeur: str, auteur: Utilisateur, maintenant: datetime.datetime) -> LignesPrevues:
    """A line an exercice and a section, for what its life costs and no line plans yet; asked twice, it is done once.
    Raises Empeche.
    """
    etablissement = achat.etablissement
    with acte("prevoir_lignes_achat", auteur):
        exercices = tenir_exercices(etablissement, _exercices(achat), maintenant)
        tenu = _tenir(achat)
        if not set(_exercices(tenu)) <= exercices.keys():
            raise Empeche(CHANGE)
        refuser(empechement_passer("prevoir", tenu.etat))
        clos = {annee for annee, exercice in exercices.items() if empechement_ecrire_exercice(exercice)}
        lu = _lire(tenu)
        creees = [
            _ligne(tenu, SaisieLigne(**_de_la_ligne(tenu, exercice, section, payeur), prevu=manque), auteur, maintenant)
            for exercice, section, manque in lu.a_prevoir
            if exercice not in clos
        ]
        return LignesPrevues(tuple(creees), tuple(sorted({e for e, _, _ in lu.a_prevoir} & clos)))


def _exercices(achat: Achat) -> range:
    return range(achat.exercice, achat.exercice + achat.duree)


def _de_la_ligne(achat: Achat, exercice: int, section: str, payeur: str) -> dict[str, Any]:
    quoi = "investissement" if section == LigneBudget.Section.INVESTISSEMENT else "fonctionnement"
    return {
        "exercice": exercice,
        "annee_scolaire": f"{exercice}-{exercice + 1}",
        "intitule": f"{achat.intitule[:175]} · {quoi}",
        "section": section,
        "levier": Action.Levier.EQUIPEMENT,
        "payeur": payeur,
        "achat": achat.pk,
        "action": achat.action_id,
    }


def _ligne(achat: Achat, saisie: SaisieLigne, auteur: Utilisateur, maintenant: datetime.datetime) -> LigneBudget:
    connus = SaisieLigne(**(asdict(saisie) | {"prevu": ZERO}))  # its links are the purchase's own, kept even in the bin
    verifier_ligne(achat.etablissement, saisie, connus)
    valeurs = {f"{nom}_id" if nom in ("action", "achat", "formation") else nom: v for nom, v in asdict(saisie).items()}
    return LigneBudget.objects.create(
        etablissement=achat.etablissement,
        origine=LigneBudget.Origine.ACHAT,
        cle=uuid.uuid4(),
        cree_par=auteur,
        cree_le=maintenant,
        **valeurs,
    )


# --- The bin ---------------------------------------------------------------------------------------------------
def retirer_achat(*, achat: Achat, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """Asked twice, it is done once. Raises Empeche."""
    corbeille.mettre_a_la_corbeille(objet=achat, auteur=auteur, maintenant=maintenant)


def empechement_de_retirer_achat(achat: Achat) -> str | None:
    lignes = LigneBudget.objects.vivants().filter(achat=achat).count()
    financements = Financement.objects.vivants().filter(achat=achat).count()
    return empechement_retirer_achat(achat.etat, lignes, financements)


def inscrire_l_achat_a_la_corbeille() -> None:
    """After trainings, which it rests on, and before the lines and the grants that rest on it."""
    corbeille.inscrire(Achat, "achat", retirer=empechement_de_retirer_achat)


# --- What every act shares -------------------------------------------------------------------------------------
def _tenir(achat: Achat, version: int | None = None) -> Achat:
    """As it is kept, held until the end of the act. Raises Empeche when it is in the bin, or the school closed;
    AchatChange.
    """
    vivants = Achat.objects.vivants().select_related("etablissement__academie")
    tenu: Achat | None = vivants.filter(pk=achat.pk).select_for_update(no_key=True, of=("self",)).first()
    if tenu is None:
        raise Empeche(CHANGE)
    refuser(empechement_ecrire(tenu.etablissement))
    if version is not None and tenu.version != version:
        raise AchatChange
    return tenu


def _a_passer(achat: Achat, version: int, nom: str, vers: str) -> Achat:
    """Held, and possible from the state it is in; what is there already is left as it is."""
    tenu = _tenir(achat)
    if tenu.etat != vers:
        refuser(empechement_passer(nom, tenu.etat))
        if tenu.version != version:
            raise AchatChange
    return tenu


def _lire(tenu: Achat) -> AchatLu:
    lu = achat_lu(tenu.etablissement, tenu.pk)
    if lu is None:
        raise Empeche(CHANGE)
    return lu


def _verifier(
    etablissement: Etablissement,
    saisie: SaisieAchat,
    maintenant: datetime.datetime,
    actuelle: SaisieAchat | None = None,
) -> None:
    """What it is newly linked to is the school's own, and not in the bin."""
    _refuser_les_champs(
        defauts_de_l_achat(
            saisie,
            annee_courante=jour_de(etablissement, maintenant).year,
            categories=Categorie.values,
            accessibilites=Achat.Accessibilite.values,
        )
    )
    for champ, modele, nom in (("action", Action, "Cette action"), ("formation", BesoinFormation, "Cette formation")):
        cle = getattr(saisie, champ)
        if cle is None or (actuelle is not None and getattr(actuelle, champ) == cle):
            continue
        if not modele.objects.vivants().filter(etablissement=etablissement, pk=cle).exists():
            raise SaisieRefusee({champ: f"{nom} n'est pas, ou n'est plus, à l'établissement."})


def _refuser_les_champs(defauts: Mapping[str, str]) -> None:
    if defauts:
        raise SaisieRefusee(defauts)


def _ecrire(tenu: Achat, **valeurs: Any) -> Achat:
    Achat.objects.filter(pk=tenu.pk).update(version=F("version") + 1, **valeurs)
    tenu.refresh_from_db()
    return tenu


def _valeurs(saisie: SaisieAchat) -> dict[str, Any]:
    return {LIENS.get(nom, nom): valeur for nom, valeur in asdict(saisie).items()}
