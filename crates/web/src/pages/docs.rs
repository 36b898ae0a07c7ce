//! The API for people who read rather than generate.

use askama::Template;

use crate::{
    chrome::Chrome,
    frame::{Frame, write},
    markdown,
    texts::Texts,
};

/// A kind of problem that has a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemName {
    /// Its short name, the last segment of its page.
    pub slug: String,
    /// Its title.
    pub title: String,
}

/// One answer an endpoint gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// When it is given and what it carries.
    pub description: String,
    /// The kinds of problem it may be.
    pub problems: Vec<ProblemName>,
}

/// One endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path with `{parameters}`.
    pub path: String,
    /// What it does, in a few words.
    pub summary: String,
    /// More about it, as Markdown; may be empty.
    pub description: String,
    /// The scope it needs; none if it is open to all.
    pub scope: Option<String>,
    /// A request to paste, such as a `curl` command.
    pub example: Option<String>,
    /// Its own answers, by status.
    pub responses: Vec<Response>,
}

/// Endpoints that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointGroup {
    /// Such as `Completions`.
    pub name: String,
    /// The endpoints, in the order to show.
    pub endpoints: Vec<Endpoint>,
}

/// The whole API.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ApiDocsPage {
    /// The version of the API.
    pub version: String,
    /// How to begin, as Markdown.
    pub introduction: String,
    /// The answers that any endpoint may give, by status.
    pub common: Vec<Response>,
    /// The groups, in the order to show.
    pub groups: Vec<EndpointGroup>,
}

impl ApiDocsPage {
    /// The page as HTML.
    pub fn render(&self, chrome: &Chrome<'_>) -> String {
        let t = chrome.lang.texts();
        let groups = self.groups.iter().enumerate().map(|(n, group)| Group {
            anchor: format!("group-{}", n + 1),
            name: &group.name,
            endpoints: group
                .endpoints
                .iter()
                .enumerate()
                .map(|(m, endpoint)| Line {
                    anchor: format!("endpoint-{}-{}", n + 1, m + 1),
                    description: markdown::to_html(&endpoint.description),
                    label: format!("{} {}", endpoint.method, endpoint.path),
                    example_label: format!("{} {} {}", t.problem_example, endpoint.method, endpoint.path),
                    responses: &endpoint.responses,
                    stated: endpoint,
                })
                .collect(),
        });
        write(&View {
            frame: Frame::new(chrome, t.docs_title),
            t,
            page: self,
            common: &self.common,
            introduction: markdown::to_html(&self.introduction),
            groups: groups.collect(),
        })
    }
}

#[derive(Template)]
#[template(path = "docs.html")]
struct View<'a> {
    frame: Frame<'a>,
    t: &'static Texts,
    page: &'a ApiDocsPage,
    common: &'a [Response],
    introduction: String,
    groups: Vec<Group<'a>>,
}

struct Group<'a> {
    anchor: String,
    name: &'a str,
    endpoints: Vec<Line<'a>>,
}

struct Line<'a> {
    anchor: String,
    description: String,
    /// Names the answers for a screen reader.
    label: String,
    /// Names the example for a screen reader.
    example_label: String,
    responses: &'a [Response],
    stated: &'a Endpoint,
}
