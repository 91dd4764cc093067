//! What the command itself wrote to the file that `GITHUB_OUTPUT` names.
//! Read as the runner reads it, so that none of it is lost in a composite action.
//! <https://github.com/actions/runner/blob/main/src/Runner.Worker/FileCommandManager.cs>

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

/// More is not handed on, in bytes of JSON: the runner refuses larger outputs.
const MAX_JSON: usize = 1024 * 1024;

/// More of the file is not read, in bytes.
const MAX_FILE: u64 = 16 * 1024 * 1024;

/// The part of the file that the command appends, from its start on.
#[derive(Clone, Debug)]
pub(crate) struct CommandOutputs {
    file: PathBuf,
    from: u64,
}

/// The values by name; a name that was written twice has its last value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct WrittenOutputs(Vec<(String, String)>);

impl CommandOutputs {
    /// Remembers how long the file is before the command runs.
    pub(crate) fn before_the_command(file: &Path) -> Self {
        let from = file.metadata().map_or(0, |metadata| metadata.len());
        Self { file: file.to_owned(), from }
    }

    /// Reads what has been appended since. Nothing where the file is no regular file any more.
    pub(crate) fn read(&self) -> WrittenOutputs {
        self.appended().map(|text| WrittenOutputs::parse(&text)).unwrap_or_default()
    }

    fn appended(&self) -> Option<String> {
        if !self.file.metadata().ok()?.is_file() {
            return None;
        }
        let mut file = File::open(&self.file).ok()?;
        file.seek(SeekFrom::Start(self.from)).ok()?;
        let mut bytes = Vec::new();
        file.take(MAX_FILE).read_to_end(&mut bytes).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }
}

impl WrittenOutputs {
    /// Stops at the first line that the runner would reject.
    fn parse(text: &str) -> Self {
        let mut written = Self::default();
        let mut lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines();
        while let Some(line) = lines.next() {
            if line.is_empty() {
                continue;
            }
            let value_at = line.find('=');
            let delimiter_at = line.find("<<");
            match (value_at, delimiter_at) {
                (Some(at), delimiter) if delimiter.is_none_or(|delimiter| at < delimiter) => {
                    written.set(&line[..at], line[at + 1..].to_owned());
                }
                (_, Some(at)) => {
                    let delimiter = &line[at + 2..];
                    let value: Vec<&str> =
                        lines.by_ref().take_while(|line| *line != delimiter).collect();
                    written.set(&line[..at], value.join("\n"));
                }
                (_, None) => break,
            }
        }
        written
    }

    fn set(&mut self, name: &str, value: String) {
        self.0.retain(|(existing, _)| !existing.eq_ignore_ascii_case(name));
        self.0.push((name.to_owned(), value));
    }

    /// The value of a name. The runner keeps outputs without regard to case.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(existing, _)| existing.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// One JSON object; none where nothing was written.
    ///
    /// # Errors
    /// When it would be larger than the runner takes.
    pub(crate) fn to_json(&self) -> anyhow::Result<Option<String>> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let pairs = self.0.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str())));
        let json = Value::Object(pairs.collect::<Map<_, _>>()).to_string();
        anyhow::ensure!(
            json.len() <= MAX_JSON,
            "the outputs that the command wrote are larger than {} MiB: the output `outputs` is \
             left out",
            MAX_JSON >> 20
        );
        Ok(Some(json))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_are_read_as_the_runner_reads_them() {
        let written = WrittenOutputs::parse(
            "\u{feff}url=https://a.example\r\n\nnotes<<EOF\none\ntwo=2\nEOF\nURL=https://b.example/?x=<<y\n\
             x<<=\n1\n=\nbad\nlost=1\n",
        );
        assert_eq!(
            written.to_json().unwrap().unwrap(),
            r#"{"URL":"https://b.example/?x=<<y","notes":"one\ntwo=2","x":"1"}"#
        );
        assert_eq!(written.get("url"), Some("https://b.example/?x=<<y"));
    }

    #[test]
    fn nothing_written_is_nothing() {
        assert_eq!(WrittenOutputs::default().to_json().unwrap(), None);
    }

    #[test]
    fn what_the_runner_would_refuse_for_its_size_is_left_out() {
        let written = WrittenOutputs::parse(&format!("a={}", "x".repeat(MAX_JSON)));
        assert!(written.to_json().unwrap_err().to_string().contains("larger than 1 MiB"));
    }

    #[test]
    fn only_what_was_appended_counts() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("outputs");
        std::fs::write(&file, "before=1\n").unwrap();
        let outputs = CommandOutputs::before_the_command(&file);
        std::fs::write(&file, "before=1\nafter=2\n").unwrap();
        assert_eq!(outputs.read().to_json().unwrap().unwrap(), r#"{"after":"2"}"#);
    }
}
