// The widget beside its settings: as it will look, changed while one types.
import { View } from "./view.js";

const OWN = "own";

function start() {
  const place = document.querySelector("[data-chat-preview]");
  const told = document.getElementById("chat-preview");
  if (!place || !told) return;
  const setup = JSON.parse(told.textContent);
  const now = new Date().toISOString();
  const state = {
    ready: true, online: true, open: true, connected: true, visitor: { email: "a@b.c" }, isOpen: true, pending: [], readUntil: now,
    messages: [
      { id: 1, mine: true, text: setup.sample.hello, at: now, files: [], key: "" },
      { id: 2, mine: false, name: setup.sample.name, text: setup.sample.answer, at: now, files: [], key: "" },
    ],
  };
  const idle = { base: location.origin, show() {}, say() {}, typing() {}, drop() {}, tryAgain() {}, end: async () => {}, transcript: async () => {} };
  place.dataset.wanted = document.documentElement.dataset.bsTheme || "";
  const view = new View(place, setup, idle, { inline: true });
  view.draw(state);
  view.panel.inert = true;
  view.launch.inert = true;
  const language = setup.language.startsWith("zh") ? "zh" : "en";
  const form = place.closest("form") ?? document.querySelector("form[data-guard]");
  const value = (name) => form.elements[name]?.value.trim() ?? "";
  const text = (name) => value(`${name}_${language}`) || value(`${name}_${language === "zh" ? "en" : "zh"}`);
  form.addEventListener("input", () => {
    const chosen = value("colour") === OWN ? value("own_colour") : value("colour");
    const colour = /^#[0-9a-f]{6}$/i.test(chosen) ? chosen : setup.colour;
    view.dress({ ...setup, colour, title: text("title"), greeting: text("greeting"), side: value("side") });
  });
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
