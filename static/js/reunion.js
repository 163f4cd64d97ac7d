/* Meeting mode: buttons and keys that count hands, the full screen kept from one indicator to the next, and
   nothing lost when the network drops. Without this script the page's own form and links do everything. */
"use strict";

(() => {
  const COMPTES = "[data-compteur] input";
  let modifie = false; // something typed is not kept yet
  let occupe = false; // a request is on its way
  let perime = false; // the form's token is of a session that has ended
  let chemin = location.pathname;

  const saisie = () => document.getElementById("saisie");
  const compteurs = () => [...document.querySelectorAll(COMPTES)];
  const nombre = (champ) => Math.max(0, Math.trunc(Number(champ.value)) || 0);

  function bouton(texte, nom, act) {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "btn btn-outline-primary";
    element.textContent = texte;
    if (nom) element.setAttribute("aria-label", nom);
    element.addEventListener("click", act);
    return element;
  }

  /* --- counting --- */
  function compter(champ, pas) {
    if (champ.disabled || champ.closest("fieldset").disabled) return;
    champ.value = Math.min(1000, Math.max(0, nombre(champ) + pas));
    champ.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /* The same words as the server's. */
  function suggerer() {
    const lus = compteurs().map((champ) => ({ libelle: champ.labels[0].textContent.trim(), mains: nombre(champ) }));
    const total = lus.reduce((somme, { mains }) => somme + mains, 0);
    const gagnant = lus.find(({ mains }) => 2 * mains > total);
    const avis = document.querySelector("[data-avis]");
    if (total === 0) avis.textContent = "";
    else if (gagnant) avis.textContent = `La majorité dit «\u00a0${gagnant.libelle}\u00a0» (${gagnant.mains} sur ${total}).`;
    else avis.textContent = `Pas de majorité sur ${total} mains levées.`;
  }

  /* Letters count only while the votes have the focus: elsewhere they are text, or a browser's own keys. */
  function touche(evenement) {
    const votes = evenement.target.closest?.("#votes");
    if (!votes || evenement.ctrlKey || evenement.altKey || evenement.metaKey) return;
    if (evenement.key === "Enter" && evenement.target === votes) saisie().requestSubmit();
    const champ = compteurs().find((autre) => autre.dataset.touche === evenement.key.toUpperCase());
    if (!champ) return;
    evenement.preventDefault();
    compter(champ, evenement.shiftKey ? -1 : 1);
  }

  /* --- going on without leaving the full screen --- */
  function dire(texte) {
    const etat = document.querySelector("[data-etat]");
    if (!etat) return;
    etat.textContent = texte;
    etat.classList.toggle("refuse", Boolean(texte));
  }

  async function aller(adresse, options = {}) {
    if (occupe) return;
    occupe = true;
    const formulaire = saisie();
    const actif = document.activeElement;
    formulaire.inert = true; // what would be typed now would go with the page
    try {
      const reponse = await fetch(adresse, { ...options, signal: AbortSignal.timeout(60000) });
      const page = new DOMParser().parseFromString(await reponse.text(), "text/html");
      if (page.getElementById("saisie")) {
        montrer(page, reponse.url);
        modifie = !reponse.ok; // a page that says what to correct has kept nothing
      } else if (reponse.ok && (!options.method || new URL(reponse.url).pathname.startsWith(racine()))) {
        quitter(reponse.url);
      } else if (reponse.ok || reponse.status === 403) {
        perime = true;
        dire("Rien n'est perdu, mais votre session est terminée : reconnectez-vous dans un autre onglet, puis réessayez.");
      } else {
        dire("La réponse n'a pas pu être enregistrée. Rien n'est perdu : réessayez.");
      }
    } catch {
      dire("La connexion est coupée. Rien n'est perdu : réessayez quand elle revient.");
    } finally {
      occupe = false;
      formulaire.inert = false;
      if (actif.isConnected) actif.focus();
    }
  }

  async function envoyer(formulaire, bouton) {
    const jeton = formulaire.elements.csrfmiddlewaretoken;
    if (perime) jeton.value = (await jetonFrais()) ?? jeton.value;
    perime = false;
    const corps = new URLSearchParams(new FormData(formulaire, bouton));
    await aller(location.pathname, { method: "POST", body: corps });
  }

  /* Signing in again, in another tab, changes the token. */
  async function jetonFrais() {
    try {
      const page = await (await fetch(location.pathname)).text();
      return new DOMParser().parseFromString(page, "text/html").getElementById("saisie")?.elements.csrfmiddlewaretoken.value;
    } catch {
      return undefined;
    }
  }

  const racine = () => location.pathname.replace(/reunion\/[^/]+\/$/, "");

  function quitter(adresse) {
    modifie = false;
    location.assign(adresse);
  }

  function montrer(page, adresse) {
    document.title = page.title;
    document.body.replaceChildren(...page.body.childNodes);
    if (new URL(adresse).pathname !== chemin) history.pushState({}, "", adresse);
    chemin = location.pathname;
    preparer();
    scrollTo(0, 0);
    const erreur = document.querySelector("[role=alert]");
    if (erreur) erreur.tabIndex = -1;
    (erreur ?? document.getElementById("votes")).focus({ preventScroll: !erreur });
  }

  /* --- what only a script can do --- */
  function preparer() {
    for (const champ of compteurs()) {
      if (champ.closest("fieldset").disabled) continue;
      const nom = champ.labels[0].textContent.trim();
      champ.before(bouton("−", `Une main de moins pour « ${nom} »`, () => compter(champ, -1)));
      champ.after(bouton("+", `Une main de plus pour « ${nom} »`, () => compter(champ, 1)));
    }
    const aide = document.createElement("p");
    aide.className = "touches";
    aide.textContent = "Touches O, E, N, S\u00a0: une main de plus\u00a0; avec Maj\u00a0: une de moins.";
    document.querySelector("#votes:not([disabled]) [data-dessous]")?.append(aide);
    suggerer();
    if (document.fullscreenEnabled) {
      const plein = bouton("", "", () => {
        if (document.fullscreenElement) document.exitFullscreen();
        else document.documentElement.requestFullscreen();
      });
      plein.dataset.plein = "";
      document.querySelector("[data-outils]").prepend(plein);
      nommer();
    }
  }

  function nommer() {
    const plein = document.querySelector("[data-plein]");
    if (plein) plein.textContent = document.fullscreenElement ? "Quitter le plein écran" : "Plein écran";
  }

  document.addEventListener("fullscreenchange", nommer);
  document.addEventListener("keydown", touche);
  document.addEventListener("input", (evenement) => {
    if (!evenement.target.closest("#saisie")) return;
    modifie = true;
    if (evenement.target.matches(COMPTES)) suggerer();
  });

  document.addEventListener("submit", (evenement) => {
    const formulaire = evenement.target;
    if (formulaire === saisie()) {
      evenement.preventDefault();
      dire("");
      envoyer(formulaire, evenement.submitter);
    } else if (formulaire.matches("[data-aller]") && !modifie) {
      evenement.preventDefault();
      aller(`${formulaire.action}?${new URLSearchParams(new FormData(formulaire))}`);
    }
  });

  document.addEventListener("click", (evenement) => {
    const lien = evenement.target.closest("a[data-aller]");
    if (!lien || modifie || evenement.ctrlKey || evenement.metaKey || evenement.shiftKey || evenement.altKey) return;
    evenement.preventDefault();
    aller(lien.href);
  });

  window.addEventListener("popstate", () => {
    if (location.pathname !== chemin) location.reload();
  });
  window.addEventListener("beforeunload", (evenement) => {
    if (modifie) evenement.preventDefault();
  });
  preparer();
})();
