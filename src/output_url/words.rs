//! The words of a text.

/// The words of a text, in lower case and without accents; `ServiceURL` and `service_url` are two
/// words each.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// The words, parted by one blank each.
    text: String,
    /// Where each word begins and ends.
    places: Vec<(usize, usize)>,
    has_unspaced: bool,
}

impl Words {
    pub(super) fn of(text: &str) -> Self {
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
                // `网站URL` is two words, too.
                let is_other_script = !(c.is_ascii() && last.is_ascii())
                    && last.is_alphabetic()
                    && is_unspaced(c) != is_unspaced(last);
                if !last.is_alphabetic() || is_hump || is_other_script {
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

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<&str> {
        self.places.get(at).map(|(start, end)| &self.text[*start..*end])
    }

    pub(super) fn last(&self) -> Option<&str> {
        self.get(self.len().checked_sub(1)?)
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.places.iter().map(|(start, end)| &self.text[*start..*end])
    }

    /// All of them, parted by one blank each, where the script puts none between words.
    pub(super) fn unspaced_text(&self) -> Option<&str> {
        self.has_unspaced.then_some(&self.text)
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

/// A letter of a script whose words are not parted, or carry endings: Chinese, Japanese, Korean.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}')
}
