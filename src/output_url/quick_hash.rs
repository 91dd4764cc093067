//! A quick hash for short keys.

use std::hash::{BuildHasherDefault, Hasher};

/// The `FxHash` of rustc: quick for short keys, and nobody can gain from a collision.
pub(super) type QuickHash = BuildHasherDefault<QuickHasher>;

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct QuickHasher(u64);

impl QuickHasher {
    /// Begins with a seed.
    pub(super) fn with_seed(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for QuickHasher {
    fn write(&mut self, bytes: &[u8]) {
        for word in words(bytes) {
            self.add(word);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// The bytes as words of eight, the last one filled up with zeros.
pub(super) fn words(bytes: &[u8]) -> impl Iterator<Item = u64> {
    let (words, rest) = bytes.as_chunks::<8>();
    let last = rest.iter().rfold(0, |word, byte| word << 8 | u64::from(*byte));
    words.iter().map(|word| u64::from_le_bytes(*word)).chain((!rest.is_empty()).then_some(last))
}
