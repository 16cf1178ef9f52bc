// Pages that the server renders, each with the messenger's parameters for its user.
import path from 'node:path';

const at = (...parts) => path.join(import.meta.dirname, ...parts);

export const folders = {
  '/app/': at('app'),
  '/modules/@chatgenie/messenger/': at('node_modules/@chatgenie/messenger/dist'),
  '/modules/@hotwired/turbo/': at('node_modules/@hotwired/turbo/dist'),
};

const html = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
/** JSON that can end no script, whatever the email is. */
const script = (value) => JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

export function page({ pathname, user, messenger, threadUrl, nonce }) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="thread-origin" content="${html(threadUrl)}">
<meta name="csp-nonce" content="${html(nonce)}">
<meta name="turbo-prefetch" content="false">
<title>Northwind IT</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/shared/app.css">
<script type="module" src="/app/app.js"></script>
</head>
<body>
${user ? portal(pathname, user, messenger) : SIGN_IN}
</body>
</html>`;
}

const portal = (pathname, user, messenger) => `
<script type="application/json" id="chatgenie-params">${script({ ...messenger, connectionKey: undefined })}</script>
<header class="bar">
<p class="brand">Northwind IT</p>
<nav aria-label="Portal"><a href="/">Overview</a> <a href="/devices">Devices</a></nav>
<p class="who"><span>${html(user.name)}</span></p>
<button type="button" id="help">Help</button>
<button type="button" id="sign-out">Sign out</button>
</header>
<main>${pathname === '/devices' ? DEVICES : `<h1>Good to see you, ${html(user.name)}</h1>
<p class="lead">If something is not right, write to us: you are already signed in.</p>`}</main>`;

const DEVICES = `<h1>Devices</h1>
<section class="card"><ul class="rows">
<li><span class="dot"></span><span class="row-name">Firewall<small>Office</small></span></li>
<li><span class="dot attention"></span><span class="row-name">Backup<small>Server room</small></span></li>
</ul></section>`;

const SIGN_IN = `<main class="narrow">
<h1>Sign in to your portal</h1>
<form class="card" data-turbo="false">
<p class="error" role="alert" hidden></p>
<label for="email">Email</label>
<input id="email" name="email" type="email" autocomplete="username" required>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button class="primary" type="submit">Sign in</button>
</form>
<p class="demo">Demo: ann@example.com, demo-lantern-42, or ben@example.com, demo-harvest-17.</p>
</main>`;
