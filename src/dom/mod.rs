//! Small helpers over the browser's interfaces. What they add, they take away on drop.

mod element;
mod listener;
mod request;
pub mod value;

pub use element::{append, create, create_svg, set_attribute, set_class, style};
pub use listener::Listener;
pub use request::AbortOnDrop;
