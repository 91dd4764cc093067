//! What the pages show, as blocks of code, and which test runs each.

mod claims;

use std::fs;
use std::path::{Path, PathBuf};

pub(crate) use claims::claimed;

pub(crate) const ROOT: &str = env!("CARGO_MANIFEST_DIR");

pub(crate) struct Page {
    /// From the root.
    pub(crate) path: String,
    pub(crate) text: String,
}

pub(crate) struct Block {
    pub(crate) page: String,
    pub(crate) line: usize,
    /// The heading that it stands below.
    pub(crate) heading: String,
    pub(crate) language: String,
    pub(crate) text: String,
}

impl Block {
    /// Where a person finds it.
    pub(crate) fn place(&self) -> String {
        format!("{}:{} ({})", self.page, self.line, self.heading)
    }

    pub(crate) fn is(&self, language: &str) -> bool {
        self.language == language
    }

    pub(crate) fn has(&self, text: &str) -> bool {
        self.text.contains(text)
    }
}

/// Everything at the root and in `docs`, in the same order always.
pub(crate) fn pages() -> Vec<Page> {
    let folders = [PathBuf::from(ROOT), Path::new(ROOT).join("docs")];
    let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).expect("it is there"));
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.sort();
    paths.iter().map(|path| Page::read(path)).collect()
}

impl Page {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).expect("pages are UTF-8");
        let inside = path.strip_prefix(ROOT).expect("it was found below the root");
        Self { path: inside.to_string_lossy().replace('\\', "/"), text }
    }

    pub(crate) fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut open: Option<Block> = None;
        let mut heading = String::new();
        for (line, text) in (1..).zip(self.text.lines()) {
            match (&mut open, text.strip_prefix("```")) {
                (Some(_), Some("")) => blocks.extend(open.take()),
                (Some(block), _) => block.text += &format!("{text}\n"),
                (None, Some(language)) => {
                    open = Some(Block {
                        page: self.path.clone(),
                        line,
                        heading: heading.clone(),
                        language: language.to_owned(),
                        text: String::new(),
                    });
                }
                (None, None) if text.starts_with('#') => {
                    text.trim_start_matches('#').trim().clone_into(&mut heading);
                }
                (None, None) => {}
            }
        }
        assert!(open.is_none(), "{} has a block without an end", self.path);
        blocks
    }
}

/// The text of a file from the root.
pub(crate) fn read(path: &str) -> String {
    let file = Path::new(ROOT).join(path);
    fs::read_to_string(file).unwrap_or_else(|why| panic!("{path}: {why}"))
}

/// Every block of every page.
pub(crate) fn blocks() -> Vec<Block> {
    pages().iter().flat_map(Page::blocks).collect()
}
