//! Whose page is it that a status points at?

use url::Url;

use super::{Ci, Kind};
use crate::deployment::WebUrl;

impl Ci {
    /// The page of this very job.
    pub(crate) fn is_own_page(&self, url: &str) -> bool {
        self.job_page.as_ref().is_some_and(|page| page.as_str() == url)
    }

    /// A page of this CI that is not known to be this job's: then another job works on it.
    pub(crate) fn is_anothers_page(&self, url: &str) -> bool {
        let page = self.job_page.as_ref().or(self.run_page.as_ref());
        !self.is_own_page(url) && page.is_some_and(|page| self.shows(page, url))
    }

    fn shows(&self, page: &WebUrl, url: &str) -> bool {
        match self.kind {
            // github.com shows more than runs.
            Some(Kind::GithubActions) => {
                page.as_str().split_once("/actions/runs/").is_some_and(|(repository, _)| {
                    let rest = url.strip_prefix(repository).unwrap_or_default();
                    rest.starts_with("/actions/runs/") || rest.starts_with("/runs/")
                })
            }
            Some(_) => origin(page.as_str()).is_some_and(|ours| origin(url) == Some(ours)),
            None => false,
        }
    }
}

fn origin(url: &str) -> Option<url::Origin> {
    Url::parse(url).ok().map(|url| url.origin())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: &str = "https://github.com/o/r/actions/runs/7/attempts/1";
    const JOB: &str = "https://github.com/o/r/actions/runs/7/job/8";

    fn github(job_page: Option<&str>) -> Ci {
        Ci {
            kind: Some(Kind::GithubActions),
            job_page: job_page.and_then(WebUrl::parse),
            run_page: WebUrl::parse(RUN),
            ..Ci::default()
        }
    }

    #[test]
    fn another_job_and_another_run_are_not_ours() {
        let ci = github(Some(JOB));
        assert!(ci.is_own_page(JOB) && !ci.is_anothers_page(JOB));
        for page in
            [RUN, "https://github.com/o/r/actions/runs/7/job/9", "https://github.com/o/r/runs/9"]
        {
            assert!(ci.is_anothers_page(page), "{page}");
        }
    }

    #[test]
    fn an_app_and_another_repository_are_nobodys_page() {
        let ci = github(Some(JOB));
        for page in ["https://hello.example.com", "https://github.com/o/r2/actions/runs/7", ""] {
            assert!(!ci.is_anothers_page(page), "{page}");
        }
    }

    #[test]
    fn this_runs_page_is_not_ours_where_our_job_is_unknown() {
        assert!(github(None).is_anothers_page(RUN));
    }

    #[test]
    fn elsewhere_the_host_is_the_ci() {
        let page = "https://gitlab.example/o/r/-/jobs/1";
        let ci = Ci { kind: Some(Kind::GitlabCi), job_page: WebUrl::parse(page), ..Ci::default() };
        assert!(ci.is_anothers_page("https://gitlab.example/o/r/-/jobs/2"));
        assert!(!ci.is_anothers_page(page));
        assert!(!ci.is_anothers_page("https://hello.example.com"));
    }
}
