//! What somebody hands in to be checked: pasted, uploaded, or by address.

use actix_multipart::Multipart;
use actix_web::HttpRequest;
use bytes::{Bytes, BytesMut};
use chrono::NaiveDate;
use futures_util::{StreamExt as _, stream};
use verification::{Item, recognise};

use super::asked::Wanted;
use crate::{body, problem::Problem};

/// The fields of the form, or of a multipart upload to the API. More of them
/// than belong together is the reader's to refuse.
#[derive(Debug, Default)]
pub struct Handed {
    /// A pasted badge.
    pub text: String,
    /// Those that were uploaded, each with its stated type.
    pub files: Vec<(Bytes, Option<String>)>,
    /// The address of one.
    pub url: String,
    /// What is asked of it, the day apart.
    pub wanted: Wanted,
    /// The day as of which it is judged, as it was written: its number, month and year.
    pub day: [String; 3],
    /// As what the page's answer is wanted: `pdf`, `receipt`, or a page.
    pub answer: String,
}

/// The three numbers are no day.
#[derive(Debug)]
pub struct NoDay;

impl Handed {
    /// Reads a `multipart/form-data` or `application/x-www-form-urlencoded` body.
    pub async fn read(request: &HttpRequest, payload: Bytes) -> Result<Self, Problem> {
        match body::media_type(request).as_str() {
            "multipart/form-data" => Self::multipart(request, payload).await,
            "application/x-www-form-urlencoded" => {
                let mut handed = Self::default();
                for (name, value) in url::form_urlencoded::parse(&payload) {
                    handed.put(&name, value.as_bytes(), None);
                }
                Ok(handed)
            }
            other => {
                Err(body::unsupported(other, &["multipart/form-data", "application/x-www-form-urlencoded"]))
            }
        }
    }

    async fn multipart(request: &HttpRequest, payload: Bytes) -> Result<Self, Problem> {
        let broken = |error: actix_multipart::MultipartError| {
            Problem::malformed(format!("The multipart body cannot be read: {error}."))
        };
        let whole = stream::iter([Ok::<_, actix_web::error::PayloadError>(payload)]);
        let mut parts = Multipart::new(request.headers(), whole);
        let mut handed = Self::default();
        while let Some(part) = parts.next().await {
            let mut part = part.map_err(broken)?;
            let name = part.name().unwrap_or_default().to_owned();
            let content_type = part.content_type().map(ToString::to_string);
            let mut content = BytesMut::new();
            while let Some(piece) = part.next().await {
                content.extend_from_slice(&piece.map_err(broken)?);
            }
            handed.put(&name, &content, content_type);
        }
        Ok(handed)
    }

    fn put(&mut self, name: &str, content: &[u8], content_type: Option<String>) {
        let text = || String::from_utf8_lossy(content).trim().to_owned();
        if let Some(field) = self.wanted.field(name) {
            *field = Some(text()).filter(|text| !text.is_empty());
            return;
        }
        let [day, month, year] = &mut self.day;
        match name {
            "text" => self.text = text(),
            "url" => self.url = text(),
            "answer" => self.answer = text(),
            // Once for each box that was ticked, or all with commas between.
            "also" => {
                let also = self.wanted.also.get_or_insert_default();
                also.push(',');
                also.push_str(&text());
            }
            "as_of_day" => *day = text(),
            "as_of_month" => *month = text(),
            "as_of_year" => *year = text(),
            // A form sends an empty file when none was chosen.
            "file" if !content.is_empty() => {
                self.files.push((Bytes::copy_from_slice(content), content_type));
            }
            _ => {}
        }
    }

    /// The day that was written, if any.
    pub fn as_of(&self) -> Result<Option<NaiveDate>, NoDay> {
        if self.day.iter().all(String::is_empty) {
            return Ok(None);
        }
        let [day, month, year] = &self.day;
        let (Ok(year), Ok(month), Ok(day)) = (year.parse(), month.parse(), day.parse()) else {
            return Err(NoDay);
        };
        NaiveDate::from_ymd_opt(year, month, day).map(Some).ok_or(NoDay)
    }

    /// How many of the three were given; several files count as one.
    pub fn count(&self) -> usize {
        usize::from(!self.text.is_empty())
            + usize::from(!self.files.is_empty())
            + usize::from(!self.url.is_empty())
    }

    /// What is to be checked; empty if nothing was given. An address that
    /// was pasted as text is meant as an address.
    pub fn items(self) -> Vec<Item> {
        let uploaded = |(content, stated): (Bytes, Option<String>)| {
            Item::Submission(recognise(&content, stated.as_deref()))
        };
        if !self.files.is_empty() {
            return self.files.into_iter().map(uploaded).collect();
        }
        let address = if self.url.is_empty() { self.text } else { self.url };
        if address.is_empty() {
            return Vec::new();
        }
        vec![if is_address(&address) {
            Item::Url(address)
        } else {
            Item::Submission(recognise(address.as_bytes(), None))
        }]
    }
}

/// Whether a text is an absolute http or https URL.
pub fn is_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_web_address_is_an_address() {
        for good in ["https://badges.example.org/badges/1", "http://127.0.0.1:8080/badges/1"] {
            assert!(is_address(good), "{good}");
        }
        for bad in
            ["", "{}", "eyJhbGciOiJFUzI1NiJ9.e30.x", "file:///etc/passwd", "https://", "badges.example.org"]
        {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
