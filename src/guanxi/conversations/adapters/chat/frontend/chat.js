// One line of script on any site: <script src="https://OUR/chat/CHANNEL.js" async></script>.
// data-lang, data-theme (light, dark) and data-identity may stand on it; window.GuanxiChat opens it and says who is there.
import { Talk } from "./talk.js";
import { View } from "./view.js";

const script = document.currentScript;

// A server that is away for a moment is asked again: the page may stay open for hours.
async function setup(talk, language) {
  for (let pause = 2000; ; pause = Math.min(pause * 2, 60000)) {
    try {
      return await talk.setup(language);
    } catch (error) {
      if (error.status < 500 && error.status !== 429) throw error;
      await new Promise((done) => setTimeout(done, pause));
    }
  }
}

function start() {
  const address = new URL(script.src);
  const found = address.pathname.match(/^(.*)\/chat\/([^/]+)\.js$/);
  if (!found || document.querySelector(`guanxi-chat[data-channel="${CSS.escape(found[2])}"]`)) return;
  const place = document.createElement("guanxi-chat");
  place.dataset.channel = found[2];
  if (script.dataset.theme) place.dataset.wanted = script.dataset.theme;
  const language = script.dataset.lang || document.documentElement.lang || navigator.language || "en";
  let view = null;
  let waiting = [];
  const talk = new Talk(address.origin + found[1], found[2], (state) => view?.draw(state));
  const when = (act) => (view ? act() : waiting.push(act));
  window.GuanxiChat = {
    open: () => when(() => talk.show(true)),
    close: () => when(() => talk.show(false)),
    // A token, or a function that fetches one; null when the person signs out of the site.
    identify: (token) => when(() => {
      talk.provider = token;
      talk.set({ ready: false });
      return talk.begin(token);
    }),
  };
  setup(talk, language).then(async (told) => {
    document.body.append(place);
    view = new View(place, told, talk);
    view.draw(talk.state);
    await talk.begin(script.dataset.identity || null);
    for (const act of waiting) act();
    waiting = [];
  }).catch((error) => console.warn(`Guanxi chat: ${error.message}`));
}

if (script) {
  if (document.body) start();
  else addEventListener("DOMContentLoaded", start);
}
