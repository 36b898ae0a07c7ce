//! What somebody hands in to be checked: pasted, uploaded, or by address.

use actix_multipart::{Multipart, MultipartError};
use actix_web::{Error, HttpRequest, web};
use bytes::{Bytes, BytesMut};
use chrono::NaiveDate;
use futures_util::StreamExt as _;
use verification::{Item, is_raster, recognise, recognise_upload};

use super::{asked::Wanted, upload::Room};
use crate::{body, problem::Problem, state::Limits};

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
    pub async fn read(
        request: &HttpRequest,
        payload: web::Payload,
        room: &Room,
        limits: &Limits,
    ) -> Result<Self, Error> {
        match body::media_type(request).as_str() {
            "multipart/form-data" => Self::multipart(request, payload, room).await,
            "application/x-www-form-urlencoded" => {
                let mut handed = Self::default();
                let whole = room.whole(request, payload, limits).await?;
                for (name, value) in url::form_urlencoded::parse(&whole) {
                    handed.put(&name, Bytes::copy_from_slice(value.as_bytes()), None);
                }
                Ok(handed)
            }
            other => {
                let taken = ["multipart/form-data", "application/x-www-form-urlencoded"];
                Err(body::unsupported(other, &taken).into())
            }
        }
    }

    async fn multipart(request: &HttpRequest, payload: web::Payload, room: &Room) -> Result<Self, Error> {
        let broken = |error: MultipartError| match error {
            // How much, and how long, is not the form's fault.
            MultipartError::Payload(error) => Error::from(error),
            error => Problem::malformed(format!("The multipart body cannot be read: {error}.")).into(),
        };
        let mut parts = Multipart::new(request.headers(), room.pieces(request, payload));
        let mut handed = Self::default();
        while let Some(part) = parts.next().await {
            let mut part = part.map_err(broken)?;
            let name = part.name().unwrap_or_default().to_owned();
            let content_type = part.content_type().map(ToString::to_string);
            let mut content = BytesMut::new();
            if name == "file" && handed.files.is_empty() {
                // Grown step by step, it would take twice as much.
                content.reserve(room.stated);
            }
            while let Some(piece) = part.next().await {
                content.extend_from_slice(&piece.map_err(broken)?);
            }
            handed.put(&name, content.freeze(), content_type);
        }
        Ok(handed)
    }

    fn put(&mut self, name: &str, content: Bytes, content_type: Option<String>) {
        let text = || String::from_utf8_lossy(&content).trim().to_owned();
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
                self.files.push((content, content_type));
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

    /// The most bytes that its files may have, if they have more: pictures are counted each by
    /// itself, all else together.
    pub fn most_bytes(&self, limits: &Limits) -> Option<usize> {
        let (pictures, others): (Vec<_>, Vec<_>) =
            self.files.iter().map(|(content, _)| content).partition(|content| is_raster(content));
        let too_many = others.iter().map(|content| content.len()).sum::<usize>() > limits.upload;
        let too_large = pictures.iter().any(|content| content.len() > limits.picture);
        if too_many { Some(limits.upload) } else { too_large.then_some(limits.picture) }
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
            Item::Submission(recognise_upload(content, stated.as_deref()))
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
