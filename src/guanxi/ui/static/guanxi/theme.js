// Runs before the first paint, so that a dark page never flashes light.
(() => {
  const root = document.documentElement;
  const kept = /(?:^|; )guanxi_theme=(light|dark|system)/.exec(document.cookie);
  const choice = kept ? kept[1] : root.dataset.theme || "system";
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const now = root.dataset.theme;
    root.dataset.bsTheme = now === "dark" || (now !== "light" && dark.matches) ? "dark" : "light";
  };
  root.dataset.theme = choice;
  apply();
  dark.addEventListener("change", () => {
    apply();
    document.dispatchEvent(new CustomEvent("gx:theme"));
  });
})();
