//! The road from a draft to a signed badge, through the public interface.

mod award;
mod badge;
mod document;
mod example;
mod stranger;
