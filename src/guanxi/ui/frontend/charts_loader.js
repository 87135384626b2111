// Fetches the chart library only on pages that have a chart.
import htmx from "htmx.org";

let asked = false;

htmx.onLoad((root) => {
  const has = root.matches?.("[data-chart]") || root.querySelector?.("[data-chart]");
  if (!has) return;
  if (asked) {
    document.dispatchEvent(new CustomEvent("gx:charts"));
    return;
  }
  asked = true;
  const script = document.createElement("script");
  script.src = document.querySelector('meta[name="gx-charts"]').content;
  document.head.append(script);
});
