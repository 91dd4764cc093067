//! What holds for the pipeline as a whole.

mod corpus;
mod flood;
mod kinds;
mod languages;
mod lines;
mod neighbors;
mod properties;
mod scripts;
mod tools;
