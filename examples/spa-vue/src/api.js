// What the app asks of its own server.

async function post(address, body) {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

/** Who is signed in: `{ email, name, messenger }`, or null. */
export const fetchUser = async () => (await fetch('/api/me')).json();

export const signIn = (email, password) => post('/api/login', { email, password });

export const signOut = () => post('/api/logout', {});

/** A connection key for the signed-in user, made by the server. Asked for whenever the messenger needs one. */
export async function fetchConnectionKey() {
  const response = await fetch('/api/connection-key', { cache: 'no-store' });
  if (!response.ok) throw new Error(`no connection key: ${response.status}`);
  return response.text();
}
