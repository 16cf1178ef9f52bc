//! A map for a handful of entries.

/// A map that looks from one end to the other: a user has few conversations, and a balanced tree takes 15 KB of
/// code for each pair of types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shelf<K, V>(Vec<(K, V)>);

impl<K, V> Default for Shelf<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: PartialEq, V> Shelf<K, V> {
    /// The value at a key.
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// The value at a key, to change it.
    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.0.iter_mut().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// The value at a key, to change it; a new one if there was none.
    pub(crate) fn entry(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        let at = self.0.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
            self.0.push((key, V::default()));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }

    /// All entries.
    pub(crate) fn iter(&self) -> core::slice::Iter<'_, (K, V)> {
        self.0.iter()
    }

    /// Puts a value at a key, behind all others.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        self.0.retain(|(known, _)| *known != key);
        self.0.push((key, value));
    }

    /// Takes away what was put in first, until so many are left.
    pub(crate) fn keep_last(&mut self, most: usize) {
        self.0.drain(..self.0.len().saturating_sub(most));
    }

    /// Takes the value at a key away.
    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let at = self.0.iter().position(|(known, _)| known == key)?;
        Some(self.0.swap_remove(at).1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    #[test]
    fn what_was_put_in_last_stays() {
        let mut shelf = Shelf::default();
        for key in [1, 2, 3, 1] {
            shelf.insert(key, ());
        }
        shelf.keep_last(2);
        assert_eq!([1, 2, 3].map(|key| shelf.get(&key).is_some()), [true, false, true]);
        shelf.keep_last(5);
        assert_eq!(shelf.iter().count(), 2);
    }

    proptest! {
        #[test]
        fn a_shelf_is_a_map(steps in prop::collection::vec((0_u8..4, 0_u8..4, any::<u32>()), 0..50)) {
            let mut shelf = Shelf::default();
            let mut map = BTreeMap::new();
            for (key, step, value) in steps {
                match step {
                    3 => {
                        shelf.insert(key, value);
                        map.insert(key, value);
                    }
                    0 => prop_assert_eq!(shelf.remove(&key), map.remove(&key)),
                    1 => {
                        *shelf.entry(key) = value;
                        map.insert(key, value);
                    }
                    _ => prop_assert_eq!(shelf.get_mut(&key), map.get_mut(&key)),
                }
                prop_assert_eq!(shelf.get(&key), map.get(&key));
            }
        }
    }
}
