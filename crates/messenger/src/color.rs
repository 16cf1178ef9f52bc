//! Colours that follow from the app's brand colour, by WCAG 2 contrast.

/// A colour, 0 to 255 each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rgb(pub(crate) u8, pub(crate) u8, pub(crate) u8);

const BLACK: Rgb = Rgb(0, 0, 0);
const WHITE: Rgb = Rgb(255, 255, 255);
/// What lies beneath text in the dark theme: `--surface` of the style sheet.
const DARK_SURFACE: Rgb = Rgb(0x1b, 0x1c, 0x1f);
/// Contrast of text to its ground: WCAG 1.4.3 asks for 4.5; the rest covers the error of [`linear`], which on a dark
/// ground is up to four hundredths of the ratio.
const TEXT_CONTRAST: f64 = 4.7;

impl Rgb {
    /// Reads `#rrggbb`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        Some(Self(part(0)?, part(2)?, part(4)?))
    }

    /// As CSS reads it.
    pub(crate) fn css(self) -> String {
        let hex = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0');
        let mut css = String::from("#");
        for part in [self.0, self.1, self.2] {
            css.push(hex(part >> 4));
            css.push(hex(part & 15));
        }
        css
    }

    /// Relative luminance, 0 for black to 1 for white.
    fn luminance(self) -> f64 {
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    fn mixed(self, other: Self, percent: u32) -> Self {
        let mix = |a: u8, b: u8| {
            let sum = u32::from(a) * (100 - percent) + u32::from(b) * percent;
            u8::try_from(sum / 100).unwrap_or(u8::MAX)
        };
        Self(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }
}

/// sRGB channel to linear light, within 0.002 of the standard's power function, which takes 3 KB of code.
fn linear(part: u8) -> f64 {
    let part = f64::from(part) / 255.0;
    part * (part * (part * 0.305_306_011 + 0.682_171_111) + 0.012_522_878)
}

/// Contrast ratio, 1 to 21.
pub(crate) fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (a.luminance(), b.luminance());
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The text colour on a ground: black or white, whichever contrasts more.
pub(crate) fn text_on(ground: Rgb) -> Rgb {
    if contrast(ground, WHITE) >= contrast(ground, BLACK) { WHITE } else { BLACK }
}

/// The brand colour as a text colour: darkened or lightened just so far that it can be read on `ground`.
fn readable_on(brand: Rgb, ground: Rgb) -> Rgb {
    let towards = text_on(ground);
    (0..=20)
        .map(|step| brand.mixed(towards, step * 5))
        .find(|color| contrast(*color, ground) >= TEXT_CONTRAST)
        .unwrap_or(towards)
}

/// The custom properties that the style sheet takes from a brand colour; none if it is not `#rrggbb`.
pub(crate) fn properties(brand_color: &str) -> Option<[(&'static str, String); 4]> {
    let brand = Rgb::parse(brand_color)?;
    Some([
        ("--brand", brand.css()),
        ("--on-brand", text_on(brand).css()),
        ("--accent-light", readable_on(brand, WHITE).css()),
        ("--accent-dark", readable_on(brand, DARK_SURFACE).css()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((contrast(BLACK, WHITE) - 21.0).abs() < 1e-9);
        assert!((contrast(Rgb(0x76, 0x76, 0x76), WHITE) - 4.54).abs() < 0.05);
    }

    #[test]
    fn colours_are_read_and_written() {
        assert_eq!(Rgb::parse("#0A66c2"), Some(Rgb(0x0a, 0x66, 0xc2)));
        assert_eq!(Rgb(0x0a, 0x66, 0xc2).css(), "#0a66c2");
        for wrong in ["", "#", "0a66c2", "#0a66c", "#0a66c2f", "#0a66cg", "#é66cc", "red"] {
            assert_eq!(Rgb::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn text_is_black_on_light_and_white_on_dark() {
        assert_eq!(text_on(Rgb(0xff, 0xd4, 0x00)), BLACK);
        assert_eq!(text_on(Rgb(0x0a, 0x66, 0xc2)), WHITE);
    }

    proptest! {
        #[test]
        fn text_can_always_be_read(r: u8, g: u8, b: u8) {
            let brand = Rgb(r, g, b);
            prop_assert_eq!(Rgb::parse(&brand.css()), Some(brand));
            prop_assert!(contrast(brand, text_on(brand)) >= 4.5);
            for ground in [WHITE, DARK_SURFACE] {
                prop_assert!(exact_contrast(readable_on(brand, ground), ground) >= 4.5);
            }
        }
    }

    /// By the standard's own formula.
    fn exact_contrast(a: Rgb, b: Rgb) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let luminance = |c: Rgb| 0.2126 * linear(c.0) + 0.7152 * linear(c.1) + 0.0722 * linear(c.2);
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
}
