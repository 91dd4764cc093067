//! Whose page is it that a status points at?

use url::Url;

use super::{Ci, Kind};

/// Whose work a page shows, as far as its address says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// Of this very job; or of this run, where the CI does not tell one job from another.
    OurJob,
    /// Of our run, but of no job that it names.
    OurRun,
    /// Of our run, and of a job that is not known to be ours.
    OurRunsJob(String),
    /// Of another run, in words.
    AnotherRun(String),
    /// Of no run that we know: an app, a dashboard, nothing.
    OfNoRun,
}

/// Where the pages of CIs that are not ours are described by a part of their address.
const RUNS: [&str; 6] = [
    "/actions/runs/",
    "/-/jobs/",
    "/-/pipelines/",
    "/_build/results",
    "//buildkite.com/",
    "//app.circleci.com/",
];

impl Ci {
    pub(crate) fn page(&self, url: &str) -> Page {
        let is = |page: &Option<crate::deployment::WebUrl>| {
            page.as_ref().is_some_and(|page| page.as_str() == url)
        };
        if is(&self.job_page) {
            return Page::OurJob;
        }
        if is(&self.run_page) {
            return if self.job_page.is_none() { Page::OurJob } else { Page::OurRun };
        }
        let found = match self.kind {
            Some(Kind::GithubActions | Kind::Gitea) => self.github_page(url),
            Some(_) => self.page_below_ours(url),
            None => None,
        };
        found.unwrap_or_else(|| {
            if is_a_runs(url) { Page::AnotherRun(format!("`{url}`")) } else { Page::OfNoRun }
        })
    }

    /// `…/OWNER/NAME/actions/runs/RUN`, `…/RUN/job/JOB`, `…/RUN/attempts/N`, or the old form
    /// `…/OWNER/NAME/runs/JOB`.
    fn github_page(&self, url: &str) -> Option<Page> {
        let ours = self.job_page.as_ref().or(self.run_page.as_ref())?;
        let (repository, _) = ours.as_str().split_once("/actions/runs/")?;
        let rest = url.strip_prefix(repository)?;
        let mut parts = rest.split(['/', '?', '#']).filter(|part| !part.is_empty());
        let (run, job) = match (parts.next()?, parts.next()?, parts.next()) {
            ("actions", "runs", Some(run)) => {
                (Some(run), parts.next().filter(|word| *word == "job").and_then(|_| parts.next()))
            }
            ("runs", job, _) => (None, Some(job)),
            _ => return None,
        };
        let our_job = Some(self.job.as_str()).filter(|_| self.has_job_id);
        Some(match (run, job) {
            (None, Some(job)) if our_job == Some(job) => Page::OurJob,
            (Some(run), _) if run != self.run => Page::AnotherRun(format!("run {run}")),
            (Some(_), None) if our_job.is_none() => Page::OurJob,
            (Some(_), None) => Page::OurRun,
            (Some(_), Some(job)) if our_job == Some(job) => Page::OurJob,
            (Some(run), Some(job)) => Page::OurRunsJob(format!("job {job} of run {run}")),
            (None, job) => Page::AnotherRun(format!("job {}", job.unwrap_or_default())),
        })
    }

    /// The CI's own host shows runs alone.
    fn page_below_ours(&self, url: &str) -> Option<Page> {
        if let Some(run) = &self.run_page
            && let Some(rest) = url.strip_prefix(run.as_str())
            && (rest.is_empty()
                || run.as_str().ends_with('/')
                || rest.starts_with(['/', '#', '?', '&']))
        {
            return Some(match (&self.job_page, rest.is_empty()) {
                (None, _) => Page::OurJob,
                (Some(_), true) => Page::OurRun,
                (Some(_), false) => Page::OurRunsJob(format!("`{url}`")),
            });
        }
        let ours = self.job_page.as_ref().or(self.run_page.as_ref())?;
        let is_theirs = origin(ours.as_str()).is_some_and(|ours| origin(url) == Some(ours));
        is_theirs.then(|| Page::AnotherRun(format!("`{url}`")))
    }
}

fn is_a_runs(url: &str) -> bool {
    RUNS.iter().any(|part| url.contains(part))
}

fn origin(url: &str) -> Option<url::Origin> {
    Url::parse(url).ok().map(|url| url.origin())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::WebUrl;

    const RUN: &str = "https://github.com/o/r/actions/runs/7/attempts/1";
    const JOB: &str = "https://github.com/o/r/actions/runs/7/job/8";
    const SIBLING: &str = "https://github.com/o/r/actions/runs/7/job/9";

    fn github(job: Option<&str>) -> Ci {
        Ci {
            kind: Some(Kind::GithubActions),
            job_page: job.map(|_| WebUrl::parse(JOB).unwrap()),
            run_page: WebUrl::parse(RUN),
            run: "7".to_owned(),
            job: job.unwrap_or("deploy").to_owned(),
            has_job_id: job.is_some(),
            ..Ci::default()
        }
    }

    fn another(run: &str) -> Page {
        Page::AnotherRun(run.to_owned())
    }

    #[test]
    fn a_page_on_github_says_which_run_and_which_job() {
        let ci = github(Some("8"));
        let repository = "https://github.com/o/r";
        assert_eq!(ci.page(JOB), Page::OurJob);
        assert_eq!(ci.page(&format!("{repository}/runs/8?check_suite_focus=true")), Page::OurJob);
        assert_eq!(ci.page(RUN), Page::OurRun);
        assert_eq!(ci.page(SIBLING), Page::OurRunsJob("job 9 of run 7".to_owned()));
        assert_eq!(ci.page(&format!("{repository}/actions/runs/70/job/8")), another("run 70"));
        assert_eq!(ci.page(&format!("{repository}/runs/9")), another("job 9"));
    }

    #[test]
    fn a_runs_page_is_ours_where_our_job_is_not_known() {
        let ci = github(None);
        assert_eq!(ci.page(RUN), Page::OurJob);
        assert_eq!(ci.page(SIBLING), Page::OurRunsJob("job 9 of run 7".to_owned()));
    }

    #[test]
    fn an_app_is_nobodys_page_and_a_run_elsewhere_is_anothers() {
        let ci = github(Some("8"));
        for page in ["https://hello.example.com", "https://github.com/o/r2", ""] {
            assert_eq!(ci.page(page), Page::OfNoRun, "{page}");
        }
        let elsewhere = "https://github.com/o/r2/actions/runs/7";
        for ci in [ci, Ci::default()] {
            assert_eq!(ci.page(elsewhere), another(&format!("`{elsewhere}`")));
        }
    }

    #[test]
    fn elsewhere_the_host_is_the_ci() {
        let page = "https://gitlab.example/o/r/-/jobs/1";
        let ci = Ci { kind: Some(Kind::GitlabCi), job_page: WebUrl::parse(page), ..Ci::default() };
        let sibling = "https://gitlab.example/o/r/-/jobs/2";
        assert_eq!(ci.page(sibling), another(&format!("`{sibling}`")));
        assert_eq!(ci.page(page), Page::OurJob);
        assert_eq!(ci.page("https://hello.example.com"), Page::OfNoRun);
    }

    #[test]
    fn what_lies_below_the_runs_page_is_of_the_run() {
        let ci = |job| Ci {
            kind: Some(Kind::Buildkite),
            job_page: job,
            run_page: WebUrl::parse("https://ci.example/builds/6"),
            ..Ci::default()
        };
        let job = WebUrl::parse("https://ci.example/builds/6#j-1");
        let sibling = "https://ci.example/builds/6#j-2";
        assert_eq!(ci(job.clone()).page(sibling), Page::OurRunsJob(format!("`{sibling}`")));
        assert_eq!(ci(job).page("https://ci.example/builds/6"), Page::OurRun);
        assert_eq!(ci(None).page("https://ci.example/builds/6/console"), Page::OurJob);
        let longer = "https://ci.example/builds/60";
        assert_eq!(ci(None).page(longer), another(&format!("`{longer}`")));
    }
}
