/* Saves each answer as it is given. One chain of requests: they never overtake each other.
   Without this script the page's own buttons save everything. */
"use strict";

(() => {
  const formulaire = document.getElementById("reponses");
  const jeton = formulaire.querySelector("[name=csrfmiddlewaretoken]").value;
  const etatGlobal = document.querySelector("[data-etat-global]");
  const enAttente = new Map(); // fieldset -> timer of a text being typed
  const nonEnregistres = new Set();
  let chaine = Promise.resolve();

  const champs = (bloc) => {
    const code = bloc.id;
    return {
      valeur: bloc.querySelector("input[type=radio]:checked")?.value ?? "",
      motif: bloc.querySelector(`[name="${code}-motif"]`).value,
      commentaire: bloc.querySelector(`[name="${code}-commentaire"]`).value,
    };
  };
  const version = (bloc) => bloc.querySelector(`[name="${bloc.id}-version"]`);

  function dire(bloc, texte, refuse = false) {
    const etat = bloc.querySelector("[data-etat]");
    etat.textContent = texte;
    etat.classList.toggle("refuse", refuse);
  }

  function direGlobalement() {
    const refuse = [...nonEnregistres].some((bloc) => bloc.dataset.refuse);
    etatGlobal.classList.toggle("refuse", refuse);
    etatGlobal.textContent = refuse
      ? "Une réponse n'est pas enregistrée."
      : nonEnregistres.size ? "Enregistrement…" : "✓ Tout est enregistré";
  }

  function compter() {
    const repondus = [...formulaire.querySelectorAll("[data-indicateur]")].filter((bloc) => {
      const { valeur, motif } = champs(bloc);
      return valeur && (valeur !== "sans_objet" || motif.trim());
    }).length;
    const total = Number(formulaire.dataset.autres) + repondus;
    document.querySelector("[data-compte-champ]").textContent = repondus;
    document.querySelector("[data-compte-total]").textContent = total;
    const niveau = document.querySelector("[data-jauge] .niveau");
    niveau.setAttribute("width", Math.round((100 * total) / Number(formulaire.dataset.total)));
    document.querySelector("[data-jauge] title").textContent = `${total} réponses`;
  }

  function enregistrer(bloc) {
    clearTimeout(enAttente.get(bloc));
    enAttente.delete(bloc);
    nonEnregistres.add(bloc);
    delete bloc.dataset.refuse;
    dire(bloc, "Enregistrement…");
    direGlobalement();
    chaine = chaine.then(() => envoyer(bloc));
  }

  async function envoyer(bloc) {
    const dit = champs(bloc);
    try {
      const reponse = await fetch(bloc.dataset.adresse, {
        method: "POST",
        body: new URLSearchParams({ ...dit, version: version(bloc).value }),
        headers: { "X-CSRFToken": jeton, Accept: "application/json" },
        redirect: "manual",
        signal: AbortSignal.timeout(60000),
      });
      if (reponse.type === "opaqueredirect" || reponse.status === 403) {
        refuser(bloc, "Votre session est terminée. Reconnectez-vous dans un autre onglet, puis réessayez.");
        return;
      }
      const contenu = await reponse.json();
      if (reponse.ok) {
        accepter(bloc, contenu, dit);
      } else if (reponse.status === 409) {
        proposer(bloc, contenu);
      } else {
        refuser(bloc, contenu.message);
      }
    } catch {
      refuser(bloc, "La réponse n'a pas pu être enregistrée : vérifiez la connexion.");
    }
  }

  function accepter(bloc, contenu, dit) {
    version(bloc).value = contenu.version;
    bloc.querySelector("[data-conflit]")?.remove();
    if (!enAttente.has(bloc)) {
      nonEnregistres.delete(bloc);
    }
    dire(bloc, `✓ ${contenu.message}`);
    const effacer = bloc.querySelector("[data-effacer]");
    if (effacer) effacer.hidden = !dit.valeur;
    direGlobalement();
  }

  function bouton(texte, act) {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "btn btn-outline-primary me-2 mt-2";
    element.textContent = texte;
    element.addEventListener("click", act);
    return element;
  }

  function refuser(bloc, message) {
    bloc.dataset.refuse = "oui";
    dire(bloc, `${message} `, true);
    const reessayer = bouton("Réessayer", () => enregistrer(bloc));
    bloc.querySelector("[data-etat]").append(reessayer);
    direGlobalement();
  }

  /* Somebody else answered meanwhile: both answers are shown, and one click keeps one of them. */
  function proposer(bloc, autre) {
    bloc.dataset.refuse = "oui";
    bloc.querySelector("[data-conflit]")?.remove();
    const alerte = document.createElement("div");
    alerte.className = "alert alert-warning mt-3";
    alerte.dataset.conflit = "";
    alerte.setAttribute("role", "alert");
    const phrase = document.createElement("p");
    phrase.textContent = `${autre.auteur} a répondu « ${autre.libelle} » à ${autre.heure}, pendant que vous répondiez. Rien n'est perdu : choisissez.`;
    alerte.append(phrase);
    for (const [titre, texte] of [["Sa raison", autre.motif], ["Son commentaire", autre.commentaire]]) {
      if (!texte) continue;
      const ligne = document.createElement("p");
      ligne.className = "saisi";
      ligne.dir = "auto";
      ligne.textContent = `${titre} : ${texte}`;
      alerte.append(ligne);
    }
    alerte.append(
      bouton("Garder ma réponse", () => {
        version(bloc).value = autre.version;
        alerte.remove();
        enregistrer(bloc);
      }),
      bouton("Garder la sienne", () => {
        reprendre(bloc, autre);
        alerte.remove();
      }),
    );
    bloc.querySelector("[data-etat]").before(alerte);
    dire(bloc, "");
    direGlobalement();
  }

  function reprendre(bloc, autre) {
    for (const radio of bloc.querySelectorAll("input[type=radio]")) {
      radio.checked = radio.value === autre.valeur;
    }
    bloc.querySelector(`[name="${bloc.id}-motif"]`).value = autre.motif;
    bloc.querySelector(`[name="${bloc.id}-commentaire"]`).value = autre.commentaire;
    version(bloc).value = autre.version;
    nonEnregistres.delete(bloc);
    delete bloc.dataset.refuse;
    dire(bloc, "✓ Réponse de votre collègue gardée");
    compter();
    direGlobalement();
  }

  formulaire.addEventListener("change", (evenement) => {
    const bloc = evenement.target.closest("[data-indicateur]");
    if (!bloc) return;
    compter();
    enregistrer(bloc);
  });

  formulaire.addEventListener("input", (evenement) => {
    if (evenement.target.tagName !== "TEXTAREA") return;
    const bloc = evenement.target.closest("[data-indicateur]");
    nonEnregistres.add(bloc);
    clearTimeout(enAttente.get(bloc));
    enAttente.set(bloc, setTimeout(() => { compter(); enregistrer(bloc); }, 1200));
    direGlobalement();
  });

  formulaire.addEventListener("click", (evenement) => {
    if (evenement.target.closest("[name=effacer]") === null) return;
    evenement.preventDefault();
    const bloc = evenement.target.closest("[data-indicateur]");
    const choisi = bloc.querySelector("input[type=radio]:checked");
    if (choisi) choisi.checked = false;
    compter();
    enregistrer(bloc);
    bloc.querySelector("input[type=radio]").focus();
  });

  /* Going on waits until everything typed has arrived; what could not be saved goes with the form. */
  let pret = false;
  formulaire.addEventListener("submit", (evenement) => {
    if (pret || nonEnregistres.size === 0) return;
    evenement.preventDefault();
    const bouton = evenement.submitter;
    for (const bloc of enAttente.keys()) enregistrer(bloc);
    // A form ignores being submitted from within its own submission: hence the timer.
    chaine.then(() => setTimeout(() => {
      pret = true;
      formulaire.requestSubmit(bouton);
    }));
  });

  window.addEventListener("beforeunload", (evenement) => {
    if (nonEnregistres.size && !pret) evenement.preventDefault();
  });
  document.querySelector("[data-sans-script]")?.remove();
})();
