//! Words and short phrases with their weights, for quick look-up.
//! It knows no meaning: the tables are elsewhere.

/// A table of words, sorted.
#[derive(Debug)]
pub(super) struct Lexicon(Vec<(&'static str, i32)>);

impl Lexicon {
    /// Reads lists of words or phrases, each list with its weight: `(3, "live, is up")`.
    pub(super) fn new(lists: &[(i32, &'static str)]) -> Self {
        let words = |&(weight, list): &(i32, &'static str)| {
            list.split(',').map(move |word| (word.trim(), weight))
        };
        let mut entries: Vec<_> = lists.iter().flat_map(words).collect();
        entries.sort_unstable();
        Self(entries)
    }

    /// The words and phrases that weigh at least so much.
    pub(super) fn at_least(&self, weight: i32) -> impl Iterator<Item = &'static str> {
        self.0.iter().filter(move |(_, held)| *held >= weight).map(|(entry, _)| *entry)
    }

    /// A word as it stands in the table, and its weight.
    pub(super) fn get(&self, word: &str) -> Option<(&'static str, i32)> {
        let at = self.0.binary_search_by(|(entry, _)| (*entry).cmp(word)).ok()?;
        Some(self.0[at])
    }

    /// The longest phrase that a list of words begins with.
    pub(super) fn longest_phrase(&self, words: &[String]) -> Option<(&'static str, i32)> {
        let first = words.first()?;
        let from = self.0.partition_point(|(entry, _)| *entry < first.as_str());
        let begins = |phrase: &str| {
            phrase.split(' ').zip(words).filter(|(a, b)| a == b).count()
                == phrase.split(' ').count()
        };
        let near = self.0[from..].iter().take_while(|(entry, _)| entry.starts_with(first.as_str()));
        near.filter(|(entry, _)| begins(entry)).max_by_key(|(entry, _)| entry.len()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_is_found() {
        let lexicon = Lexicon::new(&[(3, "live, live at"), (-6, "log, log in")]);
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(lexicon.longest_phrase(&words("live at last")), Some(("live at", 3)));
        assert_eq!(lexicon.longest_phrase(&words("live")), Some(("live", 3)));
        assert_eq!(lexicon.longest_phrase(&words("lively")), None);
        assert_eq!(lexicon.get("log in"), Some(("log in", -6)));
    }
}
