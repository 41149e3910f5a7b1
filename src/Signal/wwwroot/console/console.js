// What a page can't do from the server: the reader's time zone, the theme, the clipboard, and keys.
(() => {
  const root = document.documentElement;
  const remember = (name, value) => {
    document.cookie = `${name}=${encodeURIComponent(value)};path=/;max-age=31536000;samesite=lax${location.protocol === "https:" ? ";secure" : ""}`;
  };

  remember("signal_zone", Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC");

  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const setNav = open => {
    document.querySelector("[data-nav]")?.classList.toggle("open", open);
    document.querySelector("[data-nav-toggle]")?.setAttribute("aria-expanded", String(open));
  };

  const copy = async button => {
    const source = button.dataset.copyFrom ? document.getElementById(button.dataset.copyFrom) : null;
    const text = source ? source.textContent : button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without HTTPS there is no clipboard API; the old way still works.
      const area = document.createElement("textarea");
      area.value = text;
      area.style.position = "fixed";
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 1600);
  };

  document.addEventListener("click", e => {
    const on = selector => e.target.closest?.(selector);
    if (on("[data-theme-toggle]")) {
      root.dataset.theme = isDark() ? "light" : "dark";
      remember("signal_theme", root.dataset.theme);
    } else if (on("[data-nav-toggle]")) setNav(!document.querySelector("[data-nav]").classList.contains("open"));
    else if (on("[data-nav] a")) setNav(false);
    else if (on("[data-copy], [data-copy-from]")) copy(on("[data-copy], [data-copy-from]"));
    else if (on("[data-skip]")) {
      e.preventDefault();
      document.getElementById("content")?.focus();
    }
  });

  // On a phone the tabs scroll: keep the open one in sight.
  let shown;
  const showTab = () => {
    const tab = document.querySelector(".tabs .active");
    if (tab && tab !== shown) tab.scrollIntoView({ inline: "center", block: "nearest" });
    shown = tab;
  };
  showTab();
  new MutationObserver(showTab).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] });

  const typing = t => t instanceof HTMLElement && (t.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName));
  const step = by => {
    const rows = [...document.querySelectorAll("[data-row]")].filter(r => r.offsetParent !== null);
    if (rows.length === 0) return false;
    const at = rows.findIndex(r => r === document.activeElement || r.contains(document.activeElement));
    const row = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by))];
    row.focus();
    row.scrollIntoView({ block: "nearest" });
    return true;
  };

  document.addEventListener("keydown", e => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "Escape") {
      if (document.querySelector(".mud-dialog, .mud-popover-open")) return;
      if (typing(e.target)) e.target.blur();
      else document.querySelector("[data-back]")?.click();
      return;
    }
    if (typing(e.target)) return;
    if (e.key === "/") {
      // The page's own search before the one for everything.
      const search = [...document.querySelectorAll("main [data-search] input, [data-search] input")].sort((a, b) => !!b.closest("main") - !!a.closest("main")).find(i => i.offsetParent !== null);
      if (search) { e.preventDefault(); search.focus(); search.select(); }
    } else if (e.key === "j" || e.key === "k") {
      if (step(e.key === "j" ? 1 : -1)) e.preventDefault();
    } else if (e.key === "Enter" && e.target instanceof HTMLElement && e.target.matches("[data-row]:not(a):not(button)")) {
      e.target.click();
    }
  });

  // A server that was restarted has forgotten the page, and one that is away for long is given up by the framework:
  // the page is taken up again without asking, as soon as there is somebody who answers.
  const comeBack = async () => {
    try {
      if ((await fetch("/healthz", { cache: "no-store" })).ok) return location.reload();
    } catch { /* still away */ }
    setTimeout(comeBack, 2000);
  };
  document.getElementById("components-reconnect-modal")?.addEventListener("components-reconnect-state-changed", e => {
    if (["rejected", "failed", "resume-failed"].includes(e.detail?.state)) comeBack();
  });
})();
