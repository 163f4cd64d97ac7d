"""A territory's dashboard in words: blocks of tables whose every figure leads to the schools that make it.

The page, the CSV, the workbook and the PDF are written from these blocks and from nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.urls import reverse

from budget.interfaces.barres import Barres, Valeur, barres
from strategie.pilotage.interfaces.blocs_du_territoire import (
    NB,
    Bloc,
    Carte,
    Cellule,
    Ligne,
    Table,
    accorde,
    compte,
    en_heures,
    entier,
    heures,
    montant,
    part,
    pourcentage,
)
from strategie.pilotage.models import Niveau
from strategie.pilotage.queries.etablissements_du_territoire import A_SIGNER, ATTENDU, PUBLIEES, TOUT
from strategie.pilotage.queries.tableau_du_territoire import (
    MANQUES_MONTRES,
    PALIERS,
    SEUIL_DES_BUDGETS,
    SEUIL_DES_REPARTITIONS,
    Argent,
    ChampDuTerritoire,
    FinDeVie,
    Partie,
    Tableau,
)
from strategie.pilotage.queries.territoires import Territoire
from strategie.socle.droits import Droit
from strategie.socle.interfaces.charts import repartition
from strategie.socle.rules import date_en_phrase, decimal_en_phrase

TITRES = {
    "participation": "Participation",
    "paliers": "Paliers par champ",
    "evolution": "Depuis l'an dernier",
    "manques": "Ce qui manque le plus souvent",
    "formation": "Formation",
    "equipement": "Équipement",
    "renouvellement": "À renouveler dans les huit ans",
    "argent": "Argent",
    "actions": "Actions",
    "parties": "À l'intérieur",
}
LEGENDE = (f"Avant le palier{NB}1", f"Palier{NB}1", f"Palier{NB}2", f"Palier{NB}3")
ETATS = {"a_commencer": "À commencer", "brouillon": "Brouillon", "signe": "Signé"}
PHRASE_DES_SEUILS = (
    f"Moins de {SEUIL_DES_REPARTITIONS} établissements ont signé{NB}: une répartition décrirait des établissements, "
    "pas un territoire. Elle n'est pas montrée."
)
PHRASE_DE_L_EVOLUTION = (
    f"Moins de {SEUIL_DES_REPARTITIONS} établissements ont signé deux années de suite{NB}: "
    "l'évolution n'est pas montrée."
)
SANS_CAMPAGNE = (
    f"Aucune campagne n'a encore été ouverte{NB}: la participation et les paliers viendront avec la première."
)


# --- The page ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class PageDuTableau:
    tableau: Tableau
    _cache: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def territoire(self) -> Territoire:
        return self.tableau.territoire

    def liste(self, **filtres: str) -> str:
        """The schools behind a figure; of the nation, none."""
        if not self.territoire.detaille:
            return ""
        base = self._cache.get("liste") or self._cache.setdefault(
            "liste", reverse("etablissements_du_territoire", args=[self.territoire.niveau, self.territoire.cle])
        )
        if self.tableau.annees:
            filtres = {"annee": self.tableau.annee} | filtres
        return f"{base}?{'&'.join(f'{nom}={valeur}' for nom, valeur in filtres.items())}" if filtres else base

    def compte(self, nombre: int, **filtres: str) -> Cellule:
        return Cellule(nombre, entier(nombre), self.liste(**filtres) if nombre and filtres else "")

    @property
    def chapo(self) -> str:
        vue = self.tableau.participation
        if Droit.LIRE_TABLEAUX not in self.territoire.droits:
            return f"{accorde(self.tableau.ecoles, 'établissement', 'établissements')}{NB}: leur équipement."
        if vue is None:
            return ""
        ont = "ont" if vue.signe > 1 else "a"
        return (
            f"{accorde(vue.signe, 'établissement', 'établissements')} sur {entier(vue.attendus)} {ont} signé "
            f"{'leur' if vue.signe > 1 else 'son'} diagnostic {self.tableau.annee} ({part(vue.signe, vue.attendus)}), "
            f"{entier(vue.brouillon)} l'{'ont' if vue.brouillon > 1 else 'a'} commencé. "
            "Les paliers ne portent que sur les diagnostics signés."
        )

    @property
    def suite(self) -> str:
        """The year, carried from page to page."""
        return f"?annee={self.tableau.annee}" if self.tableau.annees else ""

    @property
    def legende(self) -> tuple[str, ...]:
        return LEGENDE

    @property
    def vide(self) -> tuple[str, str] | None:
        """Where there is nothing to read yet: what that is, and what comes next."""
        if self.tableau.blocs_lisibles:
            return None
        if not self.territoire.detaille:
            return "Rien à montrer encore", "Il faut que trois académies au moins aient des chiffres."
        return "Aucun établissement ici", "Les chiffres viendront dès que des établissements y seront rattachés."

    @property
    def avis(self) -> tuple[str, ...]:
        """What explains that figures are missing."""
        if Droit.LIRE_TABLEAUX not in self.territoire.droits or not self.tableau.ecoles:
            return ()
        if not self.tableau.annees:
            return (SANS_CAMPAGNE,)
        if self.tableau.participation and not self.tableau.signes:
            return (
                f"Aucun diagnostic {self.tableau.annee} n'est signé{NB}: les paliers viendront avec les signatures.",
            )
        return ()

    # -- What is read first
    @property
    def cartes(self) -> tuple[Carte, ...]:
        return tuple(carte for carte in (self._a_relancer(), self._besoin(), self._heures(), self._retard()) if carte)

    def _a_relancer(self) -> Carte | None:
        vue, campagne = self.tableau.participation, self.tableau.campagne
        if vue is None or campagne is None:
            return None
        reste = vue.a_commencer + vue.brouillon
        mot = "établissement" if reste < 2 else "établissements"
        phrase, rappel = f"sur {entier(vue.attendus)} attendus", ""
        if reste and self.tableau.jour <= campagne.date_cloture:
            phrase += f", avant le {date_en_phrase(campagne.date_cloture)}"
            rappel = self._rappel(campagne.pk)
        adresse = self.liste(etat=A_SIGNER) if reste else ""
        return Carte("Reste à signer", entier(reste), mot, phrase, adresse, "Voir", rappel)

    def _rappel(self, campagne: int) -> str:
        """Where a message is prepared, for those who may send it."""
        if Droit.RELANCER not in self.territoire.droits:
            return ""
        choix = {"district": self.territoire.cle} if self.territoire.niveau == Niveau.DISTRICT else None
        return reverse("relancer", args=[campagne], query=choix)

    def _besoin(self) -> Carte | None:
        if not self.tableau.manques or not self.tableau.signes:
            return None
        premier = self.tableau.manques[0]
        mot = "établissement" if premier.nombre < 2 else "établissements"
        dit = premier.enonce or premier.code
        adresse = self.liste(manque=premier.code)
        return Carte(
            "Ce qui manque le plus",
            entier(premier.nombre),
            f"{mot} sur {entier(self.tableau.signes)}",
            dit,
            adresse,
            "Voir",
        )

    def _heures(self) -> Carte | None:
        vue = self.tableau.formation
        if vue is None or not vue.demandees:
            return None
        dites = (
            f"{heures(vue.restantes)} restent"
            if vue.restantes is not None
            else "les heures disponibles ne sont pas dites"
        )
        adresse = self.liste(formation="formateurs_demandes")
        return Carte("Formation demandée", heures(vue.demandees), "de formateurs", dites, adresse, "Voir")

    def _retard(self) -> Carte | None:
        vue = self.tableau.actions
        if vue is None or not vue.en_retard:
            return None
        mot = "action" if vue.en_retard < 2 else "actions"
        return Carte(
            "En retard",
            entier(vue.en_retard),
            mot,
            f"sur {entier(vue.total)} publiées",
            self.liste(actions="retard"),
            "Voir",
        )

    # -- Blocks
    @cached_property
    def blocs(self) -> tuple[Bloc, ...]:
        if self.vide:
            return ()
        faits = (
            self._participation(), self._paliers(), self._evolution(), self._manques(), self._formation(),
            self._equipement(), self._renouvellement(), self._argent(), self._actions(), self._parties(),
        )  # fmt: skip
        return tuple(bloc for bloc in faits if bloc)

    def _participation(self) -> Bloc | None:
        vue = self.tableau.participation
        if vue is None:
            return None
        lignes = [
            Ligne(
                libelle,
                (
                    self.compte(getattr(vue, etat), etat=etat),
                    pourcentage(getattr(vue, etat), vue.attendus),
                ),
            )
            for etat, libelle in reversed(ETATS.items())
        ]
        lignes.append(
            Ligne(
                "Attendus",
                (self.compte(vue.attendus, etat=ATTENDU), pourcentage(vue.attendus, vue.attendus)),
                total=True,
            )
        )
        table = Table(
            "Établissements attendus, par état du diagnostic", ("État", "Établissements", "Part"), tuple(lignes)
        )
        return Bloc("participation", "Participation", tables=(table,))

    def _paliers(self) -> Bloc | None:
        if not self.tableau.champs or not self.tableau.signes:
            return None
        titre = "Paliers par champ"
        if self.tableau.signes < SEUIL_DES_REPARTITIONS:
            return Bloc("paliers", titre, vide=PHRASE_DES_SEUILS)
        table = Table(
            "Établissements qui ont signé, par palier atteint",
            ("Champ", "Avant le palier\u00a01", *(f"Palier\u00a0{palier}" for palier in PALIERS[1:]), "Signés"),
            tuple(self._champ(champ) for champ in self.tableau.champs),
        )
        return Bloc("paliers", titre, tables=(table,))

    def _champ(self, champ: ChampDuTerritoire) -> Ligne:
        cellules = [
            self.compte(n, palier=f"{champ.code}.{palier}") for palier, n in zip(PALIERS, champ.effectifs, strict=True)
        ]
        tranches = repartition(champ.effectifs, hachures_jusqu_a=1) if champ.signes else ()
        return Ligne(champ.libelle, (*cellules, self.compte(champ.signes, etat="signe")), tranches=tranches)

    def _evolution(self) -> Bloc | None:
        compares = [champ for champ in self.tableau.champs if champ.compares >= SEUIL_DES_REPARTITIONS]
        if not any(champ.compares for champ in self.tableau.champs):
            return None
        titre = "Depuis l'an dernier"
        if not compares:
            return Bloc(
                "evolution",
                titre,
                vide=PHRASE_DE_L_EVOLUTION,
            )
        lignes = tuple(
            Ligne(champ.libelle, (
                self.compte(champ.hausse, change=f"hausse.{champ.code}"),
                self.compte(champ.stable, change=f"stable.{champ.code}"),
                self.compte(champ.baisse, change=f"baisse.{champ.code}"),
                self.compte(champ.compares, change=f"compares.{champ.code}"),
            ))
            for champ in compares
        )  # fmt: skip
        entetes = ("Champ", "Palier plus haut", "Même palier", "Palier plus bas", "Comparés")
        return Bloc(
            "evolution",
            titre,
            tables=(Table("Établissements qui ont signé cette année et l'année d'avant", entetes, lignes),),
        )

    def _manques(self) -> Bloc | None:
        signes = self.tableau.signes
        if not self.tableau.manques or not signes:
            return None
        lignes = tuple(
            Ligne(
                manque.enonce or manque.code,
                (
                    self.compte(manque.nombre, manque=manque.code),
                    compte(signes),
                    pourcentage(manque.nombre, signes),
                ),
                precision=" · ".join(
                    filter(None, (manque.code, manque.champ, f"palier{NB}{manque.palier}" if manque.palier else ""))
                ),
            )
            for manque in self.tableau.manques
        )
        table = Table(
            "Conditions du palier suivant qui manquent, les plus fréquentes d'abord",
            ("Condition", "Établissements", "Sur (signés)", "Part"),
            lignes,
            MANQUES_MONTRES,
        )
        return Bloc("manques", "Ce qui manque le plus souvent", tables=(table,))

    def _formation(self) -> Bloc | None:
        vue = self.tableau.formation
        if vue is None:
            return None
        if not vue.besoins and vue.capacite is None:
            return Bloc(
                "formation",
                "Formation",
                vide="Aucun établissement n'a écrit de besoin de formation pour cette année scolaire.",
            )
        besoins = (
            Ligne("Besoins écrits", (self.compte(vue.besoins, formation="besoins"),)),
            Ligne("Personnes à former", (self.compte(vue.personnes, formation="besoins"),)),
            Ligne("Heures, toutes personnes ensemble", (self._heures_en_cellule(vue.minutes, "besoins"),)),
        )
        formateurs = (
            Ligne("Disponibles", (self._heures_en_cellule(vue.capacite),)),
            Ligne("Accordées", (self._heures_en_cellule(vue.accordees, "formateurs_accordes"),)),
            Ligne("Restantes", (self._heures_en_cellule(vue.restantes),), total=True),
            Ligne("Demandées, sans réponse encore", (self._heures_en_cellule(vue.demandees, "formateurs_demandes"),)),
        )
        return Bloc(
            "formation", "Formation", phrases=self._phrases_de_formation(),
            tables=(
                Table("Ce dont les établissements ont besoin", ("Besoins", "Nombre"), besoins),
                Table("Les heures de formateurs du district", ("Heures de formateurs", "Heures"), formateurs),
            ),
        )  # fmt: skip

    def _heures_en_cellule(self, minutes: int | None, formation: str = "") -> Cellule:
        if minutes is None:
            return Cellule(None, "non dites", unite="h")
        adresse = self.liste(formation=formation) if formation and minutes else ""
        return Cellule(en_heures(minutes), heures(minutes), adresse, "h")

    def _phrases_de_formation(self) -> tuple[str, ...]:
        vue = self.tableau.formation
        phrases = []
        if vue and vue.restantes is not None and vue.demandees > vue.restantes:
            phrases.append(f"Il manque {heures(vue.demandees - vue.restantes)} de formateurs pour tout accorder.")
        if vue and vue.muets and self.territoire.niveau in (Niveau.ACADEMIE, Niveau.DEPARTEMENT):
            suite = accorde(vue.muets, "territoire n'a pas dit ses", "territoires n'ont pas dit leurs")
            phrases.append(f"{suite} heures de formateurs.")
        return tuple(phrases)

    def _equipement(self) -> Bloc | None:
        parc = self.tableau.parc
        if parc is None:
            return None
        if not parc.total:
            return Bloc(
                "equipement", "Équipement", vide="Aucun établissement n'a encore d'équipement à son inventaire."
            )
        categories = tuple(Ligne(libelle, (self.compte(n, equipement=code),)) for code, libelle, n in parc.categories)
        total = Ligne("Ensemble", (self.compte(parc.total, equipement=TOUT),), total=True)
        achats = tuple(Ligne(libelle, (self.compte(n, achat=code),)) for code, libelle, n in parc.achats)
        achats += (Ligne("Ordinateurs et tablettes", (self.compte(parc.terminaux, achat=TOUT),), total=True),)
        return Bloc(
            "equipement", "Équipement", phrases=self._phrases_du_parc(),
            tables=(
                Table("Ordinateurs et tablettes, par année d'achat", ("Année d'achat", "Nombre"), achats),
                Table("Ce qui est en service", ("Équipement", "Nombre"), (*categories, total)),
            ),
            dessins=(self._pyramide(),) if parc.terminaux else (),
        )  # fmt: skip

    def _phrases_du_parc(self) -> tuple[str, ...]:
        parc = self.tableau.parc
        if parc is None or not parc.terminaux:
            return ()
        dits = [f"{accorde(parc.terminaux, 'ordinateur ou tablette', 'ordinateurs et tablettes')} en service."]
        if parc.pour_cent_eleves is not None:
            dits.append(
                f"{decimal_en_phrase(parc.pour_cent_eleves)} pour 100{NB}élèves{NB}: {entier(parc.pour_eleves)} pour"
                f" les élèves, sur {accorde(parc.eleves, 'élève', 'élèves')}, dans les {entier(parc.ecoles_connues)} "
                f"établissements sur {entier(parc.ecoles)} dont l'effectif est connu."
            )
        else:
            dits.append(f"Le nombre pour 100{NB}élèves n'est pas connu{NB}: aucun effectif n'est dans l'annuaire.")
        return tuple(dits)

    def _pyramide(self) -> Barres:
        parc = self.tableau.parc
        assert parc is not None  # noqa: S101 (the caller has looked)
        valeurs = [Valeur(libelle, n, entier(n)) for _, libelle, n in parc.achats]
        return barres(
            "Ordinateurs et tablettes, par année d'achat",
            valeurs,
            max(1, *(v.total for v in valeurs)),
        )

    def _renouvellement(self) -> Bloc | None:
        parc = self.tableau.parc
        if parc is None or not parc.total:
            return None
        lignes = [self._fin("Déjà dépassée", "passee", parc.depassees)]
        lignes += [self._fin(str(fin.annee), str(fin.annee), fin) for fin in parc.fins]
        lignes.append(self._fin("Sans date", "inconnue", parc.inconnues))
        table = Table(
            "Équipements dont la durée prévue finit, par année civile",
            ("Fin de la durée prévue", "Nombre", "Montant", "Sans prix"),
            tuple(lignes),
            fiches=True,
        )
        valeurs = [Valeur(str(fin.annee), fin.nombre, entier(fin.nombre)) for fin in parc.fins]
        dessin = barres("Équipements à renouveler, par année", valeurs, max(1, *(v.total for v in valeurs)))
        return Bloc("renouvellement", "À renouveler dans les huit ans", tables=(table,), dessins=(dessin,))

    def _fin(self, libelle: str, code: str, fin: FinDeVie) -> Ligne:
        adresse = self.liste(fin=code) if fin.centimes else ""
        cellules = (self.compte(fin.nombre, fin=code), montant(fin.centimes, adresse), compte(fin.sans_prix))
        return Ligne(libelle, cellules)

    def _argent(self) -> Bloc | None:
        if Droit.LIRE_BUDGETS_ADDITIONNES not in self.territoire.droits or "argent" in self.tableau.tus:
            return None
        if not self.tableau.argent:
            return Bloc("argent", "Argent", vide="Aucun établissement n'a encore de ligne à son budget.")
        tables = tuple(self._exercice(argent) for argent in self.tableau.argent if argent.sections)
        phrases = tuple(self._exercice_tu(argent) for argent in self.tableau.argent if not argent.sections)
        return Bloc("argent", "Argent", phrases=phrases, tables=tables)

    def _exercice_tu(self, argent: Argent) -> str:
        debut = f"Exercice {argent.exercice}{NB}: rien n'est montré"
        if not argent.par_soustraction:
            return f"{debut}, moins de {SEUIL_DES_BUDGETS} établissements ont des lignes."
        return (
            f"{debut}, bien que {accorde(argent.ecoles, 'établissement', 'établissements')} aient des lignes. "
            "Par soustraction, avec les totaux qui se lisent ailleurs, on trouverait celui de moins de "
            f"{SEUIL_DES_BUDGETS} établissements."
        )

    def _exercice(self, argent: Argent) -> Table:
        titres = {"investissement": "Investissement", "fonctionnement": "Fonctionnement (revient chaque année)"}
        lignes = [Ligne(titres[section], self._montants(montants, argent)) for section, montants in argent.sections]
        ensemble = tuple(sum(colonne) for colonne in zip(*(m for _, m in argent.sections), strict=True))
        lignes.append(Ligne("Ensemble", self._montants(ensemble, argent), total=True))
        ecoles = accorde(argent.ecoles, "établissement", "établissements")
        legende = f"Exercice {argent.exercice}, {ecoles} sur {entier(self.tableau.ecoles)}"
        return Table(legende, (f"Exercice {argent.exercice}", "Prévu", "Engagé", "Payé"), tuple(lignes), fiches=True)

    def _montants(self, centimes: Iterable[int], argent: Argent) -> tuple[Cellule, ...]:
        adresse = self.liste(exercice=str(argent.exercice))
        return tuple(montant(c, adresse if c else "") for c in centimes)

    def _actions(self) -> Bloc | None:
        vue = self.tableau.actions
        if vue is None:
            return None
        if not vue.total:
            return Bloc("actions", "Actions", vide="Aucun établissement n'a encore publié d'action.")
        lignes = [Ligne(libelle, (self.compte(n, actions=etat),)) for etat, libelle, n in vue.par_etat]
        lignes.append(Ligne("Publiées", (self.compte(vue.total, actions=PUBLIEES),), total=True))
        lignes.append(
            Ligne("En retard (échéance passée, à faire encore)", (self.compte(vue.en_retard, actions="retard"),))
        )
        return Bloc(
            "actions", "Actions", tables=(Table("Actions publiées, par état", ("État", "Actions"), tuple(lignes)),)
        )

    def _parties(self) -> Bloc | None:
        if not self.tableau.parties:
            return None
        academie = self.territoire.academie
        district = academie.libelle_district if academie else "district"
        tables = (
            self._table_des_parties(district, (Niveau.DISTRICT, Niveau.SANS_DISTRICT)),
            self._table_des_parties("département", (Niveau.DEPARTEMENT,)),
        )
        return Bloc("parties", "À l'intérieur", tables=tuple(table for table in tables if table.lignes))

    def _table_des_parties(self, genre: str, niveaux: Sequence[str]) -> Table:
        siennes = [partie for partie in self.tableau.parties if partie.niveau in niveaux]
        return Table(
            f"Par {genre}, dans l'ordre alphabétique{NB}: ce tableau n'est pas un classement",
            (f"{genre[:1].upper()}{genre[1:]}", "Signés", "Brouillons", "À commencer", "Attendus", "Part signée"),
            tuple(map(self._partie, siennes)),
            fiches=True,
        )

    def _partie(self, partie: Partie) -> Ligne:
        vue = partie.participation
        nombres = map(compte, (vue.signe, vue.brouillon, vue.a_commencer, vue.attendus))
        adresse = f"{self._base_d_un(partie.niveau)}{partie.cle}/{self.suite}"
        return Ligne(partie.nom, (*nombres, pourcentage(vue.signe, vue.attendus)), adresse=adresse)

    def _base_d_un(self, niveau: str) -> str:
        """The address of a territory of this level, but its key: made once for a hundred and fifty of them."""
        if niveau not in self._cache:
            self._cache[niveau] = reverse("tableau_territoire", args=[niveau, 0]).removesuffix("0/")
        return self._cache[niveau]
