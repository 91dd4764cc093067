//! Words, and what they weigh in a table of phrases.
//! Which phrases there are is the data's business, which words count that of `context`.

use std::fmt;
use std::sync::LazyLock;

use super::super::data::keywords;
use super::super::data::languages;
use super::super::data::phrase_table::PhraseTable;
use super::super::words::Words;

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
        for (_, phrase) in table.phrases_in(words, most) {
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
