/* The teams' survey: takes the code out of the address, counts answers, keeps a draft on this device when asked to.
   Nothing goes to the server but the page's own forms, which work without this script. */
"use strict";

(() => {
  const PREFIXE = "paliers.enquete.";
  const ENVOI = "paliers.enquete-envoi"; // of this tab: the draft to erase once it has been received

  /* A browser may forbid storing: then nothing is kept, and nothing fails. */
  function essayer(action) {
    try {
      return action();
    } catch {
      return null;
    }
  }

  function effacerLesPerimes() {
    const jour = new Date();
    const ici = [jour.getFullYear(), jour.getMonth() + 1, jour.getDate()];
    const aujourdhui = ici.map((nombre) => String(nombre).padStart(2, "0")).join("-");
    for (const cle of Object.keys(localStorage).filter((nom) => nom.startsWith(PREFIXE))) {
      const brouillon = essayer(() => JSON.parse(localStorage.getItem(cle)));
      if (!brouillon || !(brouillon.jusqu >= aujourdhui)) localStorage.removeItem(cle);
    }
  }

  // --- The code, in the part of the address that is not sent ---
  const CODE = /^(?:[0-9A-HJKMNP-TV-Z]{12}|[0-9A-HJKMNP-TV-Z]{26})$/i; // no other anchor of these pages looks like one

  function entrer(formulaire) {
    const lire = () => {
      const code = (essayer(() => decodeURIComponent(location.hash.slice(1))) ?? "").replace(/[\s-]/g, "");
      if (!CODE.test(code)) return;
      if (!formulaire) {
        location.replace(`${location.pathname}?${location.hash}`); // another link, opened over one of these pages
        return;
      }
      history.replaceState(null, "", location.pathname);
      formulaire.elements.code.value = code;
      formulaire.requestSubmit();
    };
    addEventListener("hashchange", lire);
    if (!formulaire) return;
    formulaire.querySelector("[data-a-la-main]").hidden = true;
    lire();
  }

  // --- The questions ---
  function compter(formulaire) {
    const questions = [...formulaire.querySelectorAll("[data-question]")];
    const avance = formulaire.querySelector("[data-avance]");
    const compte = avance.querySelector("[data-compte]");
    const niveau = avance.querySelector(".niveau");
    const dire = () => {
      const faites = questions.filter((question) => question.querySelector("input:checked")).length;
      if (compte.textContent !== String(faites)) compte.textContent = faites;
      niveau.setAttribute("width", Math.round((100 * faites) / questions.length));
    };
    formulaire.addEventListener("change", dire);
    avance.hidden = questions.length === 0;
    return dire;
  }

  function mesurer(texte, reste) {
    const dire = () => {
      const nombre = texte.maxLength - texte.value.length;
      const pluriel = Math.abs(nombre) > 1 ? "s" : "";
      reste.textContent = nombre < 0
        ? `${-nombre} caractère${pluriel} de trop.`
        : `Il reste ${nombre} caractère${pluriel}.`;
    };
    texte.addEventListener("input", dire);
    return dire;
  }

  const ni = ["code", "groupe", "items", "cle", "quand_meme"]; // what a draft does not hold: it would say whose code it is

  function garder(formulaire, rafraichir) {
    const nom = PREFIXE + formulaire.dataset.brouillon;
    const bloc = formulaire.querySelector("[data-garder]");
    const [choix, rappel] = [bloc.querySelector("#garder"), bloc.querySelector("[data-rappel]")];
    const dit = bloc.querySelector("[data-dit]");
    const cleDeLaPage = formulaire.elements.cle.value;
    const lire = () => essayer(() => JSON.parse(localStorage.getItem(nom)));

    const ecrire = () => {
      if (!choix.checked) return;
      const champs = [...new FormData(formulaire)].filter(([champ]) => !ni.includes(champ));
      const brouillon = { jusqu: formulaire.dataset.jusqu, cle: formulaire.elements.cle.value, champs };
      if (essayer(() => localStorage.setItem(nom, JSON.stringify(brouillon)) ?? true)) {
        rappel.hidden = false;
      } else {
        choix.checked = false;
        dit.textContent = "Ce navigateur ne permet pas de garder vos réponses.";
      }
    };
    const effacer = () => {
      essayer(() => localStorage.removeItem(nom));
      choix.checked = false;
      rappel.hidden = true;
      formulaire.elements.cle.value = cleDeLaPage;
      dit.textContent = "Rien n'est plus gardé sur cet appareil. Vos réponses restent à l'écran jusqu'à l'envoi.";
      choix.focus();
    };
    /* What the draft says, where this page asks it; its key too, so that an answer sent twice counts once. */
    const remettre = (brouillon) => {
      formulaire.elements.cle.value = brouillon.cle;
      for (const [champ, valeur] of brouillon.champs) {
        for (const element of formulaire.querySelectorAll(`[name="${CSS.escape(champ)}"]`)) {
          if (element.type === "radio" || element.type === "checkbox") element.checked ||= element.value === valeur;
          else element.value = valeur;
        }
      }
    };

    bloc.hidden = false;
    const brouillon = lire();
    if (brouillon) {
      choix.checked = true;
      rappel.hidden = false;
      if (!("refus" in formulaire.dataset)) {
        remettre(brouillon);
        dit.textContent = "Les réponses gardées sur cet appareil sont revenues.";
        rafraichir();
      }
    }
    formulaire.addEventListener("input", ecrire);
    choix.addEventListener("change", () => {
      if (choix.checked) dit.textContent = "Vos réponses sont gardées sur cet appareil.";
      else effacer();
    });
    bloc.querySelector("[data-effacer]").addEventListener("click", effacer);
    formulaire.addEventListener("submit", () => essayer(() => sessionStorage.setItem(ENVOI, nom)));
  }

  essayer(effacerLesPerimes);
  entrer(document.querySelector("[data-entree]"));

  const questions = document.querySelector("[data-questions]");
  if (questions) {
    const dires = [compter(questions), mesurer(questions.elements.texte, questions.querySelector("[data-reste]"))];
    const rafraichir = () => dires.forEach((dire) => dire());
    garder(questions, rafraichir);
    rafraichir();
  }

  if (document.querySelector("[data-merci]")) {
    essayer(() => {
      localStorage.removeItem(sessionStorage.getItem(ENVOI));
      sessionStorage.removeItem(ENVOI);
    });
  }
  document.getElementById("erreurs")?.focus();
})();
