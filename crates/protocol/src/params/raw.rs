//! Parameters as a page gives them.

/// One own or inherited property of the page's object.
#[derive(Clone, PartialEq, Eq)]
pub struct RawParam {
    /// Its name, as spelt.
    pub name: String,
    /// Its value, as far as it matters here.
    pub value: RawValue,
}

/// A JavaScript value, as far as it matters here.
#[derive(Clone, PartialEq, Eq)]
pub enum RawValue {
    /// `undefined` or `null`: counts as absent.
    Absent,
    /// A string.
    Text(String),
    /// A function.
    Function,
    /// An element of the page.
    Element,
    /// Anything else, named for the message: "a number", "an array", …
    Other(&'static str),
    /// Reading it threw.
    Threw,
}

impl RawValue {
    /// What was found, for a message. Never the value itself.
    pub(super) fn describe(&self) -> &'static str {
        match self {
            Self::Absent => "nothing",
            Self::Text(text) if text.is_empty() => "an empty string",
            Self::Text(_) => "a string",
            Self::Function => "a function",
            Self::Element => "an element",
            Self::Other(what) => what,
            Self::Threw => "a getter that threw",
        }
    }
}

/// Says what kind of value it is: any of them may be a key.
impl core::fmt::Debug for RawValue {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.describe())
    }
}
