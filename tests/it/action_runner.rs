//! The action on a stand-in of GitHub's runner, which is strict where act is lax: it gives composite
//! steps no `INPUT_` variables, signals one process, and shows what people see.

mod containers;
mod ends;
mod job;
mod log;
mod nothing_run;
mod outputs;
mod parallel;
