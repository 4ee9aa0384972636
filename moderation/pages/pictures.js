"use strict";
// Puts the clear picture into `src` when its reader asks for it, and takes it out again.
(() => {
  const buttons = Array.from(document.querySelectorAll("button.picture"));
  const all = document.getElementById("show-all");
  if (!all) return;
  const blurred = new Map(buttons.map((button) => [button, button.firstElementChild.src]));

  const show = (button, open) => {
    const image = button.firstElementChild;
    image.src = open ? button.dataset.clear : blurred.get(button);
    image.alt = (open ? "" : "Blurred: ") + button.dataset.what;
    button.setAttribute("aria-pressed", String(open));
  };
  const isOpen = (button) => button.getAttribute("aria-pressed") === "true";
  const showAll = (open) => {
    buttons.forEach((button) => show(button, open));
    all.checked = open;
  };

  buttons.forEach((button) => {
    button.disabled = false;
    button.addEventListener("click", () => {
      show(button, !isOpen(button));
      all.checked = buttons.every(isOpen);
    });
  });
  all.checked = false;
  all.addEventListener("change", () => showAll(all.checked));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") showAll(false);
  });
  document.documentElement.classList.add("scripted");
})();
