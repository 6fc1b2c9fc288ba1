/* What htmx cannot know, a module for each subject. Loaded by every page, as one: where a module is missing none runs. */
import "../vendor/htmx-sse.js";
import "./session.js";
import "./live.js";
import "./story.js";
import "./missed.js";
import "./due.js";
import "./bulk.js";
import "./notes.js";
import "./filters.js";
import "./clocks.js";
import "./keys.js";
import "./copying.js";
import "./board.js";
import "./waiting.js";
import "./settings.js";
import "./voicemail.js";

document.documentElement.classList.add("scripted");
sessionStorage.removeItem("retries"); // of ../retry.js
