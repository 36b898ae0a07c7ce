//! Every page, in both languages, with ordinary and with nasty content.

mod html;
mod pages;
mod samples;
