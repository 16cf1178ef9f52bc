// The app: who is signed in, the messenger for them, and two routes.
import { MessengerProvider, useMessengerContext } from '@chatgenie/messenger/react';
import { useEffect, useState } from 'react';
import { NavLink, Route, Routes } from 'react-router';
import { fetchConnectionKey, fetchUser, signIn, signOut } from './api.js';

export function App() {
  const [user, setUser] = useState(undefined);
  useEffect(() => {
    fetchUser().then(setUser);
  }, []);
  if (user === undefined) return null;
  return (
    <MessengerProvider options={user && messengerFor(user)}>
      {user ? <Portal user={user} onSignOut={() => setUser(null)} /> : <SignIn onSignIn={setUser} />}
    </MessengerProvider>
  );
}

/** Nobody signed in: null, and no messenger. */
const messengerFor = ({ email, messenger: { origin, appId } }) => ({
  origin,
  appId,
  connectionType: 'messenger_auth',
  connectionEmail: email,
  connectionKey: fetchConnectionKey,
});

function Portal({ user, onSignOut }) {
  const leave = () => {
    // The messenger goes first: it should not outlive the session, not even while the network is slow.
    onSignOut();
    void signOut();
  };
  return (
    <>
      <header className="bar">
        <p className="brand">Northwind IT</p>
        <nav aria-label="Portal">
          <NavLink to="/" end>Overview</NavLink>
          <NavLink to="/devices">Devices</NavLink>
        </nav>
        <p className="who"><span>{user.name}</span></p>
        <HelpButton />
        <button type="button" id="sign-out" onClick={leave}>Sign out</button>
      </header>
      <main>
        <Routes>
          <Route path="/devices" element={<Devices />} />
          <Route path="*" element={<Overview user={user} />} />
        </Routes>
      </main>
    </>
  );
}

/** The messenger is reached from anywhere below its provider. */
function HelpButton() {
  const { isReady, isOpen, unread, user, error, toggle } = useMessengerContext();
  const badge = unread > 0 ? ` (${unread})` : '';
  return (
    <button
      type="button" id="help" disabled={!isReady} aria-pressed={isOpen}
      data-user={user?.email} data-error={error?.code} onClick={toggle}
    >
      Help{badge}
    </button>
  );
}

function Overview({ user }) {
  return (
    <>
      <h1>Good to see you, {user.name}</h1>
      <p className="lead">If something is not right, write to us: you are already signed in.</p>
    </>
  );
}

function Devices() {
  return (
    <>
      <h1>Devices</h1>
      <section className="card">
        <ul className="rows">
          <li><span className="dot" /><span className="row-name">Firewall<small>Office</small></span></li>
          <li><span className="dot attention" /><span className="row-name">Backup<small>Server room</small></span></li>
        </ul>
      </section>
    </>
  );
}

function SignIn({ onSignIn }) {
  const [error, setError] = useState(null);
  const submit = async (event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    try {
      onSignIn(await signIn(form.get('email'), form.get('password')));
    } catch (cause) {
      setError(cause.message);
    }
  };
  return (
    <main className="narrow">
      <h1>Sign in to your portal</h1>
      <form className="card" onSubmit={submit}>
        {error && <p className="error" role="alert">{error}</p>}
        <label htmlFor="email">Email</label>
        <input id="email" name="email" type="email" autoComplete="username" required />
        <label htmlFor="password">Password</label>
        <input id="password" name="password" type="password" autoComplete="current-password" required />
        <button className="primary" type="submit">Sign in</button>
      </form>
      <p className="demo">Demo: ann@example.com, demo-lantern-42, or ben@example.com, demo-harvest-17.</p>
    </main>
  );
}
