// Requests: the CSRF token, events that answers carry, what to do when the server is away or the session ended.
import htmx from "htmx.org";

import { toast } from "./toasts.js";
import { words } from "./words.js";

/** Somebody else changed the same field: the answer is the dialog that lets one choose. */
export class Clash extends Error {}

/** The token that proves a request comes from our page; the cookie is newer than the page when another tab signed in. */
export function csrfToken() {
  const cookie = /(?:^|; )guanxi_csrf=([^;]+)/.exec(document.cookie);
  return cookie ? cookie[1] : document.querySelector('meta[name="csrf-token"]')?.content || "";
}

/** Dispatch the events that an answer carries in HX-Trigger, as htmx does for its own requests. */
export function dispatchTriggers(response) {
  const header = response.headers.get("HX-Trigger");
  if (!header) return;
  for (const [name, detail] of Object.entries(JSON.parse(header))) {
    document.body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: typeof detail === "object" ? detail : { value: detail } }));
  }
}

/** Fetch a fragment or send a form; throws when the answer is an error, after saying so. */
export async function send(url, { method = "GET", body, headers = {} } = {}) {
  let response;
  try {
    response = await fetch(url, {
      method,
      body,
      credentials: "same-origin",
      headers: { "HX-Request": "true", "GX-Asked": "1", "X-CSRFToken": csrfToken(), ...headers },
    });
  } catch {
    toast({ text: words.offline, tone: "danger" });
    throw new Error("offline");
  }
  if (response.redirected && response.url.includes("/accounts/login")) {
    location.reload();
    throw new Error("signed out");
  }
  if (response.headers.get("HX-Redirect")) {
    location.assign(response.headers.get("HX-Redirect"));
    throw new Error("led elsewhere");
  }
  const text = await response.text();
  if (!response.ok) {
    if (response.headers.get("GX-Clash")) throw new Clash(text);
    if (response.headers.get("HX-Trigger")) dispatchTriggers(response);
    else toast({ text: words.failed, tone: "danger" });
    throw new Error(text);
  }
  dispatchTriggers(response);
  return text;
}

/** Fetch the part of the page that shows what was just changed. */
export function refresh(selector) {
  const found = document.querySelector(selector);
  if (!found) return Promise.resolve();
  const headers = { "GX-Refresh": "1" };
  const settings = { target: selector, swap: "outerHTML show:none", headers };
  if (selector !== "#list") settings.select = selector;
  return htmx.ajax("GET", location.pathname + location.search, settings);
}

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrfToken();
  // A person asks for it, not the page by itself (when it stands, on news, when scrolled to).
  if (event.detail.triggeringEvent?.isTrusted) event.detail.headers["GX-Asked"] = "1";
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  // The record went away while its form was open: the answer shows what was typed.
  if (xhr.getResponseHeader("GX-Kept")) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
  if (xhr.responseURL && xhr.responseURL.includes("/accounts/login")) {
    event.detail.shouldSwap = false;
    location.reload();
  }
});
document.addEventListener("htmx:sendError", () => toast({ text: words.offline, tone: "danger" }));
document.addEventListener("htmx:responseError", (event) => {
  if (!event.detail.xhr.getResponseHeader("HX-Trigger")) toast({ text: words.failed, tone: "danger" });
});
document.addEventListener("gx:changed", () => {
  for (const selector of ["#list", "#record"]) refresh(selector);
  for (const element of document.querySelectorAll("[data-refresh-on-change]")) refresh(`#${element.id}`);
});
