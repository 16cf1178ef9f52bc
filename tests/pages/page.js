// What most host pages begin with: what went wrong, what became of `initialize`, and its call.
window.faults = [];
addEventListener("error", ({ message, target }) => faults.push(message || String(target.src)));
addEventListener("unhandledrejection", ({ reason }) => faults.push(String(reason)));
window.outcome = "pending";
/** Calls `initialize`. */
window.begin = (params) => {
  outcome = "pending";
  chatgenie.default.messenger().initialize(params).then(() => { outcome = "resolved"; }, ({ code }) => { outcome = code; });
};
/** What is wrong with the page, beside faults; the page's own say. */
window.harms = () => [];
