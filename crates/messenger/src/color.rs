//! What follows from the app's brand colour.

use crate::browser;
use protocol::Color;

/// What lies beneath text in the dark theme: `--surface` of the style sheet.
const DARK_SURFACE: Color = Color::new([0x1b, 0x1c, 0x1f]);
/// Contrast of text to its ground: WCAG 1.4.3 asks for 4.5; the rest covers the error of [`Color::contrast`], which on a
/// dark ground is up to four hundredths of the ratio.
const TEXT_CONTRAST: f64 = 4.7;

/// Gives the page the app's colour.
pub(crate) fn paint(brand_color: &str) {
    let Some(root) = browser::root() else { return };
    for (name, value) in properties(brand_color).into_iter().flatten() {
        // A custom property takes any value.
        let _ = root.style().set_property(name, &value);
    }
}

/// The custom properties that the style sheet takes from a brand colour; none if it is not `#rrggbb`.
fn properties(brand_color: &str) -> Option<[(&'static str, String); 4]> {
    let brand = Color::parse(brand_color)?;
    Some([
        ("--brand", css(brand)),
        ("--on-brand", brand.readable_text().into()),
        ("--accent-light", css(readable_on(brand, Color::WHITE, Color::BLACK))),
        ("--accent-dark", css(readable_on(brand, DARK_SURFACE, Color::WHITE))),
    ])
}

/// The brand colour as a text colour: mixed with `ink` just so far that it can be read on `ground`.
fn readable_on(brand: Color, ground: Color, ink: Color) -> Color {
    (0..=20)
        .map(|step| mixed(brand, ink, step * 5))
        .find(|color| color.contrast(ground) >= TEXT_CONTRAST)
        .unwrap_or(ink)
}

fn mixed(color: Color, other: Color, percent: u32) -> Color {
    let (from, to) = (color.rgb(), other.rgb());
    Color::new(std::array::from_fn(|n| {
        let sum = u32::from(from[n]) * (100 - percent) + u32::from(to[n]) * percent;
        u8::try_from(sum / 100).unwrap_or(u8::MAX)
    }))
}

/// As CSS reads it.
fn css(color: Color) -> String {
    let hex = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0');
    let mut css = String::from("#");
    for part in color.rgb() {
        css.push(hex(part >> 4));
        css.push(hex(part & 15));
    }
    css
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_style_sheet_gets_colours_that_can_be_read() {
        let expected = [
            ("--brand", "#ffd400"),
            ("--on-brand", "#000"),
            ("--accent-light", "#7f6a00"),
            ("--accent-dark", "#ffd400"),
        ];
        let properties = properties("#FFD400").expect("a colour");
        assert_eq!(properties.each_ref().map(|(name, value)| (*name, value.as_str())), expected);
        assert_eq!(super::properties("red"), None);
    }

    proptest! {
        #[test]
        fn text_can_always_be_read(rgb: [u8; 3]) {
            let brand = Color::new(rgb);
            prop_assert_eq!(Color::parse(&css(brand)), Some(brand));
            for (ground, ink) in [(Color::WHITE, Color::BLACK), (DARK_SURFACE, Color::WHITE)] {
                prop_assert!(exact_contrast(readable_on(brand, ground, ink), ground) >= 4.5);
            }
        }
    }

    /// By the standard's own formula.
    fn exact_contrast(a: Color, b: Color) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let luminance = |color: Color| {
            let [r, g, b] = color.rgb().map(linear);
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
}
