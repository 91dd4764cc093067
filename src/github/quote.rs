//! Text of others, made fit to stand in a message of ours.

/// A quotation has no more characters than this.
const MAX_QUOTE: usize = 300;

/// One line of at most [`MAX_QUOTE`] characters: control characters, and characters that hide or
/// turn text, become blanks.
pub(super) fn quote(text: &str) -> String {
    let is_blank = |c: char| {
        let is_invisible = matches!(c,
            '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}');
        c.is_whitespace() || c.is_control() || is_invisible
    };
    let mut line = String::new();
    let mut left = MAX_QUOTE;
    for word in text.split(is_blank).filter(|word| !word.is_empty()) {
        let blank = if line.is_empty() { "" } else { " " };
        for c in blank.chars().chain(word.chars()) {
            if left == 0 {
                line.push('…');
                return line;
            }
            line.push(c);
            left -= 1;
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;

    proptest! {
        #[test]
        fn a_quotation_is_one_short_line(text in any::<String>()) {
            let quoted = quote(&text);
            assert!(quoted.chars().count() <= MAX_QUOTE + 1);
            assert!(!quoted.chars().any(char::is_control));
        }
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(quote(&"é".repeat(300)), "é".repeat(300));
        assert_eq!(quote(&"é".repeat(301)), "é".repeat(300) + "…");
        assert_eq!(quote("\u{1b}[1mNo\r\n::error::x"), "[1mNo ::error::x");
    }
}
