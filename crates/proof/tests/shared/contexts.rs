use proof::context;

#[test]
fn generated_contexts_equal_the_published_ones() {
    let published = [
        ("https://www.w3.org/ns/credentials/v2", "credentials-v2"),
        ("https://www.w3.org/2018/credentials/v1", "credentials-v1"),
        ("https://w3id.org/security/data-integrity/v2", "data-integrity-v2"),
        ("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json", "ob-v3p0-3.0.1"),
        ("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json", "ob-v3p0-3.0.2"),
        ("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "ob-v3p0-3.0.3"),
        ("https://purl.imsglobal.org/spec/ob/v3p0/extensions.json", "ob-v3p0-extensions"),
        ("https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json", "clr-v2p0-2.0.1"),
    ];
    // That of Ed25519Signature2020 is compared with the npm package of its authors.
    assert_eq!(published.len(), context::known().count() - 1, "every generated context is compared");
    for (url, file) in published {
        let theirs = crate::json(&format!("contexts/{file}.json"));
        let ours = context::document(url).unwrap_or_else(|| panic!("{url} is not known"));
        for (name, definition) in theirs["@context"].as_object().expect("a context") {
            assert_eq!(ours["@context"].get(name), Some(definition), "{file}: {name}");
        }
        assert_eq!(ours, &theirs, "{file}");
    }
}
