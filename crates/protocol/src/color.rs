//! The brand colour, and what can be read on it.

/// An opaque colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color {
    rgb: [u8; 3],
}

impl Color {
    /// Black.
    pub const BLACK: Self = Self { rgb: [0; 3] };
    /// White.
    pub const WHITE: Self = Self { rgb: [255; 3] };

    /// A colour of red, green and blue, 0 to 255 each.
    pub const fn new(rgb: [u8; 3]) -> Self {
        Self { rgb }
    }

    /// Red, green and blue, 0 to 255 each.
    pub const fn rgb(self) -> [u8; 3] {
        self.rgb
    }

    /// Takes `#rrggbb`, either case.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?.as_bytes();
        if digits.len() != 6 {
            return None;
        }
        let digit = |i: usize| char::from(digits[i]).to_digit(16);
        let mut rgb = [0; 3];
        for (i, channel) in rgb.iter_mut().enumerate() {
            *channel = u8::try_from(digit(2 * i)? * 16 + digit(2 * i + 1)?).ok()?;
        }
        Some(Self { rgb })
    }

    /// Black or white, whichever contrasts more by WCAG 2.
    pub fn readable_text(self) -> &'static str {
        // White wins where (1.05 / (l + 0.05)) > ((l + 0.05) / 0.05), which is below this luminance.
        if self.luminance() < 0.179_128_78 { "#fff" } else { "#000" }
    }

    /// Contrast to another colour by WCAG 2, 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Relative luminance of WCAG 2, 0 to 1, from the integer square of each channel's linear value.
    fn luminance(self) -> f64 {
        let [r, g, b] = self.rgb.map(linear);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }
}

/// sRGB channel to linear light. `powf` would bring 2 KB into the widget; this is within 0.002 of it.
fn linear(channel: u8) -> f64 {
    let c = f64::from(channel) / 255.0;
    c * (c * (c * 0.305_306_011 + 0.682_171_111) + 0.012_522_878)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_on_a_colour_is_whichever_contrasts_more() {
        for (color, text) in [
            ("#000000", "#fff"),
            ("#ffffff", "#000"),
            ("#1f6feb", "#fff"),
            ("#FFCC00", "#000"),
            ("#e11d48", "#fff"),
            ("#22c55e", "#000"),
        ] {
            assert_eq!(Color::parse(color).expect(color).readable_text(), text, "{color}");
        }
    }

    #[test]
    fn the_short_form_of_linear_light_is_close_to_the_standard() {
        for channel in 0..=255_u8 {
            let c = f64::from(channel) / 255.0;
            let exact = if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
            assert!((linear(channel) - exact).abs() < 0.004, "{channel}");
        }
    }

    #[test]
    fn the_chosen_text_contrasts_by_at_least_4_5() {
        for r in (0..=255).step_by(15) {
            for g in (0..=255).step_by(15) {
                for b in (0..=255).step_by(15) {
                    let color = Color { rgb: [r, g, b] };
                    let l = color.luminance();
                    let contrast =
                        if color.readable_text() == "#fff" { 1.05 / (l + 0.05) } else { (l + 0.05) / 0.05 };
                    assert!(contrast > 4.5, "{r} {g} {b}: {contrast}");
                }
            }
        }
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((Color::BLACK.contrast(Color::WHITE) - 21.0).abs() < 1e-9);
        assert!((Color::WHITE.contrast(Color::WHITE) - 1.0).abs() < 1e-9);
        assert!((Color::new([0x76; 3]).contrast(Color::WHITE) - 4.54).abs() < 0.05);
    }

    #[test]
    fn other_texts_are_no_colours() {
        for text in ["", "#fff", "1f6feb", "#1f6feg", "#1f6feb00", "red", "#é1f6f"] {
            assert_eq!(Color::parse(text), None, "{text}");
        }
    }
}
