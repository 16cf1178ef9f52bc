// Uses an example portal as a browser does: signs in, reads a page, runs its scripts, and tells what the messenger gets.
// Argument: {portal, path, users: [{email, password}]}; prints a list, an entry a user.
import assert from 'node:assert/strict';
import vm from 'node:vm';

const { portal, path, users } = JSON.parse(process.argv[2]);

const get = (where, cookie) => fetch(new URL(where, portal), { redirect: 'manual', headers: cookie ? { cookie } : {} });

const signIn = async (email, password) => {
  const answer = await fetch(new URL('/login', portal), {
    method: 'POST',
    body: new URLSearchParams({ email, password }),
    redirect: 'manual',
  });
  return [answer, answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ')];
};

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const unescapeHtml = (text) =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) =>
    hex ? String.fromCodePoint(parseInt(hex, 16)) : decimal ? String.fromCodePoint(decimal) : (ENTITIES[name] ?? whole),
  );

// As the HTML standard has it: a script ends at the next `</script`, whatever is around it.
const scripts = (html) => [...html.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script/gi)].map((match) => match[1]);

const runPage = (html, globals) => {
  for (const script of scripts(html)) vm.runInNewContext(script, globals);
};

const readPage = async ({ email, password }) => {
  const [answer, cookie] = await signIn(email, password);
  assert.equal(answer.status, 303, `${email}: the sign-in is answered with ${answer.status}`);
  const page = await get(path, cookie);
  assert.equal(page.status, 200, `${path} for ${email}`);
  assert.equal(page.headers.get('cache-control'), 'no-store', 'a page with a key is not kept');
  const html = await page.text();

  // With the messenger there already, the snippet calls initialize at once.
  let parameters;
  const window = { chatgenie: { default: { messenger: () => ({ initialize: (given) => void (parameters = given) }) } } };
  runPage(html, { window, fetch: (where) => get(where, cookie) });
  assert.ok(parameters, 'the page calls initialize');
  const ask = async () => (typeof parameters.connectionKey === 'function' ? parameters.connectionKey() : parameters.connectionKey);
  const keys = [await ask(), await ask()];

  // Without it, the snippet loads the widget.
  const element = {};
  const anchor = { parentNode: { insertBefore: (script) => assert.equal(script, element) } };
  const document = { createElement: () => element, getElementsByTagName: () => [anchor] };
  runPage(html, { document, window: { addEventListener: (event, handler) => handler() }, fetch: assert.fail });

  const shown = /<b id="email">([^<]*)<\/b>/.exec(html);
  assert.ok(shown, 'the page tells who is signed in');
  return { shownEmail: unescapeHtml(shown[1]), parameters, keys, widget: element.src };
};

const [refusal] = await signIn(users[0].email, 'wrong');
assert.equal(refusal.status, 401, 'a wrong password is refused');
const [unknown] = await signIn('nobody@example.com', '');
assert.equal(unknown.status, 401, 'an unknown user is refused');
assert.equal((await get('/connection-key')).status, 401, 'nobody signed in, no key');
assert.equal((await get(path)).status, 303, 'nobody signed in, no page');

const pages = [];
for (const user of users) pages.push(await readPage(user));
console.log(JSON.stringify(pages));
