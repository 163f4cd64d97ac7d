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

  /* What is to be confirmed does not count yet. */
  function compter() {
    const blocs = [...formulaire.querySelectorAll("[data-indicateur]")];
    const aReconfirmer = blocs.filter((bloc) => "aReconfirmer" in bloc.dataset).length;
    const repondus = blocs.filter((bloc) => {
      const { valeur, motif } = champs(bloc);
      return valeur && (valeur !== "sans_objet" || motif.trim()) && !("aReconfirmer" in bloc.dataset);
    }).length;
    const total = Number(formulaire.dataset.autres) + repondus;
    document.querySelector("[data-compte-champ]").textContent = repondus;
    document.querySelector("[data-compte-total]").textContent = total;
    const niveau = document.querySelector("[data-jauge] .niveau");
    niveau.setAttribute("width", Math.round((100 * total) / Number(formulaire.dataset.total)));
    document.querySelector("[data-jauge] title").textContent = `${total} réponses`;
    direAReconfirmer(aReconfirmer);
  }

  function direAReconfirmer(nombre) {
    const duChamp = document.querySelector("[data-tout-reconfirmer]");
    if (duChamp) {
      duChamp.hidden = nombre === 0;
      duChamp.querySelector("[data-a-reconfirmer-champ]").textContent =
        nombre > 1 ? `${nombre} réponses de ce champ attendent` : `${nombre} réponse de ce champ attend`;
    }
    const enTout = document.querySelector("[data-a-reconfirmer-total]");
    if (enTout) {
      const total = Number(formulaire.dataset.autresAReconfirmer) + nombre;
      enTout.hidden = total === 0;
      enTout.querySelector("span").textContent = total;
    }
  }

  function enregistrer(bloc) {
    clearTimeout(enAttente.get(bloc));
    enAttente.delete(bloc);
    nonEnregistres.add(bloc);
    delete bloc.dataset.refuse;
    confirmer(bloc);
    compter();
    dire(bloc, "Enregistrement…");
    direGlobalement();
    chaine = chaine.then(() => envoyer(bloc));
  }

  /* Saving an answer confirms it; should it not arrive, the form that goes on says so. */
  function confirmer(bloc) {
    if (!("aReconfirmer" in bloc.dataset)) return;
    delete bloc.dataset.aReconfirmer;
    const dit = document.createElement("input");
    dit.type = "hidden";
    dit.name = "confirmer";
    dit.value = bloc.id;
    bloc.append(dit);
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
    bloc.querySelector("[data-reprise]")?.remove();
    alerter(bloc.id, contenu.alertes);
    if (!enAttente.has(bloc)) {
      nonEnregistres.delete(bloc);
    }
    dire(bloc, `✓ ${contenu.message}`);
    const effacer = bloc.querySelector("[data-effacer]");
    if (effacer) effacer.hidden = !dit.valeur;
    direGlobalement();
  }

  /* `alertes`: all the rules naming this indicator that answers break; each is said at every indicator it names. */
  function alerter(code, alertes) {
    for (const ancienne of document.querySelectorAll("[data-alerte]")) {
      if (ancienne.dataset.indicateurs.split(" ").includes(code)) ancienne.remove();
    }
    for (const { regle, phrase, bloquante, indicateurs } of alertes) {
      for (const nomme of indicateurs) {
        const alerte = document.getElementById("alerte").content.firstElementChild.cloneNode(true);
        alerte.dataset.alerte = regle;
        alerte.dataset.indicateurs = indicateurs.join(" ");
        alerte.querySelector("[data-code]").textContent = regle;
        alerte.querySelector("[data-phrase]").textContent = phrase;
        alerte.querySelector("[data-bloquante]").hidden = !bloquante;
        document.getElementById(nomme)?.querySelector("[data-alertes]").append(alerte);
      }
    }
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
    if (autre.a_reconfirmer) {
      enregistrer(bloc);
      return;
    }
    nonEnregistres.delete(bloc);
    delete bloc.dataset.refuse;
    dire(bloc, "✓ Réponse de votre collègue gardée");
    compter();
    direGlobalement();
  }

  formulaire.addEventListener("change", (evenement) => {
    const bloc = evenement.target.closest("[data-indicateur]");
    if (bloc) enregistrer(bloc);
  });

  formulaire.addEventListener("input", (evenement) => {
    if (evenement.target.tagName !== "TEXTAREA") return;
    const bloc = evenement.target.closest("[data-indicateur]");
    nonEnregistres.add(bloc);
    clearTimeout(enAttente.get(bloc));
    enAttente.set(bloc, setTimeout(() => enregistrer(bloc), 1200));
    direGlobalement();
  });

  formulaire.addEventListener("click", (evenement) => {
    const appuye = evenement.target.closest("[name=effacer], button[name=confirmer]");
    if (appuye === null) return;
    evenement.preventDefault();
    const bloc = appuye.closest("[data-indicateur]");
    const choisi = bloc.querySelector("input[type=radio]:checked");
    if (choisi && appuye.name === "effacer") choisi.checked = false;
    enregistrer(bloc);
    (bloc.querySelector("input[type=radio]:checked") ?? bloc.querySelector("input[type=radio]")).focus();
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
