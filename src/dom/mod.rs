//! Small helpers over the browser's interfaces. What they add, they take away on drop.

mod browser;
mod callback;
mod element;
pub mod value;

pub use browser::{Asked, ask_page, of_document, request, send, send_digest, try_of_document, when_idle};
pub use callback::{Listener, Timer};
pub use element::{append, create, create_svg, set_attribute, set_class, style};
