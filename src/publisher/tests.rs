//! Tests of publishing under faults.

mod sequences;
mod time_limits;
