// The code that a portal would write, with parameters escaped for where they stand.

/** JSON that can stand in a `<script>`: nothing in it ends the element or a line. */
export function scriptValue(value) {
  return JSON.stringify(value, null, 2).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The same, indented and with bare names, as people write objects. */
function object(params, indent) {
  const lines = Object.entries(params).map(([name, value]) => `${indent}  ${name}: ${scriptValue(value)},\n`);
  return `{\n${lines.join('')}${indent}}`;
}

/** Text in an attribute's double quotes. */
const attribute = (text) => String(text).replace(/[&"<>]/g, (c) => `&#${c.charCodeAt(0)};`);

const KEY_COMMENT = '// From your server, for the user who is signed in there.';

/** What each tab shows. `params`: what `initialize` gets. */
export const code = {
  tag: (origin, params) => {
    const data = Object.entries(params).map(
      ([name, value]) => `\n  data-${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}="${attribute(value)}"`,
    );
    return `<script async src="${attribute(origin)}/widget.js"${data.join('')}></script>`;
  },

  snippet: (origin, params) => `<script>
(function (params, src) {
  function run(chatgenie) { chatgenie.default.messenger().initialize(params); }
  if (window.chatgenie && window.chatgenie.default) return run(window.chatgenie);
  var script = document.createElement("script");
  script.async = true;
  script.src = src;
  script.onload = function () { run(window.chatgenie); };
  document.head.appendChild(script);
})(${object(params, '')}, ${scriptValue(`${origin}/widget.js`)});
</script>`,

  npm: (origin, params) => `import { getMessenger } from '@chatgenie/messenger';

const messenger = getMessenger({ origin: ${scriptValue(origin)} });
messenger.on('unread', ({ count }) => showBadge(count));
${params.connectionKey === undefined ? '' : `${KEY_COMMENT}\n`}await messenger.initialize(${object(params, '')});

// When the user signs out:
messenger.destroy();`,

  react: (origin, params) => `import { useMessenger } from '@chatgenie/messenger/react';

function Help() {
  const { unread, open } = useMessenger(${object({ origin, ...params }, '  ')});
  return <button onClick={open}>Help {unread > 0 && \`(\${unread})\`}</button>;
}`,

  vue: (origin, params) => `<script setup>
import { useMessenger } from '@chatgenie/messenger/vue';

const { unread, open } = useMessenger(${object({ origin, ...params }, '')});
</script>

<template>
  <button @click="open">Help <template v-if="unread">({{ unread }})</template></button>
</template>`,
};
