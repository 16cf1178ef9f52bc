"""Connection keys: what a portal's server hands to the messenger. Copy this file."""

import hashlib
import hmac
import json
import secrets
import time

#: Seconds that a v2 key is good for. Thread takes 600 at the most; less leaves room for clocks that differ.
LIFETIME_SECONDS = 300


def _hmac(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def connection_key(secret: str, email: str) -> str:
    """The article's key: 64 hexadecimal digits, good until the secret changes.

    `email` has to be the connectionEmail of the page, character for character.
    """
    return _hmac(secret, email)


def short_lived_key(
    secret: str, app_id: str, email: str, *, expires: int | None = None, nonce: str | None = None
) -> str:
    """A key that lives for some minutes, signs in once, and at one app alone."""
    if expires is None:
        expires = int(time.time()) + LIFETIME_SECONDS
    if nonce is None:
        nonce = secrets.token_urlsafe(16)
    mac = _hmac(secret, f"chatgenie-v2\n{app_id}\n{email}\n{expires}\n{nonce}")
    return f"v2.{expires}.{nonce}.{mac}"


def clean_secret(text: str) -> str:
    """Takes one line end off, which editors and `echo` leave behind: with it, every key would be wrong."""
    secret = text.removesuffix("\n").removesuffix("\r") if text.endswith("\n") else text
    if not secret or secret != secret.strip():
        raise ValueError("the secret is empty or has white space around it: every byte of it counts")
    return secret


def script_value(value: str) -> str:
    """A value as JavaScript that may stand in a <script>: neither </script> nor <!-- can end it.

    Not HTML escaping: a browser does not undo that in a script. In a Jinja template, `{{ value | tojson }}` does
    the same.
    """
    text = json.dumps(value)  # ASCII alone: U+2028 and the like are escaped.
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
