//! What became of a credential in the wallet (OID4VCI 1.0, 11).

use serde_json::Value;

use crate::RequestError;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// It is kept.
    Accepted,
    /// It could not be kept.
    Failure,
    /// The holder did not want it, or deleted it.
    Deleted,
}

impl Event {
    /// The value of `event` (11.1).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "credential_accepted",
            Self::Failure => "credential_failure",
            Self::Deleted => "credential_deleted",
        }
    }

    /// The event of that name.
    pub fn of(name: &str) -> Option<Self> {
        [Self::Accepted, Self::Failure, Self::Deleted].into_iter().find(|event| event.as_str() == name)
    }
}

/// A notification. What the wallet says about it for people is not read: it may name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// As the credential's answer gave it.
    pub id: String,
    /// What happened.
    pub event: Event,
}

impl Notification {
    /// Reads the body of a notification.
    pub fn read(body: &Value) -> Result<Self, RequestError> {
        let text = |name: &str| {
            let found = body.get(name).and_then(Value::as_str);
            found.ok_or_else(|| RequestError::InvalidNotification(format!("`{name}` must be a string")))
        };
        let (id, event) = (text("notification_id")?, text("event")?);
        let event = Event::of(event)
            .ok_or_else(|| RequestError::InvalidNotification(format!("there is no event `{event}`")))?;
        Ok(Self { id: id.to_owned(), event })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_event_that_there_is_is_read_and_no_other() {
        let read = |event: &str| Notification::read(&json!({"notification_id": "1", "event": event}));
        for event in [Event::Accepted, Event::Failure, Event::Deleted] {
            assert_eq!(read(event.as_str()).unwrap(), Notification { id: "1".to_owned(), event });
        }
        for bad in [json!({}), json!({"notification_id": "1"}), json!({"event": "credential_accepted"})] {
            assert_eq!(Notification::read(&bad).unwrap_err().code(), "invalid_notification_request");
        }
        assert_eq!(read("credential_lost").unwrap_err().code(), "invalid_notification_request");
    }
}
