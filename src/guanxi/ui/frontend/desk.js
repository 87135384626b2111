// The desk: its own bundle, fetched on its pages alone; what every page has (htmx, toasts, requests) comes from there.
import "./desk/clocks.js";
import "./desk/news.js";
import "./desk/list.js";
import "./desk/opening.js";
import "./desk/thread.js";
import "./desk/composer.js";
import "./desk/files.js";
import "./desk/macros.js";
import "./desk/tabs.js";
import "./desk/keys.js";
import { begin } from "./desk/opening.js";

begin();
