//! Writes JSON. Not the page's `JSON.stringify`: old libraries give strings and arrays a `toJSON`. Not `serde_json`:
//! objects of texts are all that the widget sends, see `docs/PERFORMANCE.md`.

/// An object of texts.
pub fn object(members: &[(&str, &str)]) -> String {
    let mut json = String::new();
    for (name, value) in members {
        json.push(if json.is_empty() { '{' } else { ',' });
        push_text(&mut json, name);
        json.push(':');
        push_text(&mut json, value);
    }
    json.push('}');
    json
}

fn push_text(json: &mut String, text: &str) {
    json.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => json.extend(['\\', character]),
            // Control characters are not allowed as they are.
            '\0'..' ' => {
                let code = u32::from(character);
                json.push_str("\\u00");
                json.extend([code >> 4, code & 15].map(|digit| char::from_digit(digit, 16).unwrap_or('0')));
            }
            _ => json.push(character),
        }
    }
    json.push('"');
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn any_text_is_read_as_it_was_written(name in any::<String>(), value in any::<String>()) {
            let json = object(&[("first", "1"), (&name, &value)]);
            let read: BTreeMap<String, String> = serde_json::from_str(&json).expect("JSON");
            prop_assert_eq!(read.get(&name), Some(&value));
        }
    }

    #[test]
    fn an_object_has_no_blanks() {
        assert_eq!(object(&[("a", "1"), ("b", "\u{1f}\n\"")]), r#"{"a":"1","b":"\u001f\u000a\""}"#);
    }
}
