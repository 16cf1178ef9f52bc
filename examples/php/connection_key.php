<?php
// Connection keys: what a portal's server hands to the messenger. Copy this file.
declare(strict_types=1);

namespace Chatgenie;

/**
 * The article's key: 64 hexadecimal digits, good until the secret changes.
 *
 * $email has to be the connectionEmail of the page, byte for byte, in UTF-8.
 */
function connectionKey(#[\SensitiveParameter] string $secret, string $email): string
{
    return hash_hmac('sha256', $email, $secret);
}

/** Seconds that a v2 key is good for. Thread takes 600 at the most; less leaves room for clocks that differ. */
const LIFETIME_SECONDS = 300;

/** A key that lives for some minutes, signs in once, and at one app alone. */
function shortLivedKey(
    #[\SensitiveParameter] string $secret,
    string $appId,
    string $email,
    ?int $expires = null,
    ?string $nonce = null,
): string {
    $expires ??= time() + LIFETIME_SECONDS;
    $nonce ??= bin2hex(random_bytes(16));
    $mac = hash_hmac('sha256', "chatgenie-v2\n$appId\n$email\n$expires\n$nonce", $secret);
    return "v2.$expires.$nonce.$mac";
}

/** Takes one line end off, which editors and `echo` leave behind: with it, every key would be wrong. */
function cleanSecret(#[\SensitiveParameter] string $text): string
{
    $secret = preg_replace('/\r?\n\z/', '', $text);
    if ($secret === '' || $secret !== trim($secret)) {
        throw new \InvalidArgumentException(
            'the secret is empty or has white space around it: every byte of it counts'
        );
    }
    return $secret;
}

/**
 * A value as JavaScript that may stand in a <script>: neither </script> nor <!-- can end it.
 *
 * Not htmlspecialchars: a browser does not undo that in a script.
 */
function scriptValue(string $value): string
{
    return json_encode($value, JSON_HEX_TAG | JSON_HEX_AMP | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
}
