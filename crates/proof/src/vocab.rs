//! Vocabulary tables.
