/* Comfort on the pages of a survey: copying what is to be sent, and one sheet of slips for a double click. */
"use strict";

(() => {
  const dit = document.querySelector("[data-copie]");

  for (const bouton of document.querySelectorAll("[data-copier]")) {
    bouton.hidden = false;
    bouton.addEventListener("click", async () => {
      const source = document.getElementById(bouton.dataset.copier);
      source.select();
      try {
        await navigator.clipboard.writeText(source.value);
        dit.textContent = "Copié.";
      } catch {
        dit.textContent = "C'est sélectionné : copiez avec Ctrl + C."; // a page without https has no clipboard
      }
    });
  }

  for (const formulaire of document.querySelectorAll("form[data-une-fois]")) {
    let envoye = false;
    formulaire.addEventListener("submit", (evenement) => {
      if (envoye) evenement.preventDefault();
      envoye = true;
      formulaire.querySelector("[data-attente]").hidden = false;
      setTimeout(() => { envoye = false; }, 10_000);
    });
  }
})();
