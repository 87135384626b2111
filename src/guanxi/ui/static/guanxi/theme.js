// Runs before the first paint, so that a dark page never flashes light. Paper is always light.
(() => {
  const root = document.documentElement;
  const kept = /(?:^|; )guanxi_theme=(light|dark|system)/.exec(document.cookie);
  const choice = kept ? kept[1] : root.dataset.theme || "system";
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const paper = window.matchMedia("print");
  const apply = () => {
    const now = paper.matches ? "light" : root.dataset.theme;
    root.dataset.bsTheme = now === "dark" || (now !== "light" && dark.matches) ? "dark" : "light";
  };
  root.dataset.theme = choice;
  apply();
  for (const condition of [dark, paper]) {
    condition.addEventListener("change", () => {
      apply();
      document.dispatchEvent(new CustomEvent("gx:theme"));
    });
  }
})();
