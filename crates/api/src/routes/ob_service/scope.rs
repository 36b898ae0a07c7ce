//! What another system may do (Open Badges 3.0, 7.2.4).

/// The scopes there are, each with what it allows.
pub const ALL: [(&str, &str); 4] = [
    (READ, "Permission to read AchievementCredentials for the authenticated entity."),
    (UPSERT, "Permission to create or update AchievementCredentials for the authenticated entity."),
    (PROFILE_READ, "Permission to read the profile for the authenticated entity."),
    (PROFILE_WRITE, "Permission to update the profile for the authenticated entity."),
];

/// Read the credentials.
pub const READ: &str = "https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.readonly";
/// Add credentials.
pub const UPSERT: &str = "https://purl.imsglobal.org/spec/ob/v3p0/scope/credential.upsert";
/// Read the profile.
pub const PROFILE_READ: &str = "https://purl.imsglobal.org/spec/ob/v3p0/scope/profile.readonly";
/// Write the profile.
pub const PROFILE_WRITE: &str = "https://purl.imsglobal.org/spec/ob/v3p0/scope/profile.update";

/// The scopes in a text as OAuth has it; `None` if one of them is not known, or there is none.
/// `offline_access` is understood: a refresh token is given anyway.
pub fn read(text: &str) -> Option<Vec<String>> {
    let asked = text.split_ascii_whitespace().filter(|scope| *scope != "offline_access");
    let mut found = Vec::new();
    for scope in asked {
        let (known, _) = ALL.into_iter().find(|(known, _)| *known == scope)?;
        if !found.iter().any(|one| one == known) {
            found.push(known.to_owned());
        }
    }
    Some(found).filter(|found| !found.is_empty())
}
