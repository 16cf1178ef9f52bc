// The portal's pages.
import { scriptValue } from './connection-key.js';

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const html = (text) => text.replace(/[&<>"']/g, (c) => ENTITIES[c]);

export const loginPage = (refused) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Sign in · Northwind IT</title>
<link rel="icon" href="data:,">
<h1>Sign in to your portal</h1>
${refused ? '<p role="alert">This email and password do not belong together.</p>' : ''}
<form method="post" action="/login">
<p><label>Email <input name="email" inputmode="email" autocomplete="username" required></label></p>
<p><label>Password <input name="password" type="password" autocomplete="current-password" required></label></p>
<p><button>Sign in</button></p>
</form>
<p>A demo: <code>ann@example.com</code>, <code>demo-lantern-42</code></p>
`;

/** JavaScript that asks this portal for a key whenever the messenger needs one. */
const ASK_FOR_KEY = `async () => {
  const answer = await fetch("/connection-key");
  if (!answer.ok) throw new Error("no key: " + answer.status);
  return answer.text();
}`;

export const homePage = ({ appId, email, widgetUrl, key }) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Home · Northwind IT</title>
<link rel="icon" href="data:,">
<h1>Good to see you</h1>
<p>You are signed in as <b id="email">${html(email)}</b>. If something is not right, write to us with the button in the corner.</p>
<form method="post" action="/logout"><button>Sign out</button></form>
<script>
var chatgenieParams = {
appId: ${scriptValue(appId)},
connectionType: "messenger_auth",
connectionEmail: ${scriptValue(email)},
connectionKey: ${key === undefined ? ASK_FOR_KEY : scriptValue(key)}
};
function run(ch){ch.default.messenger().initialize(chatgenieParams);}!function(){var e=window.chatgenie;if(e)run(e);else{function t(){var t=document.createElement("script");t.type="text/javascript",t.async=true,t.readyState?t.onreadystatechange=function(){"loaded"!==t.readyState&&"complete"!==t.readyState||(t.onreadystatechange=null,window.chatgenie&&(e=window.chatgenie,run(e)))}:t.onload=function(){window.chatgenie&&(e=window.chatgenie,run(e))},t.src=${scriptValue(widgetUrl)};var n=document.getElementsByTagName("script")[0];n.parentNode.insertBefore(t,n)}window.attachEvent?window.attachEvent("onload",t):window.addEventListener("load",t,!1)}}();
</script>
`;
