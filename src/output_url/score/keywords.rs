//! Words, and what they weigh in a table of phrases.
//! Which phrases there are is the data's business, which words count that of `context`.

use std::fmt;
use std::sync::LazyLock;

use super::super::data::keywords;
use super::super::data::languages;
use super::super::data::phrase_table::{Phrase, PhraseTable, is_unspaced};

/// What good words can say together, so that no chatter outweighs a bad one.
pub(in super::super) const MOST: i32 = 5;

/// Phrases before a URL. The good ones add up, to [`MOST`]; of the bad ones the worst counts.
pub(in super::super) static BEFORE: LazyLock<PhraseTable> = LazyLock::new(|| {
    let groups: Vec<_> = [keywords::BEFORE].iter().chain(languages::BEFORE).copied().collect();
    PhraseTable::new(&groups)
});

pub(in super::super) static BEHIND: LazyLock<PhraseTable> =
    LazyLock::new(|| PhraseTable::new(&[keywords::BEHIND, languages::BEHIND]));

pub(in super::super) static PURPOSES: LazyLock<PhraseTable> =
    LazyLock::new(|| PhraseTable::new(&[keywords::PURPOSES]));

pub(in super::super) static WENT_WELL: LazyLock<PhraseTable> =
    LazyLock::new(|| PhraseTable::new(&[keywords::WENT_WELL, languages::WENT_WELL]));

pub(in super::super) static FAILED: LazyLock<PhraseTable> =
    LazyLock::new(|| PhraseTable::new(&[keywords::FAILED, languages::FAILED]));

/// The words of a text, in lower case and without accents; `ServiceURL` and `service_url` are two
/// words each.
#[derive(Debug, Default)]
pub(in super::super) struct Words {
    /// The words, parted by one blank each.
    text: String,
    /// Where each word begins and ends.
    places: Vec<(usize, usize)>,
    has_unspaced: bool,
}

impl Words {
    pub(in super::super) fn of(text: &str) -> Self {
        let mut words = Self { text: String::with_capacity(text.len()), ..Self::default() };
        let (mut last, mut before_last) = (' ', ' ');
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if c.is_alphabetic() {
                let is_hump = c.is_uppercase() && last.is_lowercase();
                // `URLs` is a plural, no two words.
                let ends_acronym = c.is_lowercase()
                    && last.is_uppercase()
                    && before_last.is_uppercase()
                    && chars.peek().is_some_and(|next| next.is_lowercase());
                if !last.is_alphabetic() || is_hump {
                    words.begin();
                }
                if ends_acronym {
                    words.begin_with_last();
                }
                words.push(c);
            }
            (before_last, last) = (last, c);
        }
        words
    }

    pub(in super::super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(in super::super) fn get(&self, at: usize) -> Option<&str> {
        self.places.get(at).map(|(start, end)| &self.text[*start..*end])
    }

    pub(in super::super) fn last(&self) -> Option<&str> {
        self.get(self.len().checked_sub(1)?)
    }

    pub(in super::super) fn iter(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.places.iter().map(|(start, end)| &self.text[*start..*end])
    }

    /// The phrases of a table, the longest at each place: a pair's words do not count again.
    pub(in super::super) fn phrases(
        &self,
        table: &PhraseTable,
        most: usize,
    ) -> Vec<(usize, Phrase)> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.len().min(most) {
            let longest = table.longest_at(self, at);
            found.extend(longest.map(|phrase| (at, phrase)));
            at += longest.map_or(1, |phrase| phrase.words);
        }
        if self.has_unspaced {
            found.extend(table.inside(&self.text).map(|phrase| (0, phrase)));
        }
        found
    }

    fn begin(&mut self) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.places.push((self.text.len(), self.text.len()));
    }

    /// The last letter begins a new word.
    fn begin_with_last(&mut self) {
        if let Some(letter) = self.text.pop() {
            if let Some((_, end)) = self.places.last_mut() {
                *end -= letter.len_utf8();
            }
            self.begin();
            self.push_letter(letter);
        }
    }

    fn push(&mut self, c: char) {
        if c.is_ascii() {
            return self.push_letter(c.to_ascii_lowercase());
        }
        self.has_unspaced |= is_unspaced(c);
        for letter in c.to_lowercase() {
            if let Some(letter) = without_accent(letter) {
                self.push_letter(letter);
            }
        }
    }

    fn push_letter(&mut self, letter: char) {
        self.text.push(letter);
        if let Some((_, end)) = self.places.last_mut() {
            *end = self.text.len();
        }
    }
}

/// A small letter without the marks that people leave out; None is a mark alone.
fn without_accent(letter: char) -> Option<char> {
    Some(match letter {
        '\0'..='\x7f' => letter,
        '\u{300}'..='\u{36f}' => return None,
        'à'..='å' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ę' | 'ě' => 'e',
        'ğ' => 'g',
        'ì'..='ï' | 'ı' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' => 'n',
        'ò'..='ö' | 'ø' => 'o',
        'ś' | 'š' | 'ş' | 'ß' => 's',
        'ù'..='ü' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'ё' => 'е',
        _ => letter,
    })
}

/// Words that weigh something, and what they weigh together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Keywords {
    pub(in super::super) points: i32,
    pub(in super::super) matched: Vec<&'static str>,
}

impl Keywords {
    pub(in super::super) fn weigh(words: &Words, table: &PhraseTable, most: usize) -> Self {
        let mut weighed = Self::default();
        let mut worst = 0;
        for (_, phrase) in words.phrases(table, most) {
            weighed.matched.push(phrase.text);
            if phrase.weight > 0 {
                weighed.points += phrase.weight;
            } else {
                worst = worst.min(phrase.weight);
            }
        }
        weighed.points = weighed.points.min(MOST) + worst;
        weighed
    }

    /// Adds what other words say about the same URL.
    pub(in super::super) fn join(&mut self, other: Self) {
        self.points = (self.points + other.points).min(MOST);
        self.matched.extend(other.matched);
    }

    pub(in super::super) fn add(&mut self, reason: &'static str, points: i32) {
        self.points += points;
        self.matched.push(reason);
    }

    /// Counts a bad word unless a worse one has been counted.
    pub(in super::super) fn worsen(&mut self, reason: &'static str, points: i32) {
        self.points = self.points.min(points);
        self.matched.push(reason);
    }

    /// Plain words, or words for what has been done, and no bad one outweighs them.
    pub(in super::super) fn is_announcement(&self) -> bool {
        let is_done = |phrase: &&str| {
            phrase.split(' ').any(|word| WENT_WELL.get(word).is_some())
                || WENT_WELL.inside(phrase).next().is_some()
        };
        self.points >= MOST || (self.points >= 3 && self.matched.iter().any(is_done))
    }
}

impl fmt::Display for Keywords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.matched.is_empty() {
            return f.write_str("the words around it say nothing");
        }
        write!(f, "words: {} ({:+})", self.matched.join(", "), self.points)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(Words::of(text).iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn words_are_parted_by_what_is_no_letter_and_by_humps() {
        check("ServiceURL: live-at x", &["service", "url", "live", "at", "x"]);
        check("site_url URLs HTTPServer", &["site", "url", "urls", "http", "server"]);
        check("", &[]);
    }

    #[test]
    fn accents_do_not_matter() {
        check("Déployé à l'adresse", &["deploye", "a", "l", "adresse"]);
        check("Yayında VERFÜGBAR завершён", &["yayinda", "verfugbar", "завершен"]);
    }

    #[test]
    fn the_worst_word_counts_once_and_good_ones_add_up() {
        let weigh = |text| Keywords::weigh(&Words::of(text), &BEFORE, usize::MAX).points;
        assert_eq!(weigh("production website url"), MOST);
        assert_eq!(weigh("dashboard logs"), -6);
        assert_eq!(weigh("部署完成！访问地址"), MOST);
    }
}
