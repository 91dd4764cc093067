//! Which of many candidates wins, in a fixed amount of memory.
//! It compares points; it does not know what they are for.

use super::score::Score;

/// How many hosts are remembered. The weakest and oldest is forgotten for a new one.
const MAX_HOSTS: usize = 32;

/// The best candidates so far, one per host.
#[derive(Clone, Debug, Default)]
pub(super) struct Ranking {
    hosts: Vec<Best>,
    seen: u64,
}

/// The best that one host has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Best {
    host: String,
    pub(super) points: i32,
    /// Words said in full that it was deployed; no error behind it takes that back.
    is_announced: bool,
    /// When its best points were last seen.
    at: u64,
    /// The heading that it stands under, with others.
    heading: Option<u64>,
    /// Of the URLs with these points the one with the shortest path.
    pub(super) url: String,
}

impl Ranking {
    pub(super) fn enter(&mut self, host: &str, url: &str, score: Score) {
        self.seen += 2;
        let Score { points, is_announced, heading } = score;
        let mut at = self.seen;
        if let Some(heading) = heading
            && let Some(first) = self.hosts.iter().find(|best| {
                best.heading == Some(heading) && best.points == points && best.host != host
            })
            && !is_alias(host, &first.host)
        {
            // Among equals of one list the first counts.
            at = first.at - 1;
        }
        let entry = |host| Best { host, points, is_announced, at, heading, url: url.to_owned() };
        if let Some(best) = self.hosts.iter_mut().find(|best| best.host == host) {
            best.is_announced |= is_announced;
            if points > best.points && is_same_over_http(url, &best.url) {
                (best.points, best.at, best.heading) = (points, at, heading);
            } else if points > best.points {
                let is_announced = best.is_announced;
                *best = Best { is_announced, ..entry(std::mem::take(&mut best.host)) };
            } else if points == best.points {
                best.at = best.at.max(at);
                if length(url) <= length(&best.url) {
                    url.clone_into(&mut best.url);
                }
            }
            return;
        }
        if self.hosts.len() == MAX_HOSTS {
            self.drop_the_weakest_below(points);
        }
        if self.hosts.len() < MAX_HOSTS {
            self.hosts.push(entry(host.to_owned()));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.hosts.is_empty()
    }

    /// Drops all candidates, and returns them: none was deployed.
    pub(super) fn take(&mut self) -> Self {
        Self { hosts: std::mem::take(&mut self.hosts), seen: self.seen }
    }

    /// Takes back what was forgotten, where nothing came since.
    pub(super) fn restore(&mut self, forgotten: Self) {
        if self.hosts.is_empty() {
            *self = forgotten;
        }
    }

    /// Drops all but what was announced in full.
    pub(super) fn keep_announced(&mut self) {
        self.hosts.retain(|best| best.is_announced);
    }

    /// The highest points; among equals the last.
    pub(super) fn winner(&self) -> Option<&Best> {
        self.hosts.iter().max_by_key(|best| (best.points, best.at))
    }

    fn drop_the_weakest_below(&mut self, points: i32) {
        let weakest =
            (0..self.hosts.len()).min_by_key(|i| (self.hosts[*i].points, self.hosts[*i].at));
        if let Some(weakest) = weakest.filter(|i| self.hosts[*i].points <= points) {
            self.hosts.swap_remove(weakest);
        }
    }
}

/// The same page, which has been seen over https.
fn is_same_over_http(url: &str, best: &str) -> bool {
    let body = url.strip_prefix("http://").map(|body| body.trim_end_matches('/'));
    body.is_some() && body == best.strip_prefix("https://").map(|body| body.trim_end_matches('/'))
}

/// `shop.example` for `shop-1a2b.example`: the name that stays.
fn is_alias(host: &str, other: &str) -> bool {
    let label = |host: &str| host.split('.').next().unwrap_or_default().to_owned();
    let (name, long) = (label(host), label(other));
    host.len() < other.len()
        && host[name.len()..] == other[long.len()..]
        && long.strip_prefix(&name).is_some_and(|rest| rest.starts_with('-'))
}

/// What makes a URL longer than another of its host; https is shorter than http.
fn length(url: &str) -> (usize, bool) {
    let path = super::extract::url::path_of(url);
    (path.trim_end_matches('/').len(), url.starts_with("http:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(points: i32, heading: Option<u64>) -> Score {
        Score { points, is_announced: false, heading }
    }

    #[test]
    fn among_equals_of_one_list_the_first_wins_unless_a_later_one_is_its_alias() {
        let mut ranking = Ranking::default();
        for host in ["app.example", "docs.example", "api.example"] {
            ranking.enter(host, host, score(3, Some(7)));
        }
        assert_eq!(ranking.winner().map(|best| best.url.as_str()), Some("app.example"));
        let mut ranking = Ranking::default();
        for host in ["app-1a.example", "app.example"] {
            ranking.enter(host, host, score(3, Some(7)));
        }
        assert_eq!(ranking.winner().map(|best| best.url.as_str()), Some("app.example"));
    }

    fn winner(entries: &[(&str, &str, i32)]) -> Option<String> {
        let mut ranking = Ranking::default();
        for (host, url, points) in entries {
            ranking.enter(host, url, score(*points, None));
        }
        ranking.winner().map(|best| best.url.clone())
    }

    #[test]
    fn more_points_win_and_among_equals_the_last() {
        assert_eq!(winner(&[]), None);
        let entries = [("a", "https://a", 3), ("b", "https://b", 5), ("c", "https://c", 5)];
        assert_eq!(winner(&entries).as_deref(), Some("https://c"));
    }

    #[test]
    fn the_shortest_path_of_the_winning_host_is_taken() {
        let entries = [
            ("a", "http://a/", 5),
            ("a", "https://a/", 5),
            ("a", "https://a/static", 5),
            ("a", "https://a/x", 4),
        ];
        assert_eq!(winner(&entries).as_deref(), Some("https://a/"));
    }

    #[test]
    fn https_is_kept_where_the_same_page_wins_over_http() {
        let entries = [("a", "https://a/", 4), ("a", "http://a", 5), ("b", "https://b", 4)];
        assert_eq!(winner(&entries).as_deref(), Some("https://a/"));
    }

    #[test]
    fn a_crowd_of_hosts_neither_hides_the_best_nor_takes_memory() {
        let mut ranking = Ranking::default();
        ranking.enter("best", "https://best", score(9, None));
        for i in 0..10_000 {
            ranking.enter(&format!("h{i}"), &format!("https://h{i}"), score(3, None));
        }
        assert_eq!(ranking.hosts.len(), MAX_HOSTS);
        assert_eq!(ranking.winner().map(|best| best.url.as_str()), Some("https://best"));
    }
}
