//! What the layout needs of every page.

use askama::Template;

use crate::{assets, chrome::Chrome};

pub(crate) struct Frame<'a> {
    pub chrome: &'a Chrome<'a>,
    /// The page's title, without the service's name.
    pub title: String,
    /// The title in link previews, which outlive what may change.
    pub headline: String,
    /// For link previews.
    pub description: String,
    /// An absolute URL of a PNG, for link previews.
    pub image: String,
    pub noindex: bool,
}

impl<'a> Frame<'a> {
    pub fn new(chrome: &'a Chrome<'a>, title: impl Into<String>) -> Self {
        let title = title.into();
        Self {
            chrome,
            headline: title.clone(),
            title,
            description: chrome.lang.texts().service_about.to_owned(),
            image: chrome.site.url(&format!("{}/social.png", assets::root())),
            noindex: false,
        }
    }

    /// With a description of its own, cut to what previews show.
    pub fn describe(self, text: &str) -> Self {
        let mut description: String = text.chars().take(200).collect();
        if text.chars().nth(200).is_some() {
            description.push('…');
        }
        Self { description, ..self }
    }

    pub fn headline(self, headline: &str) -> Self {
        Self { headline: headline.to_owned(), ..self }
    }

    pub fn picture(self, image: String) -> Self {
        Self { image, ..self }
    }

    /// Kept out of search engines.
    pub fn unlisted(self) -> Self {
        Self { noindex: true, ..self }
    }

    #[expect(clippy::unused_self, reason = "templates reach functions through the frame")]
    pub fn asset(&self, name: &str) -> String {
        format!("{}/{name}", assets::root())
    }

    /// Whether a stated URL may be a link: web addresses only, never `javascript:`.
    #[expect(clippy::unused_self, reason = "templates reach functions through the frame")]
    pub fn safe(&self, url: &str) -> bool {
        url.starts_with("https://") || url.starts_with("http://")
    }

    #[expect(clippy::unused_self, reason = "templates reach functions through the frame")]
    pub fn mailto(&self, email: &str) -> String {
        format!("mailto:{email}")
    }

    /// This page's own address in its own language, absolute.
    pub fn address(&self) -> String {
        self.chrome.site.url(&self.chrome.here())
    }
}

#[expect(
    clippy::expect_used,
    reason = "the templates print strings, numbers and dates into a String: nothing in them can fail"
)]
pub(crate) fn write(page: &impl Template) -> String {
    page.render().expect("writing into a String does not fail")
}
