//! Glyphs: 24 by 24, drawn with a line of two in the text's colour.

use crate::dom::{View, svg};

/// A glyph.
#[derive(Clone, Copy)]
pub(crate) enum Icon {
    Close,
    Back,
    Onwards,
    Send,
    Down,
    Write,
    Speech,
    Lock,
    Mail,
    Warning,
    Clip,
    File,
    Bell,
    Mute,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::Back => "M15 5l-7 7 7 7",
            Self::Onwards => "M9 5l7 7-7 7",
            Self::Send => "M12 19V5M5.5 11.5L12 5l6.5 6.5",
            Self::Down => "M12 5v14M5.5 12.5L12 19l6.5-6.5",
            Self::Write => "M4 20l1-4.2L15.8 5a2 2 0 0 1 2.8 0l.4.4a2 2 0 0 1 0 2.8L8.2 19zM13.8 7l3.2 3.2",
            Self::Speech => "M4.5 12A7.5 7.5 0 1 1 8 18.3L4.5 19.5l1.1-3.6A7.4 7.4 0 0 1 4.5 12z",
            Self::Lock => "M6.5 11h11v8.5h-11zM9 11V8a3 3 0 0 1 6 0v3",
            Self::Mail => "M3.5 6h17v12.5h-17zM4 6.5l8 6.5 8-6.5",
            Self::Clip => {
                "M20 11.5l-8.1 8.1a5 5 0 0 1-7.1-7.1l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7l-8.4 8.4a1.7 1.7 0 0 1-2.4-2.4l7.6-7.6"
            }
            Self::File => "M7 3.5h7l4.5 4.5v12.5H7zM13.5 3.5v5h5",
            Self::Bell => "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4",
            Self::Mute => "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4M4 4l16 16",
            Self::Warning => "M12 4l9 15.5H3zM12 10v4.5M12 17v.2",
        }
    }

    /// Glyphs that point along the line turn where one reads from right to left.
    const fn class(self) -> &'static str {
        match self {
            Self::Back | Self::Onwards | Self::Write | Self::Speech => "icon mirrored",
            _ => "icon",
        }
    }

    /// Draws it. It has no name: what it stands in has.
    pub(crate) fn view(self) -> View {
        svg("svg")
            .attrs(&[
                ("class", self.class()),
                ("viewBox", "0 0 24 24"),
                ("aria-hidden", "true"),
                ("focusable", "false"),
            ])
            .with(svg("path").attr("d", self.path()))
            .into()
    }
}
