// A single-page app with the messenger in it. What concerns the messenger is in the first part; the rest is an
// ordinary small app: two routes, a login form, no framework.

const settings = document.getElementById("app-script").dataset;

// --- The messenger -----------------------------------------------------------------------------------------

/** Loads widget.js once, however often it is asked for. A failed load may be tried again. */
let widget;
function loadWidget() {
  widget ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = settings.widgetUrl;
    script.async = true;
    script.onload = () => resolve(window.chatgenie.default.messenger());
    script.onerror = () => {
      widget = undefined;
      script.remove();
      reject(new Error("widget.js could not be loaded"));
    };
    document.head.append(script);
  });
  return widget;
}

/** The user signed in: hand the messenger the email and the key that OUR SERVER made for it. */
async function startMessenger(user) {
  const params = { appId: settings.appId };
  if (user.connectionKey) {
    params.connectionType = "messenger_auth";
    params.connectionEmail = user.email;
    params.connectionKey = user.connectionKey;
  }
  try {
    const messenger = await loadWidget();
    // The user may have signed out while the script was on its way.
    if (session === user) await messenger.initialize(params);
  } catch (error) {
    // A portal without its messenger is still a portal. "destroyed" means that the user signed out meanwhile.
    if (error.code !== "destroyed") console.warn("The messenger is not available:", error.message);
  }
}

/** The user signed out: nothing of theirs may stay for the next one. Safe in any state. */
function stopMessenger() {
  window.chatgenie?.default.messenger().destroy();
}

// --- The session -------------------------------------------------------------------------------------------

/** Who is signed in: `{ email, name, company, connectionKey }`, or null. The key lives here, not in storage. */
let session = null;

async function fetchSession() {
  const response = await fetch("/api/me");
  return response.ok ? response.json() : null;
}

function setSession(user) {
  if (session) stopMessenger();
  session = user;
  if (session) void startMessenger(session);
  void render();
}

async function signIn(email, password) {
  const response = await fetch("/api/login", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  if (response.status === 401) throw new Error("This email and password do not belong together.");
  if (!response.ok) throw new Error("Signing in did not work. Try again.");
  setSession(await fetchSession());
}

async function signOut() {
  // The messenger goes first: it should not outlive the session, not even while the network is slow.
  setSession(null);
  await fetch("/api/logout", { method: "POST" });
}

// --- Views and routes --------------------------------------------------------------------------------------

const view = document.getElementById("view");
const routes = { "/app": showOverview, "/app/devices": showDevices };

function fromTemplate(id, values) {
  const fragment = document.getElementById(id).content.cloneNode(true);
  bind(fragment, values);
  return fragment;
}

/** Values reach the page as text only. */
function bind(root, values) {
  for (const element of root.querySelectorAll("[data-bind]")) {
    element.textContent = values?.[element.dataset.bind] ?? "";
  }
}

function showLogin() {
  view.replaceChildren(fromTemplate("view-login"));
}

function showOverview() {
  view.replaceChildren(fromTemplate("view-overview", session));
}

async function showDevices() {
  view.replaceChildren(fromTemplate("view-devices", session));
  const list = document.getElementById("devices");
  const response = await fetch("/api/devices");
  if (!response.ok) return;
  for (const device of await response.json()) {
    const row = fromTemplate("device", device);
    row.querySelector(".dot").classList.add(device.healthy ? "good" : "attention");
    list.append(row);
  }
}

async function render() {
  for (const element of document.querySelectorAll("[data-signed-in]")) element.hidden = !session;
  bind(document.querySelector("header"), session);
  for (const link of document.querySelectorAll("nav a")) {
    if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const show = session ? (routes[location.pathname] ?? showOverview) : showLogin;
  await show();
  const heading = view.querySelector("h1").textContent;
  document.title = `${heading} · Northwind IT`;
  document.getElementById("announce").textContent = heading;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-route]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  if (link.pathname !== location.pathname) history.pushState(null, "", link.pathname);
  // The messenger stays as it is: a change of route is no reason to touch it.
  void render().then(() => view.focus());
});

window.addEventListener("popstate", () => void render());

document.getElementById("sign-out").addEventListener("click", () => void signOut());

document.addEventListener("submit", async (event) => {
  if (event.target.id !== "login-form") return;
  event.preventDefault();
  const form = event.target;
  const error = form.querySelector(".error");
  error.hidden = true;
  try {
    await signIn(form.elements.email.value, form.elements.password.value);
    view.focus();
  } catch (cause) {
    error.textContent = cause.message;
    error.hidden = false;
  }
});

setSession(await fetchSession());
