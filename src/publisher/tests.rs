//! Tests of publishing under faults.

mod sequences;
