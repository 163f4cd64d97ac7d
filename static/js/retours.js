/* A scanner does not wait for a page: each number leaves at once, one after the other, and the field is free for the
   next. What could not be sent goes to the list below, to be sent again. Without this script, a number a page. */
"use strict";

(() => {
  const formulaire = document.querySelector("[data-scanner]");
  const champ = formulaire.querySelector("[name=numeros]");
  const dit = formulaire.querySelector("[data-dit]");
  const liste = document.querySelector("[data-colles]");
  let chaine = Promise.resolve();
  champ.focus(); // the browser's own autofocus waits for a first picture of the page: a scanner may be ahead of it

  function dire(texte, refuse) {
    dit.textContent = texte;
    dit.classList.toggle("refuse", refuse);
  }

  function montrer(page) {
    const [ici, la] = [document, page].map((une) => une.querySelector("[data-resultats]"));
    const faute = page.querySelector("[data-scanner] .invalid-feedback");
    ici.replaceWith(la); // fails on any other page: a session that has ended, a breakdown
    dire((faute ?? page.querySelector("main > .alert")).textContent.trim(), faute !== null);
  }

  function garder(numero) {
    liste.value = [...liste.value.split("\n").filter(Boolean), numero].join("\n");
    liste.closest("details").open = true;
    dire(`« ${numero} » n'est pas enregistré : il attend dans la liste ci-dessous. Rechargez la page si cela dure.`, true);
  }

  async function envoyer(numero, corps) {
    try {
      const reponse = await fetch(formulaire.action, { method: "POST", body: corps });
      montrer(new DOMParser().parseFromString(await reponse.text(), "text/html"));
    } catch {
      garder(numero);
    }
  }

  formulaire.addEventListener("submit", (evenement) => {
    evenement.preventDefault();
    const numero = champ.value.trim();
    if (!numero) return;
    const corps = new FormData(formulaire);
    champ.value = "";
    formulaire.querySelector(".alert, .invalid-feedback")?.remove();
    champ.classList.remove("is-invalid");
    chaine = chaine.then(() => envoyer(numero, corps));
  });
})();
