// What all parts of the desk share: the page's own words, requests, and telling one another what happened.
const island = document.getElementById("desk-words");
export const words = island ? JSON.parse(island.textContent) : {};
export const guanxi = window.guanxi;
export const htmx = window.htmx;

/** A sentence with its {places} filled in. */
export function say(key, ...values) {
  let index = 0;
  return (words[key] || key).replace(/\{\w+\}/g, () => String(values[index++]));
}

export const desk = () => document.getElementById("desk");
export const left = () => document.getElementById("desk-left");
export const thread = () => document.getElementById("desk-thread");
export const composer = () => document.getElementById("desk-composer");

/** The state of the list as the query of an address. */
export const listQuery = () => left()?.dataset.query || "";

/** An address of the desk with the state of the list, and more. */
export function withList(path, more = {}) {
  const query = new URLSearchParams(listQuery());
  for (const [name, value] of Object.entries(more)) query.set(name, value);
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** Fetch a part of a page as nodes, or post for one; null when it did not come (nothing is said: whoever asks knows). */
export async function part(url, name = "", body = null) {
  const headers = { "HX-Request": "true", "GX-Part": name };
  if (body) Object.assign(headers, { "X-CSRFToken": guanxi.csrfToken(), "GX-Stream": guanxi.stream() });
  let answer;
  try {
    answer = await fetch(url, { method: body ? "POST" : "GET", body, credentials: "same-origin", headers });
  } catch {
    network(false);
    return null;
  }
  network(true);
  if (answer.redirected && answer.url.includes("/accounts/login")) location.reload();
  if (!answer.ok) return null;
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  return holder.content;
}

/** Fetch what a program answers, null when it did not come. */
export async function json(url) {
  try {
    const answer = await fetch(url, { credentials: "same-origin", headers: { "HX-Request": "true" } });
    network(true);
    return answer.ok && !answer.redirected ? await answer.json() : null;
  } catch {
    network(false);
    return null;
  }
}

/** Post values; throws when it failed, after the page has said so. */
export async function post(url, values = {}) {
  const body = values instanceof FormData ? values : new FormData();
  if (body !== values) for (const [name, value] of Object.entries(values)) body.append(name, value);
  return guanxi.send(url, { method: "POST", body });
}

/** Post without a word: read marks and the like. Whether it came through. */
export async function tell(url, values = {}) {
  try {
    const body = new URLSearchParams(values);
    const headers = { "HX-Request": "true", "X-CSRFToken": guanxi.csrfToken() };
    const answer = await fetch(url, { method: "POST", body, headers, credentials: "same-origin", keepalive: true });
    return answer.ok;
  } catch {
    return false;
  }
}

/** Say, above the desk, whether the server can be reached. */
export function network(isThere) {
  const line = document.getElementById("desk-offline");
  if (line) line.hidden = isThere;
}

/** Bring fetched nodes to life where they stand now. */
export function liven(element) {
  htmx.process(element);
  htmx.trigger(element, "htmx:load", { elt: element });
  guanxi.nameKeys?.(element);
}

window.addEventListener("offline", () => network(false));
