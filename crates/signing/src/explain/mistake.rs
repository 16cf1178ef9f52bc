//! The mistakes, each with its cause and its cure.

use protocol::AppId;

/// One thing that went wrong where a key was made, or with the key since.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mistake {
    /// No key at all, or the word for nothing.
    NoKey,
    /// The secret stands in the key's place.
    SecretAsKey,
    /// The documentation's placeholder.
    Placeholder,
    /// The email stands in the key's place.
    EmailAsKey,
    /// The email is none; why.
    NotAnEmail(&'static str),

    /// The digest is base64.
    Base64,
    /// The digest's bytes as they are.
    Raw,
    /// Something stands around or between the digits.
    Decorated,
    /// The hexadecimal text was encoded once more.
    EncodedTwice,

    /// Secret and email are in each other's place.
    Swapped,
    /// A plain SHA-256 over email and secret.
    PlainHash,
    /// A SHA-256 of the email alone.
    NoSecret,
    /// Hashed once more, before or after.
    HashedTwice,

    /// The secret had a line end.
    SecretLineEnd,
    /// The secret had something around it: spaces, quotes, a byte order mark.
    SecretDecorated,
    /// The secret without its first characters.
    SecretWithoutPrefix,
    /// What the secret's characters stand for in base64url.
    SecretDecoded,
    /// An empty secret.
    SecretMissing,
    /// A placeholder of the documentation stands in the secret's place.
    PlaceholderAsSecret,
    /// The identifier of the app or of a secret stands in the secret's place; which.
    IdentifierAsSecret(String),

    /// The signed email had no white space around it; the page's has.
    EmailTrimmed,
    /// The signed email was lower case; the page's is not.
    EmailLowerCased,
    /// The signed email was upper case.
    EmailUpperCased,
    /// The signed email, or the page's, has HTML entities.
    EmailHtmlEncoded,
    /// The signed email, or the page's, is URL-encoded.
    EmailUrlEncoded,
    /// The signed email had a line end or a space.
    EmailLineEnd,
    /// The signed email stood in quotes.
    EmailQuoted,
    /// The signed email was empty, or the word for nothing.
    EmailMissing,
    /// The signed text was UTF-16.
    Utf16,
    /// The signed text was Latin-1.
    Latin1,

    /// The app's secret, but one that a rotation let lapse; its identifier.
    LapsedSecret(String),
    /// The app's secret, but a revoked one; its identifier.
    RevokedSecret(String),
    /// Another app's secret: app and secret.
    OtherAppsSecret {
        /// Whose secret it is.
        app_id: String,
        /// Its identifier.
        secret_id: String,
    },

    /// The app takes v2 keys alone, and this is a v1 key.
    V1WhereV2IsRequired,
    /// A v2 key's time is over.
    Expired {
        /// For how long, seconds.
        seconds_ago: i64,
    },
    /// A v2 key that would be good for more than 10 minutes.
    LivesTooLong {
        /// For how long still, seconds.
        seconds_left: i64,
    },
    /// A v2 key that was used.
    Used {
        /// When, Unix milliseconds.
        at_ms: i64,
    },
    /// A v2 key bound to another app.
    OtherApp(String),
    /// The signed text of a v2 key is not the documented one.
    V2Message,
    /// `expires` is in milliseconds.
    Milliseconds,
    /// Another part of a v2 key has not its form.
    MalformedV2(&'static str),

    /// Another hash algorithm, by its length.
    OtherHash(&'static str),
    /// A JSON Web Token.
    Jwt,
    /// The right form, but nothing here leads to it.
    UnknownSecretOrEmail,
    /// Neither hexadecimal digits nor anything known.
    NotAKey {
        /// How long it is.
        characters: usize,
    },
}

impl Mistake {
    /// A stable name, for scripts.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoKey => "no_key",
            Self::SecretAsKey => "secret_as_key",
            Self::Placeholder => "placeholder",
            Self::EmailAsKey => "email_as_key",
            Self::NotAnEmail(_) => "not_an_email",
            Self::Base64 => "base64",
            Self::Raw => "raw",
            Self::Decorated => "decorated",
            Self::EncodedTwice => "encoded_twice",
            Self::Swapped => "swapped",
            Self::PlainHash => "plain_hash",
            Self::NoSecret => "no_secret",
            Self::HashedTwice => "hashed_twice",
            Self::SecretLineEnd => "secret_line_end",
            Self::SecretDecorated => "secret_decorated",
            Self::SecretWithoutPrefix => "secret_without_prefix",
            Self::SecretDecoded => "secret_decoded",
            Self::SecretMissing => "secret_missing",
            Self::PlaceholderAsSecret => "placeholder_as_secret",
            Self::IdentifierAsSecret(_) => "identifier_as_secret",
            Self::EmailTrimmed => "email_trimmed",
            Self::EmailLowerCased => "email_lower_cased",
            Self::EmailUpperCased => "email_upper_cased",
            Self::EmailHtmlEncoded => "email_html_encoded",
            Self::EmailUrlEncoded => "email_url_encoded",
            Self::EmailLineEnd => "email_line_end",
            Self::EmailQuoted => "email_quoted",
            Self::EmailMissing => "email_missing",
            Self::Utf16 => "utf16",
            Self::Latin1 => "latin1",
            Self::LapsedSecret(_) => "lapsed_secret",
            Self::RevokedSecret(_) => "revoked_secret",
            Self::OtherAppsSecret { .. } => "other_apps_secret",
            Self::V1WhereV2IsRequired => "v1_where_v2_is_required",
            Self::Expired { .. } => "expired",
            Self::LivesTooLong { .. } => "lives_too_long",
            Self::Used { .. } => "used",
            Self::OtherApp(_) => "other_app",
            Self::V2Message => "v2_message",
            Self::Milliseconds => "milliseconds",
            Self::MalformedV2(_) => "malformed_v2",
            Self::OtherHash(_) => "other_hash",
            Self::Jwt => "jwt",
            Self::UnknownSecretOrEmail => "unknown_secret_or_email",
            Self::NotAKey { .. } => "not_a_key",
        }
    }

    /// What happened.
    pub fn cause(&self) -> String {
        match self {
            Self::NoKey => "There is no key: the variable was empty or not set.".into(),
            Self::SecretAsKey => "This is the secret itself. If it stood in a page, it is void.".into(),
            Self::Placeholder => "This is the placeholder of the documentation.".into(),
            Self::EmailAsKey => "The email stands where the key belongs.".into(),
            Self::NotAnEmail(found) => format!("The email {found}."),
            Self::Base64 => "The digest is written in base64.".into(),
            Self::Raw => "The digest's bytes were used as they are, not as hexadecimal digits.".into(),
            Self::Decorated => "Something stands around or between the digits: spaces, quotes, 0x, colons.".into(),
            Self::EncodedTwice => "The hexadecimal digits were encoded once more.".into(),
            Self::Swapped => "Secret and email are in each other's place.".into(),
            Self::PlainHash => {
                "It is a plain SHA-256 over email and secret, as an older form of the article had it.".into()
            }
            Self::NoSecret => "It is a SHA-256 of the email alone: anybody could make it.".into(),
            Self::HashedTwice => "Email or digest went through a hash function once too often.".into(),
            Self::SecretLineEnd => "The secret was read with the line end of its file.".into(),
            Self::SecretDecorated => {
                "The secret was read with something around it: spaces, quotes or a byte order mark.".into()
            }
            Self::SecretWithoutPrefix => "The secret was used without its first characters, `cgs_`.".into(),
            Self::SecretDecoded => "The secret was decoded from base64 before it was used.".into(),
            Self::SecretMissing => "It was signed with an empty secret: the variable was not set.".into(),
            Self::PlaceholderAsSecret => {
                "It was signed with a placeholder of the documentation in the secret's place.".into()
            }
            Self::IdentifierAsSecret(id) => {
                format!("It was signed with {id}, which is an identifier, in the secret's place.")
            }
            Self::EmailTrimmed => "White space around the email was taken off in one place and not in the other.".into(),
            Self::EmailLowerCased => {
                "The email was lower-cased before it was signed; the page carries it as it was.".into()
            }
            Self::EmailUpperCased => {
                "The email was signed in upper case; the page carries it otherwise.".into()
            }
            Self::EmailHtmlEncoded => {
                "The email has HTML entities in one place and not in the other.".into()
            }
            Self::EmailUrlEncoded => {
                "The email is URL-encoded in one place and not in the other; a `+` may have become a space.".into()
            }
            Self::EmailLineEnd => "A line end or space after the email was signed with it.".into(),
            Self::EmailQuoted => "The email was signed with quotes around it, as JSON has them.".into(),
            Self::EmailMissing => "No email was signed: the variable was empty or not set.".into(),
            Self::Utf16 => "Email or secret was turned into UTF-16 bytes.".into(),
            Self::Latin1 => "Email or secret was turned into Latin-1 bytes.".into(),
            Self::LapsedSecret(id) => format!("It was made with the secret {id}, which a rotation let lapse."),
            Self::RevokedSecret(id) => format!("It was made with the secret {id}, which was revoked."),
            Self::OtherAppsSecret { app_id, secret_id } => {
                format!("It was made with the secret {secret_id} of another app, {app_id}.")
            }
            Self::V1WhereV2IsRequired => "It is a v1 key, and this app takes v2 keys alone.".into(),
            Self::Expired { seconds_ago } => format!("It expired {} ago.", duration(*seconds_ago)),
            Self::LivesTooLong { seconds_left } => format!(
                "It would be good for another {}; Thread takes keys of 10 minutes at the most.",
                duration(*seconds_left)
            ),
            Self::Used { .. } => "It was used before, and a v2 key is good for one page load.".into(),
            Self::OtherApp(app_id) => format!("It was made for another app, {app_id}."),
            Self::V2Message => "The signed text is not that of a v2 key.".into(),
            Self::Milliseconds => "`expires` is in milliseconds.".into(),
            Self::MalformedV2(what) => format!("It starts like a v2 key, but {what}."),
            Self::OtherHash(name) => format!("It is as long as a digest of {name}, which is another algorithm."),
            Self::Jwt => "It is a JSON Web Token.".into(),
            Self::UnknownSecretOrEmail => {
                "It has the right form, but no secret that Thread knows makes it from this email, nor does any known \
                 mistake."
                    .into()
            }
            Self::NotAKey { characters } => format!(
                "It is no key: its {characters} characters are neither 64 hexadecimal digits nor anything known."
            ),
        }
    }

    /// What to do about it, for this app.
    pub fn cure(&self, app_id: &AppId) -> String {
        self.advice().replace("APP_ID", app_id.as_str())
    }

    /// What to do about it; `APP_ID` stands for the app.
    const fn advice(&self) -> &'static str {
        match self {
            Self::NoKey => "Look where the page gets the key from, and whether the user is signed in there.",
            Self::SecretAsKey => {
                "Compute the key on the portal's server and put only the result into the page. If a page had it, \
                 rotate: thread secret rotate APP_ID."
            }
            Self::Placeholder => "Put the key there that the portal's server computed.",
            Self::EmailAsKey => "Put the digest there: hash_hmac('sha256', email, secret).",
            Self::NotAnEmail(_) => "Give the address of the user who is signed in to the portal.",
            Self::Base64 | Self::Raw => {
                "Write the digest as 64 hexadecimal digits: hexdigest() in Python, digest('hex') in Node, \
                 hash_hmac without its fourth argument in PHP."
            }
            Self::Decorated => "Put the 64 hexadecimal digits alone into the page.",
            Self::EncodedTwice => "Use the hexadecimal digits as they are.",
            Self::Swapped => {
                "The secret is the key of the HMAC, the email its message; each language has its own order of \
                 arguments."
            }
            Self::PlainHash | Self::NoSecret => {
                "Use HMAC-SHA256 with the secret as its key and the email as its message."
            }
            Self::HashedTwice => "Sign the email itself, once, and use the digest as it comes.",
            Self::SecretLineEnd | Self::SecretDecorated => {
                "Trim what is read from the file or variable: the secret begins with cgs_ and has 47 characters."
            }
            Self::SecretWithoutPrefix => "Use the whole secret; cgs_ is part of it.",
            Self::SecretDecoded => "Use the secret's characters as they are: they are not decoded.",
            Self::PlaceholderAsSecret | Self::IdentifierAsSecret(_) => {
                "Sign with the secret itself: it begins with cgs_, and is shown once, when the app is made or the secret \
                 rotated."
            }
            Self::SecretMissing => "Look why the portal's server has no secret in its environment.",
            Self::EmailTrimmed
            | Self::EmailLowerCased
            | Self::EmailUpperCased
            | Self::EmailLineEnd
            | Self::EmailQuoted => {
                "Sign the very text that goes into the page as connectionEmail: change it before both or not at all."
            }
            Self::EmailHtmlEncoded => {
                "Sign the plain address, and write it into the script as JSON, not as HTML text."
            }
            Self::EmailUrlEncoded => "Sign the plain address; decode what came in a URL exactly once.",
            Self::EmailMissing => "Look where the portal's server takes the user's email from.",
            Self::Utf16 | Self::Latin1 => "Turn email and secret into bytes as UTF-8.",
            Self::LapsedSecret(_) | Self::RevokedSecret(_) => {
                "Put the app's present secret on the portal's server; thread secret rotate APP_ID makes a new one."
            }
            Self::OtherAppsSecret { .. } => "Check appId and secret: they belong to different apps.",
            Self::V1WhereV2IsRequired => {
                "Make v2 keys on the portal's server, or let v1 in again: thread app update APP_ID --require-v2 false."
            }
            Self::Expired { .. } => {
                "Make a new key for each page load, do not cache the page, and check the portal's clock."
            }
            Self::LivesTooLong { .. } => {
                "Set `expires` to five minutes from now, in Unix seconds, and check the portal's clock."
            }
            Self::Used { .. } => {
                "Make a new key for each page load: a cached page, or one that the browser restored, carries the old one. \
                 A function as connectionKey fetches a fresh one each time."
            }
            Self::OtherApp(_) => "Sign with the appId that the page passes to initialize.",
            Self::V2Message => {
                "Sign these five lines, with \\n between them and none at the end: chatgenie-v2, appId, email, \
                 expires, nonce."
            }
            Self::Milliseconds => "Divide by 1000: expires is in Unix seconds.",
            Self::MalformedV2(_) => "The form is v2.EXPIRES.NONCE.MAC.",
            Self::OtherHash(_) => "Use HMAC-SHA256: 64 hexadecimal digits.",
            Self::Jwt => "Make a connection key instead: hash_hmac('sha256', email, secret).",
            Self::UnknownSecretOrEmail => {
                "Compare with `thread key sign --email EMAIL < secret` on the portal's server: the email byte for byte, \
                 the secret that the server really uses."
            }
            Self::NotAKey { .. } => "Put the 64 hexadecimal digits of the HMAC-SHA256 there.",
        }
    }
}

fn duration(seconds: i64) -> String {
    match seconds {
        ..120 => format!("{seconds} seconds"),
        120..7_200 => format!("{} minutes", seconds / 60),
        7_200..172_800 => format!("{} hours", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}
