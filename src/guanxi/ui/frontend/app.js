// The page's script: htmx and Alpine (CSP build) with our own parts around them.
import Alpine from "@alpinejs/csp";
import htmx from "htmx.org";

import "./charts_loader.js";
import "./countdown.js";
import "./dialogs.js";
import { openDialog } from "./dialogs.js";
import "./forms.js";
import "./inline.js";
import "./list.js";
import "./board.js";
import "./peek.js";
import { stream } from "./live.js";
import "./mentions.js";
import "./menus.js";
import { csrfToken, send } from "./net.js";
import "./palette.js";
import "./presence.js";
import "./record.js";
import { nameKeys } from "./shell.js";
import { isAwaitingKey, isWriting } from "./shortcuts.js";
import { toast } from "./toasts.js";
import "./views.js";
import "./widths.js";
import { words } from "./words.js";

window.htmx = htmx;
window.Alpine = Alpine;
// What a bundle of its own (the desk) needs of every page's.
// `page`: by which what this page did itself is known again.
const page = Array.from(crypto.getRandomValues(new Uint8Array(8)), (one) => (one % 36).toString(36)).join("");
window.guanxi = { csrfToken, isAwaitingKey, isWriting, nameKeys, openDialog, page, send, stream, toast, words };
Alpine.start();
