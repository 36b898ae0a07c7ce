//! A picture in which no credential is baked: a photo or screenshot of a QR code, whose text
//! is taken as if it had been handed in.

use bytes::Bytes;
use model::report::Report;
use tokio::sync::Semaphore;
use url::Url;

use crate::checks::format::Fault;
use crate::verifier::Run;
use crate::{Expectation, opened, recognise};

/// Pictures that this process searches at the same time: each takes a core for some tenths of a
/// second, and up to 20 MB besides itself.
static AT_ONCE: Semaphore = Semaphore::const_new(1);

/// What a picture of a QR code is said to be read as.
const FORM: &str = "qr";

impl Run {
    /// The report on what the one QR code in `picture` holds, or on what stands at the address
    /// that it holds. What stands there is not looked through for a code again.
    pub(crate) async fn photographed(&self, picture: &Bytes, expectation: &Expectation) -> Report {
        let found = match self.text_in(picture.clone()).await {
            Err(fault) => Err(fault),
            Ok(text) if is_address(&text) => match self.retrieve(&text).await {
                Ok(submission) => opened::open(&submission),
                Err(why) => return self.nothing(FORM, *why),
            },
            Ok(text) => opened::open(&recognise(text.as_bytes(), None)),
        };
        self.found(found, FORM, expectation).await
    }

    /// The text of the one code. Searching takes long enough to keep others waiting, so that
    /// it has a thread of its own.
    async fn text_in(&self, picture: Bytes) -> Result<String, Fault> {
        let turn = AT_ONCE.acquire().await.map_err(|error| Fault::Picture(error.to_string()))?;
        let scanned = tokio::task::spawn_blocking(move || {
            let found = artwork::scan::scan(&picture);
            // The asker may have gone; the search has not.
            drop(turn);
            found
        });
        let scanned = scanned.await;
        let scanned = scanned.map_err(|error| Fault::Picture(error.to_string()))?;
        let mut texts = scanned.map_err(|error| Fault::Picture(error.to_string()))?.into_iter();
        match (texts.next(), texts.next()) {
            (Some(only), None) => Ok(only.trim().to_owned()),
            (None, _) => Err(Fault::EmptyPicture),
            (Some(_), Some(_)) => Err(Fault::SeveralCodes),
        }
    }
}

fn is_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}
