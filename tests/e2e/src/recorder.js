// Keeps what a page writes to its console, for browsers whose driver does not tell: `window.consoleLines`.
(() => {
  const lines = window.consoleLines = [];
  const keep = (level, text) => lines.push({ level, text });
  for (const level of ["error", "warn"]) {
    const write = console[level];
    console[level] = function (...words) {
      keep(level, words.map(String).join(" "));
      return write.apply(this, words);
    };
  }
  addEventListener("error", ({ message }) => message && keep("error", `Uncaught ${message}`));
  addEventListener("unhandledrejection", ({ reason }) => keep("error", `Uncaught (in promise) ${reason}`));
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
    const what = blockedURI === "wasm-eval" ? "WebAssembly" : blockedURI;
    keep("error", `Content Security Policy: ${violatedDirective} refuses ${what}`);
  });
})();
