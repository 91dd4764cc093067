//! Which of many candidates wins, in a fixed amount of memory.
//! It compares points; it does not know what they are for.

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
    is_sure: bool,
    /// When its best points were last seen.
    at: u64,
    /// Of the URLs with these points the one with the shortest path.
    pub(super) url: String,
}

impl Ranking {
    pub(super) fn enter(&mut self, host: &str, url: &str, points: i32, is_sure: bool) {
        self.seen += 1;
        let at = self.seen;
        if let Some(best) = self.hosts.iter_mut().find(|best| best.host == host) {
            let is_sure = is_sure || best.is_sure;
            best.is_sure = is_sure;
            if points > best.points && is_same_over_http(url, &best.url) {
                (best.points, best.at) = (points, at);
            } else if points > best.points {
                *best = Best {
                    points,
                    is_sure,
                    at,
                    url: url.to_owned(),
                    host: std::mem::take(&mut best.host),
                };
            } else if points == best.points {
                best.at = at;
                if length(url) <= length(&best.url) {
                    url.clone_into(&mut best.url);
                }
            }
            return;
        }
        if self.hosts.len() == MAX_HOSTS {
            self.forget_the_weakest_below(points);
        }
        if self.hosts.len() < MAX_HOSTS {
            self.hosts.push(Best {
                host: host.to_owned(),
                points,
                is_sure,
                at,
                url: url.to_owned(),
            });
        }
    }

    /// Forgets all: nothing of it came to be.
    pub(super) fn clear(&mut self) {
        self.hosts.clear();
    }

    /// Forgets all but what is sure.
    pub(super) fn keep_sure(&mut self) {
        self.hosts.retain(|best| best.is_sure);
    }

    /// The highest points; among equals the last.
    pub(super) fn winner(&self) -> Option<&Best> {
        self.hosts.iter().max_by_key(|best| (best.points, best.at))
    }

    fn forget_the_weakest_below(&mut self, points: i32) {
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

/// What makes a URL longer than another of its host; https is shorter than http.
fn length(url: &str) -> (usize, bool) {
    let path = super::candidates::path_of(url);
    (path.trim_end_matches('/').len(), url.starts_with("http:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn winner(entries: &[(&str, &str, i32)]) -> Option<String> {
        let mut ranking = Ranking::default();
        for (host, url, points) in entries {
            ranking.enter(host, url, *points, false);
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
        ranking.enter("best", "https://best", 9, false);
        for i in 0..10_000 {
            ranking.enter(&format!("h{i}"), &format!("https://h{i}"), 3, false);
        }
        assert_eq!(ranking.hosts.len(), MAX_HOSTS);
        assert_eq!(ranking.winner().map(|best| best.url.as_str()), Some("https://best"));
    }
}
