//! What a watcher is sent, in the form of the Standard Webhooks specification.

use chrono::{DateTime, Utc};
use model::site::Site;
use registry::Due;
use serde_json::json;
use verification::Statement;

use super::secret::sign;
use crate::wire::ledger::rfc3339;

/// A message.
pub struct Message {
    pub headers: [(&'static str, String); 3],
    pub body: String,
}

/// The message of an event, signed at `now` with every secret that is good then. The body
/// is the same at each attempt.
pub fn of(site: &Site, due: &Due, now: DateTime<Utc>) -> Message {
    let about = match (due.watch.credential, &due.watch.statement) {
        (Some(own), _) => Some(site.credential(own)),
        (None, Some(text)) => {
            let statement: Option<Statement> = serde_json::from_str(text).ok();
            statement.and_then(|statement| statement.id().map(str::to_owned))
        }
        (None, None) => None,
    };
    let mut data = json!({ "watch": due.watch.id, "credential": about });
    if let (Some(renewed), Some(members)) = (due.about, data.as_object_mut()) {
        members.insert("current".to_owned(), site.credential(renewed).into());
    }
    let body = json!({
        "type": due.event.kind,
        "timestamp": rfc3339(due.event.occurred),
        "data": data,
    })
    .to_string();
    let timestamp = now.timestamp().to_string();
    let signatures: Vec<String> =
        due.secrets.iter().filter_map(|secret| sign(secret, &due.event.id, &timestamp, &body)).collect();
    let headers = [
        ("webhook-id", due.event.id.clone()),
        ("webhook-timestamp", timestamp),
        ("webhook-signature", signatures.join(" ")),
    ];
    Message { headers, body }
}
