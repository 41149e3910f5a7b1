"use strict";
(() => {
  const live = document.getElementById("live");
  const lost = document.getElementById("lost");
  let shown = null;

  const open = () => new Set([...live.querySelectorAll("details[open]")].map((one) => one.id));

  const refresh = async () => {
    try {
      const answer = await fetch("/sandbox/page", { cache: "no-store" });
      const html = await answer.text();
      lost.hidden = answer.ok;
      if (answer.ok && html !== shown) {
        const kept = open();
        live.innerHTML = html;
        for (const id of kept) document.getElementById(id)?.setAttribute("open", "");
        shown = html;
      }
    } catch {
      lost.hidden = false;
    }
    setTimeout(refresh, 2000);
  };

  setTimeout(refresh, 2000);
})();
