//! What holds for the pipeline as a whole.

mod corpus;
mod kinds;
mod languages;
mod properties;
mod scripts;
mod tools;
