//! What credentials can be had as.

/// A media type that can be asked for, with the form and the type of the answer.
pub type Offer<T> = (&'static str, (T, &'static str));

/// The text forms of a signed document, in our order of preference: those of the one with
/// an embedded proof, and those of the token.
pub const fn signed<T: Copy>(embedded: T, token: T) -> [Offer<T>; 7] {
    [
        ("application/vc+ld+json", (embedded, "application/vc+ld+json")),
        ("application/vc", (embedded, "application/vc")),
        ("application/ld+json", (embedded, "application/ld+json")),
        ("application/json", (embedded, "application/json")),
        ("application/vc+jwt", (token, "application/vc+jwt")),
        ("application/jwt", (token, "application/jwt")),
        ("text/plain", (token, "text/plain; charset=utf-8")),
    ]
}

/// Pictures with a credential baked in.
pub const fn baked<T: Copy>(png: T, svg: T) -> [Offer<T>; 2] {
    [("image/png", (png, "image/png")), ("image/svg+xml", (svg, "image/svg+xml"))]
}
