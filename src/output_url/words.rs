//! What the words around a URL say about it. They are the general knowledge of this room: they
//! hold for tools that nobody here has seen. A vendor's name is no word of theirs.

use std::fmt;

/// What some words say: points, and the words themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) points: i32,
    pub(super) words: Vec<&'static str>,
}

/// What good words can say together, so that no chatter outweighs a bad one.
pub(super) const MOST: i32 = 5;

/// Words and pairs of words before a URL, sorted. The good ones add up, to [`MOST`]; of the bad
/// ones the worst counts.
const BEFORE: &[(&str, i32)] = &[
    ("access", 1),
    ("accessible at", 4),
    ("account", -4),
    ("activate", -5),
    ("address", 2),
    ("admin", -6),
    ("alias", 1),
    ("announcement", -5),
    ("app", 1),
    ("application", 1),
    ("article", -5),
    ("artifact", -5),
    ("artifacts", -5),
    ("asset", -3),
    ("assets", -3),
    ("audience", -5),
    ("auth", -5),
    ("authenticate", -6),
    ("authorize", -6),
    ("available", 2),
    ("available at", 4),
    ("available on", 3),
    ("base", -1),
    ("billing", -6),
    ("blog", -4),
    ("browse", 2),
    ("browser", -1),
    ("bucket", -3),
    ("bug", -6),
    ("bugs", -6),
    ("build details", -6),
    ("build log", -6),
    ("build logs", -6),
    ("build url", -5),
    ("cache", -4),
    ("callback", -4),
    ("cdn", -3),
    ("certificate", -3),
    ("changelog", -6),
    ("channel", 1),
    ("check", -2),
    ("checkout", -4),
    ("clone", -6),
    ("cloning", -6),
    ("cluster", -4),
    ("cname", 3),
    ("code", -2),
    ("commit", -5),
    ("configure", -5),
    ("connect", -4),
    ("connecting", -5),
    ("console", -6),
    ("control plane", -6),
    ("coverage", -5),
    ("curl", -2),
    ("custom domain", 4),
    ("customize", -6),
    ("dashboard", -6),
    ("database", -6),
    ("db", -6),
    ("default domain", 2),
    ("delete", -4),
    ("deploy log", -6),
    ("deployed", 3),
    ("deployed at", 4),
    ("deployed on", 3),
    ("deployed to", 4),
    ("deploying", 1),
    ("deployment", 1),
    ("deployment logs", -6),
    ("deprecated", -6),
    ("details", -5),
    ("developer", -3),
    ("diff", -5),
    ("docs", -5),
    ("documentation", -3),
    ("domain", 2),
    ("domains", 2),
    ("donate", -6),
    ("download", -6),
    ("downloaded", -6),
    ("downloading", -6),
    ("draft", 1),
    ("edge", 1),
    ("edit", -5),
    ("editor", -6),
    ("email", -4),
    ("endpoint", 3),
    ("endpoints", 3),
    ("environment", 1),
    ("error", -4),
    ("error code", -6),
    ("errors", -4),
    ("explorer", -4),
    ("exposed", 2),
    ("exposed at", 4),
    ("external", 1),
    ("failed", -4),
    ("faq", -6),
    ("fetch", -4),
    ("fetching", -4),
    ("forwarding", 3),
    ("frontend", 1),
    ("funding", -6),
    ("git", -5),
    ("go to", -2),
    ("guide", -6),
    ("health", -3),
    ("healthcheck", -3),
    ("help", -6),
    ("homepage", -3),
    ("host", 2),
    ("hosted", 3),
    ("hosted at", 4),
    ("hosting", 1),
    ("hostname", 2),
    ("http", 1),
    ("https", 1),
    ("image", -3),
    ("info", -1),
    ("inspect", -6),
    ("inspector", -6),
    ("installing", -4),
    ("internal", -2),
    ("invoke", 1),
    ("issue", -6),
    ("issuer", -6),
    ("issues", -6),
    ("job", -4),
    ("launch", 1),
    ("launched", 2),
    ("learn", -6),
    ("license", -6),
    ("link", 1),
    ("linked", -4),
    ("listening", -3),
    ("live", 3),
    ("live at", 4),
    ("live on", 4),
    ("load balancer", 1),
    ("local", -5),
    ("log", -6),
    ("log in", -6),
    ("log stream", -6),
    ("login", -6),
    ("logs", -6),
    ("mail", -5),
    ("manage", -6),
    ("manifest", -3),
    ("migrate", -5),
    ("migration", -5),
    ("mirror", -6),
    ("monitor", -6),
    ("monitoring", -6),
    ("more", -4),
    ("more details", -6),
    ("more info", -6),
    ("more information", -6),
    ("nameserver", -5),
    ("network", -4),
    ("note", -2),
    ("notice", -4),
    ("now at", 4),
    ("npm", -2),
    ("online", 2),
    ("open", 1),
    ("organization", -3),
    ("overview", -4),
    ("package", -4),
    ("packages", -4),
    ("page", 2),
    ("peek", 3),
    ("permalink", -6),
    ("pipeline", -5),
    ("plan", -3),
    ("playground", -2),
    ("policy", -5),
    ("portal", -6),
    ("preview", 3),
    ("primary", 1),
    ("production", 3),
    ("project console", -6),
    ("project page", 2),
    ("provider", -3),
    ("proxy", -3),
    ("public", 1),
    ("publish", 1),
    ("published", 3),
    ("published at", 4),
    ("published to", 4),
    ("publishing", -1),
    ("pull", -5),
    ("pulling", -6),
    ("push", -5),
    ("pushed", -5),
    ("pushing", -6),
    ("queue", -6),
    ("reachable", 2),
    ("reachable at", 4),
    ("read", -5),
    ("ready", 2),
    ("ready at", 4),
    ("redirect", -4),
    ("redirecting", -4),
    ("redirects to", 1),
    ("refer to", -6),
    ("reference", -4),
    ("register", -5),
    ("registry", -6),
    ("release", 1),
    ("release notes", -6),
    ("report", -6),
    ("reports", -6),
    ("repo", -6),
    ("repository", -6),
    ("requesting", -5),
    ("resolved", -5),
    ("resource", -2),
    ("restart", -3),
    ("result", -4),
    ("results", -4),
    ("retrying", -5),
    ("review", -2),
    ("review app", 3),
    ("route", 2),
    ("routes", 2),
    ("run", -1),
    ("running", 2),
    ("running at", 3),
    ("running on", 2),
    ("schema", -5),
    ("see", -4),
    ("served", 2),
    ("served at", 3),
    ("server", -2),
    ("server url", -1),
    ("service", 1),
    ("serving", 2),
    ("settings", -6),
    ("share", 1),
    ("sign in", -6),
    ("site", 2),
    ("source", -5),
    ("sponsor", -6),
    ("staging", 2),
    ("starting", -2),
    ("status", -3),
    ("storage", -3),
    ("storybook", 2),
    ("stream", -3),
    ("success", 1),
    ("support", -6),
    ("survey", -6),
    ("syncing", -3),
    ("target", 1),
    ("template", -3),
    ("test", -1),
    ("theme", 1),
    ("token", -5),
    ("trace", -4),
    ("tracking", -4),
    ("troubleshoot", -6),
    ("troubleshooting", -6),
    ("tunnel", 1),
    ("tutorial", -6),
    ("unable", -5),
    ("unique", 1),
    ("update", -2),
    ("update available", -6),
    ("upgrade", -6),
    ("upload", -4),
    ("uploaded", -2),
    ("uploading", -5),
    ("upstream", -5),
    ("uri", 3),
    ("url", 3),
    ("urls", 3),
    ("using", -4),
    ("verify", -4),
    ("version", 0),
    ("view", 1),
    ("view at", 3),
    ("view it at", 4),
    ("view live", -6),
    ("visit", 2),
    ("vulnerabilities", -6),
    ("waiting", -4),
    ("wandb", -4),
    ("warn", -4),
    ("warning", -4),
    ("watch", -6),
    ("web", 1),
    ("web interface", -5),
    ("webhook", -6),
    ("website", 3),
    ("wiki", -6),
    ("workflow", -5),
    ("www", 0),
];

/// Words behind a URL.
const BEHIND: &[(&str, i32)] = &[
    ("deployed", 3),
    ("deployed to", 3),
    ("is available", 3),
    ("is live", 3),
    ("is now live", 3),
    ("is online", 3),
    ("is ready", 3),
    ("is served", 2),
    ("is up", 2),
    ("wildcard", 1),
];

/// Purposes that a deployed app does not have: `https://… to log in`, `… for details`.
const PURPOSES: &[&str] = &[
    "activate",
    "authenticate",
    "authorize",
    "check",
    "configure",
    "continue",
    "create",
    "debug",
    "details",
    "documentation",
    "enable",
    "finish",
    "help",
    "info",
    "information",
    "install",
    "instructions",
    "learn",
    "log",
    "login",
    "logs",
    "manage",
    "migrate",
    "monitor",
    "more",
    "options",
    "read",
    "register",
    "report",
    "see",
    "sign",
    "support",
    "troubleshooting",
    "track",
    "update",
    "upgrade",
    "usage",
    "verify",
    "watch",
];

/// Words of a heading, or of the line above, that do not name what follows but say that it went
/// well.
const WENT_WELL: &[&str] = &[
    "complete",
    "completed",
    "deployed",
    "done",
    "finished",
    "live",
    "published",
    "ready",
    "succeeded",
    "success",
    "successful",
    "successfully",
];

/// What the text before a URL on its line says, from the last sentence that has a say.
pub(super) fn before(text: &str) -> Said {
    let text = without_tags(text);
    let sentence = last_sentence(text);
    let words = words(sentence);
    let mut said = weigh(&words, BEFORE);
    match words.last().map(String::as_str) {
        Some("at") => said.add("at", 1),
        Some("from") => said.worsen("from", -4),
        Some("to") if words.len() == 1 => said.worsen("to", -6),
        Some("with" | "via" | "by") => said.worsen("with", -2),
        _ => {}
    }
    if said.points > 0 && sentence.trim_end().ends_with([':', '=', '>']) {
        said.add(":", 1);
    }
    said.points = said.points.min(MOST);
    said
}

/// What the text behind a URL on its line says.
pub(super) fn behind(text: &str) -> Said {
    let words = words(text.split_once(". ").map_or(text, |(sentence, _)| sentence));
    let is_purpose = matches!(words.first().map(String::as_str), Some("for" | "to" | "and"));
    let purpose = words
        .iter()
        .take(6)
        .find_map(|word| PURPOSES.iter().find(|purpose| is_purpose && *purpose == word));
    match purpose {
        Some(purpose) => Said { points: -5, words: vec![purpose] },
        None => weigh(&words[..words.len().min(6)], BEHIND),
    }
}

/// A line near a URL that says that something went well.
pub(super) fn went_well(text: &str) -> bool {
    words(text).iter().any(|word| WENT_WELL.contains(&word.as_str()))
}

/// Nothing but a list's bullet, an HTTP method, or marks before a URL.
pub(super) fn is_bullet(text: &str) -> bool {
    const METHODS: [&str; 10] =
        ["get", "post", "put", "patch", "delete", "head", "options", "any", "http", "value"];
    words(without_tags(text)).iter().all(|word| METHODS.contains(&word.as_str()))
}

impl Said {
    /// Adds what other words say about the same URL.
    pub(super) fn join(&mut self, other: Self) {
        self.points = (self.points + other.points).min(MOST);
        self.words.extend(other.words);
    }

    pub(super) fn add(&mut self, word: &'static str, points: i32) {
        self.points += points;
        self.words.push(word);
    }

    /// Counts a bad word unless a worse one has been counted.
    fn worsen(&mut self, word: &'static str, points: i32) {
        self.points = self.points.min(points);
        self.words.push(word);
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.words.is_empty() {
            return f.write_str("the words around it say nothing");
        }
        write!(f, "words: {} ({:+})", self.words.join(", "), self.points)
    }
}

/// The longest phrases of a table in a list of words: a pair's words do not count again.
fn weigh(words: &[String], table: &'static [(&'static str, i32)]) -> Said {
    let mut said = Said::default();
    let mut worst = 0;
    let mut at = 0;
    while at < words.len() {
        let first = table.partition_point(|(phrase, _)| *phrase < words[at].as_str());
        let longest = table[first..]
            .iter()
            .take_while(|(phrase, _)| phrase.starts_with(words[at].as_str()))
            .filter(|(phrase, _)| {
                phrase.split(' ').eq(words[at..].iter().take(phrase.split(' ').count()))
            })
            .max_by_key(|(phrase, _)| phrase.len());
        at += longest.map_or(1, |(phrase, _)| phrase.split(' ').count());
        if let Some((phrase, points)) = longest.filter(|(_, points)| *points != 0) {
            said.words.push(phrase);
            if *points > 0 { said.points += points } else { worst = worst.min(*points) }
        }
    }
    said.points = said.points.min(MOST) + worst;
    said
}

/// A line without what runners and loggers put in front of it: `remote:`, `[INFO]`,
/// `::notice::`.
fn without_tags(line: &str) -> &str {
    let line = line.trim_start();
    let line = line.strip_prefix("remote:").unwrap_or(line).trim_start();
    if let Some((_, message)) = line.strip_prefix("::").and_then(|rest| rest.split_once("::")) {
        return message;
    }
    match line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((tag, rest)) if tag.bytes().all(|byte| byte.is_ascii_uppercase()) => rest,
        Some(_) | None => line,
    }
}

/// The last sentence of a text that has a word in it.
fn last_sentence(text: &str) -> &str {
    let mut rest = text;
    while let Some(end) = [". ", "! ", "? "].iter().filter_map(|mark| rest.rfind(mark)).max() {
        if rest[end + 2..].contains(char::is_alphabetic) {
            return &rest[end + 2..];
        }
        rest = &rest[..end];
    }
    rest
}

/// The words of a text in lower case; `ServiceURL` and `service_url` are two words each.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let (mut last, mut before_last) = (' ', ' ');
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let is_hump = c.is_uppercase() && last.is_lowercase();
        let ends_acronym = c.is_lowercase() && last.is_uppercase() && before_last.is_uppercase()
            // `URLs` is a plural, no two words.
            && chars.peek().is_some_and(|next| next.is_lowercase());
        if c.is_alphabetic() {
            if !last.is_alphabetic() || is_hump {
                words.push(String::new());
            }
            if ends_acronym && let Some(first) = words.last_mut().and_then(String::pop) {
                words.push(first.to_string());
            }
            words.last_mut().expect("a word was begun").extend(c.to_lowercase());
        }
        (before_last, last) = (last, c);
    }
    words
}
