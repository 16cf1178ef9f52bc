//! Which contacts have a row: all others cost a sign-in no read.

use std::collections::HashSet;

/// Contacts whose hashes are kept: some 80 MB at the most. With more, each sign-in asks the database.
pub(super) const MAX_KNOWN_CONTACTS: usize = 4_000_000;

/// Hashes of contacts that have a row. A collision costs a read, nothing more.
#[derive(Debug, Default)]
pub(super) struct KnownContacts {
    hashes: HashSet<u64>,
    /// There are too many to know: any may have a row.
    pub(super) is_full: bool,
    /// All that the database had were read once. Until then, too, any may have a row.
    pub(super) is_complete: bool,
}

impl KnownContacts {
    pub(super) fn may_have(&self, hash: u64) -> bool {
        !self.is_complete || self.has(hash)
    }

    /// Whether adding it would change anything.
    pub(super) fn has(&self, hash: u64) -> bool {
        self.is_full || self.hashes.contains(&hash)
    }

    pub(super) fn add(&mut self, hash: u64, most: usize) {
        if self.hashes.len() >= most {
            *self = Self { hashes: HashSet::new(), is_full: true, is_complete: self.is_complete };
        } else if !self.is_full {
            self.hashes.insert(hash);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn until_all_were_read_any_may_have_a_row() {
        let mut known = KnownContacts::default();
        known.add(1, 3);
        assert!(known.may_have(1) && known.may_have(2));
        known.is_complete = true;
        assert!(known.may_have(1) && !known.may_have(2));
    }

    #[test]
    fn too_many_contacts_to_know_are_all_looked_up() {
        let mut known = KnownContacts { is_complete: true, ..KnownContacts::default() };
        for hash in 0..3 {
            known.add(hash, 3);
        }
        assert!(known.may_have(2) && !known.may_have(3));
        known.add(3, 3);
        assert!(known.may_have(3) && known.may_have(4));
        known.add(5, 3);
        assert!(known.hashes.is_empty(), "their memory is given back");
    }
}
