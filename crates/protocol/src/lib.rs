#![doc = include_str!("../README.md")]

pub mod code;
pub mod color;
pub mod conversation;
pub mod email;
pub mod ids;
pub mod key;
pub mod params;
pub mod port;
pub mod problem;
pub mod secret_scan;
pub mod webhook;
pub mod wire;

pub use code::ErrorCode;
pub use color::Color;
pub use email::Email;
pub use ids::{AppId, AttachmentId, AttemptId, ClientId, MessageId, ServiceRequestId};
pub use key::ConnectionKeyShape;
pub use problem::Problem;
