//! Words and short phrases with their weights, for quick look-up.
//! It holds no words of its own: those are in the other files of this folder.

use std::collections::HashMap;

use super::super::quick_hash::QuickHash;
use super::super::words::{Words, is_unspaced};

/// A table of phrases, by their first words.
#[derive(Debug)]
pub(in super::super) struct PhraseTable {
    by_word: HashMap<&'static str, Vec<Phrase>, QuickHash>,
    /// Phrases of scripts that put no blanks between words: found inside of a word, too.
    unspaced: Vec<Phrase>,
}

/// A phrase, its weight, and how many words it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Phrase {
    pub(in super::super) text: &'static str,
    pub(in super::super) weight: i32,
    pub(in super::super) words: usize,
}

/// Lists of words or phrases, parted by commas, each list with its weight: `(3, "live, is up")`.
pub(in super::super) type Lists = [(i32, &'static str)];

impl PhraseTable {
    pub(in super::super) fn new(groups: &[&Lists]) -> Self {
        let mut table = Self { by_word: HashMap::default(), unspaced: Vec::new() };
        for (weight, list) in groups.iter().copied().flatten() {
            for text in list.split(',').map(str::trim) {
                let words = text.split(' ').count();
                let phrase = Phrase { text, weight: *weight, words };
                if text.starts_with(is_unspaced) {
                    table.unspaced.push(phrase);
                } else {
                    let first = text.split(' ').next().unwrap_or(text);
                    table.by_word.entry(first).or_default().push(phrase);
                }
            }
        }
        // The longest first: it is what was meant.
        table.unspaced.sort_by_key(|phrase| std::cmp::Reverse(phrase.text.len()));
        table.by_word.values_mut().for_each(|phrases| {
            phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.words));
        });
        table
    }

    /// A single word, as it stands in the table.
    pub(in super::super) fn get(&self, word: &str) -> Option<Phrase> {
        self.by_word.get(word)?.iter().find(|phrase| phrase.words == 1).copied()
    }

    /// The phrases among the first words, the longest at each place: a pair's words do not count
    /// again.
    pub(in super::super) fn phrases_in(&self, words: &Words, most: usize) -> Vec<(usize, Phrase)> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len().min(most) {
            let longest = self.longest_at(words, at);
            found.extend(longest.map(|phrase| (at, phrase)));
            at += longest.map_or(1, |phrase| phrase.words);
        }
        if let Some(text) = words.unspaced_text() {
            found.extend(self.inside(text).map(|phrase| (0, phrase)));
        }
        found
    }

    /// The longest phrase that begins at one of the words.
    pub(in super::super) fn longest_at(&self, words: &Words, at: usize) -> Option<Phrase> {
        let begins = |phrase: &&Phrase| {
            phrase.words == 1
                || phrase
                    .text
                    .split(' ')
                    .enumerate()
                    .all(|(offset, word)| words.get(at + offset) == Some(word))
        };
        self.by_word.get(words.get(at)?)?.iter().find(begins).copied()
    }

    /// The phrases inside of a word of an unspaced script, from left to right.
    pub(in super::super) fn inside(&self, word: &str) -> impl Iterator<Item = Phrase> {
        let mut rest = word;
        std::iter::from_fn(move || {
            while let Some(first) = rest.chars().next() {
                let found = self.unspaced.iter().find(|phrase| rest.starts_with(phrase.text));
                rest = &rest[found.map_or(first.len_utf8(), |phrase| phrase.text.len())..];
                if found.is_some() {
                    return found.copied();
                }
            }
            None
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTS: &Lists = &[(3, "live, live at, 地址"), (-6, "log, log in, 日志")];

    #[test]
    fn the_longest_phrase_is_found() {
        let table = PhraseTable::new(&[LISTS]);
        let longest = |text: &str| {
            table.longest_at(&Words::of(text), 0).map(|phrase| (phrase.text, phrase.weight))
        };
        assert_eq!(longest("live at last"), Some(("live at", 3)));
        assert_eq!(longest("live"), Some(("live", 3)));
        assert_eq!(longest("lively"), None);
        assert_eq!(longest("log in"), Some(("log in", -6)));
    }

    #[test]
    fn a_phrase_is_found_inside_of_words_without_blanks() {
        let table = PhraseTable::new(&[LISTS]);
        let found: Vec<_> = table.inside("查看日志的地址").map(|phrase| phrase.text).collect();
        assert_eq!(found, ["日志", "地址"]);
    }
}
