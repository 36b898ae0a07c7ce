//! What surrounds every page: its language, its own address, the site.

use model::site::Site;

/// The language of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Welsh.
    Cy,
}

impl Lang {
    /// The language a query string asks for with `lang=cy`; English otherwise.
    /// `query` is without the leading `?`.
    pub fn of_query(query: &str) -> Self {
        Self::stated(query).unwrap_or_default()
    }

    /// The same; `None` if it asks for none that there is.
    pub fn stated(query: &str) -> Option<Self> {
        let (_, asked) = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "lang")?;
        match &*asked {
            "en" => Some(Self::En),
            "cy" => Some(Self::Cy),
            _ => None,
        }
    }

    /// The BCP 47 tag, for `<html lang>` and `Content-Language`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Cy => "cy",
        }
    }

    pub(crate) fn other(self) -> Self {
        match self {
            Self::En => Self::Cy,
            Self::Cy => Self::En,
        }
    }
}

impl From<Lang> for model::programme::Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::En,
            Lang::Cy => Self::Cy,
        }
    }
}

impl From<model::programme::Language> for Lang {
    fn from(language: model::programme::Language) -> Self {
        match language {
            model::programme::Language::En => Self::En,
            model::programme::Language::Cy => Self::Cy,
        }
    }
}

/// What a page needs besides its own content.
#[derive(Debug, Clone)]
pub struct Chrome<'a> {
    pub(crate) site: &'a Site,
    pub(crate) lang: Lang,
    path: String,
    pub(crate) development: bool,
}

impl<'a> Chrome<'a> {
    /// For the request whose target is `path_and_query`, such as
    /// `/verify?lang=cy`: that decides the language. `development` shows a
    /// banner saying that nothing here is a real badge.
    pub fn new(site: &'a Site, path_and_query: &str, development: bool) -> Self {
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        let lang = Lang::of_query(query);
        let others = url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "lang");
        let kept = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(others).finish();
        let path = if kept.is_empty() { path.to_owned() } else { format!("{path}?{kept}") };
        Self { site, lang, path, development }
    }

    /// The language the page is written in.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// A link inside the site that stays in the page's language. `target` is a
    /// path or one of the site's own URLs.
    pub(crate) fn link(&self, target: impl AsRef<str>) -> String {
        self.link_in(self.lang, target.as_ref())
    }

    /// The path of one of the site's own URLs, for what has no language.
    pub(crate) fn local<'u>(&self, url: &'u str) -> &'u str {
        url.strip_prefix(self.site.base()).unwrap_or(url)
    }

    /// This same page in its own language.
    pub(crate) fn here(&self) -> String {
        self.link(&self.path)
    }

    /// This same page in the other language.
    pub(crate) fn switch(&self) -> String {
        self.link_in(self.lang.other(), &self.path)
    }

    fn link_in(&self, lang: Lang, target: &str) -> String {
        let target = self.local(target);
        match lang {
            Lang::En => target.to_owned(),
            Lang::Cy if target.contains('?') => format!("{target}&lang=cy"),
            Lang::Cy => format!("{target}?lang=cy"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_the_language_and_the_switch_keeps_the_page() {
        let site = Site::new("https://badges.example.org", "academy".parse().unwrap()).unwrap();
        let english = Chrome::new(&site, "/badges/1?view=full&lang=en", false);
        assert_eq!(english.lang(), Lang::En);
        assert_eq!(english.link("/verify"), "/verify");
        assert_eq!(english.switch(), "/badges/1?view=full&lang=cy");

        let welsh = Chrome::new(&site, "/badges/1?lang=cy&view=full", false);
        assert_eq!(welsh.lang(), Lang::Cy);
        assert_eq!(welsh.link("https://badges.example.org/verify"), "/verify?lang=cy");
        assert_eq!(welsh.switch(), "/badges/1?view=full");
    }
}
