"""The smallest real portal: a login, and pages with the messenger in them."""

import hmac
import os
import secrets

from flask import Flask, Response, redirect, render_template, request, session

from connection_key import clean_secret, connection_key, short_lived_key

# A demo's users and passwords. A real portal keeps password hashes.
USERS = {
    "ann@example.com": "demo-lantern-42",
    "ann+test@example.com": "demo-harvest-17",
    "o'neil@example.com": "demo-copper-58",
    "zoë@example.com": "demo-meadow-23",
}


def setting(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise SystemExit(f"portal: {name} is not set")
    return value


SECRET = clean_secret(setting("CHATGENIE_SECRET"))
APP_ID = setting("CHATGENIE_APP_ID")
WIDGET_URL = setting("THREAD_URL", "http://127.0.0.1:8080") + "/widget.js"

app = Flask(__name__)
app.secret_key = secrets.token_bytes(32)  # Signs the portal's own cookie; another one at each start.
app.config.update(SESSION_COOKIE_NAME="portal", SESSION_COOKIE_SAMESITE="Lax")


@app.after_request
def no_store(response: Response) -> Response:
    # The pages hold a key, so nothing between here and the user may keep them.
    response.headers["Cache-Control"] = "no-store"
    return response


@app.get("/")
def login_page():
    return redirect("/home", 303) if "email" in session else render_template("login.html")


@app.post("/login")
def login():
    email, password = request.form.get("email", ""), request.form.get("password", "")
    expected = USERS.get(email)
    if expected is None or not hmac.compare_digest(expected.encode(), password.encode()):
        return render_template("login.html", refused=True), 401
    session["email"] = email
    return redirect("/home", 303)


@app.post("/logout")
def logout():
    session.clear()
    return redirect("/", 303)


@app.get("/home")
def home():
    if "email" not in session:
        return redirect("/", 303)
    email = session["email"]
    return page(email, connection_key(SECRET, email))


@app.get("/home-v2")
def home_v2():
    # Without a key in it: the page asks for one whenever it needs one, so one that stays open never holds an old one.
    return page(session["email"], None) if "email" in session else redirect("/", 303)


@app.get("/connection-key")
def key():
    # The email is the one of the portal's own session. From a request, it would let anybody be anybody.
    if "email" not in session:
        return Response(status=401)
    return Response(short_lived_key(SECRET, APP_ID, session["email"]), mimetype="text/plain")


def page(email: str, key: str | None) -> str:
    return render_template("home.html", app_id=APP_ID, widget_url=WIDGET_URL, email=email, key=key)


if __name__ == "__main__":
    app.run("127.0.0.1", int(setting("PORT", "8090")))
