//! What holds for the pipeline as a whole.

mod corpus;
mod properties;
mod tools;
