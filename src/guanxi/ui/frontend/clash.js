// A field that two people changed where it stands: a dialog asks which value stays.
import { Clash, send } from "./net.js";

/** Ask with the server's dialog; the field as shown afterwards, null when nothing was chosen. */
export async function askClash(html) {
  const dialog = document.getElementById("dialog");
  const body = document.getElementById("dialog-body");
  body.innerHTML = html;
  const form = body.querySelector("form[data-clash]");
  const answered = new Promise((resolve) => {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      resolve(new FormData(form));
      dialog.close();
      body.replaceChildren();
    });
    dialog.addEventListener("close", () => resolve(null), { once: true });
  });
  if (!dialog.open) dialog.showModal();
  body.querySelector("input[type=radio]")?.focus();
  const chosen = await answered;
  if (!chosen) return null;
  try {
    return await send(form.dataset.clash, { method: "POST", body: chosen });
  } catch (error) {
    // A third hand meanwhile: asked again.
    if (error instanceof Clash) return askClash(error.message);
    return null;
  }
}
