"""Where people land: their school, or the schools of their territory."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from diagnostic.interfaces.enquetes import LigneEnquete, moment_de
from diagnostic.rules import empechement_repondre
from diagnostic.views.acces import sa_part
from strategie.pilotage.interfaces.tableau_de_bord import a_venir, etapes, la_suite
from strategie.pilotage.interfaces.tables import TableEtablissements
from strategie.pilotage.queries.en_bref import en_bref
from strategie.pilotage.queries.etablissements import page_d_etablissements
from strategie.pilotage.queries.tableau_de_bord import tableau_de_bord
from strategie.socle.droits import Droit, droits_de
from strategie.socle.queries.academies import droits_academiques
from strategie.socle.views.acces import etablissement_ou_404

# What the page offers to who may read, or do, it.
OFFRES = {
    "peut_repondre": Droit.REPONDRE,
    "lit_les_diagnostics": Droit.LIRE_DIAGNOSTIC,
    "voit_l_equipe": Droit.VOIR_EQUIPE,
    "lit_le_brouillon": Droit.LIRE_BROUILLON,
    "lit_les_enquetes": Droit.LIRE_ENQUETE,
    "lit_les_besoins": Droit.LIRE_BESOINS,
    "lit_le_plan": Droit.LIRE_PLAN,
    "lit_le_plan_publie": Droit.LIRE_PLAN_PUBLIE,
    "lit_la_formation": Droit.LIRE_FORMATION,
    "lit_l_inventaire": Droit.LIRE_INVENTAIRE,
    "lit_le_budget": Droit.LIRE_BUDGET,
    "lit_le_budget_partage": Droit.LIRE_BUDGET_PARTAGE,
    "donne_un_regard": Droit.SECOND_REGARD,
    "peut_relancer": Droit.RELANCER,
}


@require_safe
def etablissement(request: HttpRequest, uai: str) -> HttpResponse:
    """A school's dashboard: what to do next, and where it stands."""
    ecole = etablissement_ou_404(request, uai)
    maintenant = timezone.now()
    tableau = tableau_de_bord(
        ecole,
        lecteur=request.user,
        brouillon=Droit.LIRE_BROUILLON in ecole.droits,
        signes=Droit.LIRE_DIAGNOSTIC in ecole.droits,
        enquetes=Droit.LIRE_ENQUETE in ecole.droits,
        maintenant=maintenant,
    )
    bref = en_bref(ecole, tableau.jour)
    pas = etapes(tableau, bref)
    contexte = {nom: droit in ecole.droits for nom, droit in OFFRES.items()} | {
        "etablissement": ecole,
        "tableau": tableau,
        "bref": bref,
        "etapes": pas if any(etape.phrase for etape in pas) else [],
        "suite": la_suite(tableau, bref),
        "a_venir": a_venir(tableau, bref),
        "repond_a_sa_part": tableau.a_finir and bool(sa_part(tableau.etat.diagnostic)),
        "enquete": tableau.enquete and LigneEnquete(tableau.enquete, moment_de(tableau.enquete, maintenant)),
        "empechement": empechement_repondre(tableau.etat.diagnostic, maintenant) if tableau.a_finir else None,
    }
    return render(request, "pilotage/etablissement.html", contexte)


@require_safe
def etablissements(request: HttpRequest) -> HttpResponse:
    """The schools that the person follows, fifty at a time."""
    texte = request.GET.get("q", "").replace("\x00", "")[:100]
    page = page_d_etablissements(
        lecteur=request.user,
        texte=texte,
        apres=request.GET.get("apres", "").replace("\x00", "")[:400],
        maintenant=timezone.now(),
    )
    academiques = droits_academiques(request.user)
    contexte = {
        "page": page,
        "tableau": TableEtablissements(page.etablissements),
        "texte": texte,
        "gere_les_campagnes": Droit.GERER_CAMPAGNES in academiques,
        "dessine_les_districts": Droit.DESSINER_DISTRICTS in academiques,
        "adapte_les_propositions": Droit.GERER_REFERENTIEL in academiques,
        "lit_le_territoire": Droit.LIRE_TERRITOIRE in academiques,
        "fixe_des_durees": any(Droit.FIXER_DUREES in droits_de(e.mes_roles) for e in page.etablissements),
        "fait_en_nombre": any(Droit.LANCER_LOT in droits_de(e.mes_roles) for e in page.etablissements),
        "relance": any(Droit.RELANCER in droits_de(e.mes_roles) for e in page.etablissements),
        "pilote_un_district": any(Droit.PILOTER_DISTRICT in droits_de(e.mes_roles) for e in page.etablissements),
    }
    return render(request, "pilotage/etablissements.html", contexte)
