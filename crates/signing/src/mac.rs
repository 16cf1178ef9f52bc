//! HMAC-SHA256, made and compared.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

pub(crate) fn hmac(key: &[u8], parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac
}

/// Lower-case hex, 64 characters.
pub(crate) fn hex_of(mac: Hmac<Sha256>) -> String {
    hex::encode(mac.finalize().into_bytes())
}

/// Whether `mac_hex` is this MAC, in either case. Constant time.
pub(crate) fn fits(mac: Hmac<Sha256>, mac_hex: &str) -> bool {
    let mut given = [0; 32];
    hex::decode_to_slice(mac_hex, &mut given).is_ok() && mac.verify_slice(&given).is_ok()
}
