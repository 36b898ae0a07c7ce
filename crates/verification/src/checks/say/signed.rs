//! Of the signature: the proof, whose key it is by, and whether the key was in force.

model::sentences! {
    // Proof
    pub(crate) no_proof(): "The credential carries no proof.", "Nid oes prawf ar y cymhwyster.";
    pub(crate) token_matches(algorithm, key): "The {algorithm} signature matches the token by the key `{key}`.",
        "Mae'r llofnod {algorithm} yn cyfateb i'r tocyn yn ôl yr allwedd `{key}`.";
    pub(crate) token_mismatch(why): "The signature does not verify: {why}.", "Nid yw'r llofnod yn gwirio: {why}.";
    pub(crate) token_changed(): "The signature does not match the token: it was changed after signing, or signed by another key.",
        "Nid yw'r llofnod yn cyfateb i'r tocyn: fe'i newidiwyd ar ôl ei lofnodi, neu fe'i llofnodwyd gan allwedd arall.";
    pub(crate) proofs_too_many(number, most): "It carries {number} proofs; at most {most} are checked.",
        "Mae {number} prawf arno; gwirir {most} ar y mwyaf.";
    pub(crate) selective_too_many(number, suite): "It carries {number} by `{suite}`; only one is checked.",
        "Mae {number} gan `{suite}` arno; dim ond un a wirir.";
    pub(crate) none_of_many(): "None of its many proofs was checked.", "Ni wiriwyd yr un o'i brofion niferus.";
    pub(crate) no_method(): "The proof names no verification method.", "Nid yw'r prawf yn enwi dull gwirio.";
    pub(crate) one_of_proofs(number, of, found): "Proof {number} of {of}: {found}", "Prawf {number} o {of}: {found}";
    pub(crate) key_of_other_kind(key): "The key `{key}` is of a kind that no embedded proof uses.",
        "Mae'r allwedd `{key}` o fath nad yw'r un prawf mewnol yn ei ddefnyddio.";
    pub(crate) budget_spent(statements): "It signs {statements} statements apart, and others in the same submission used up what is checked.",
        "Mae'n llofnodi {statements} gosodiad ar wahân, a defnyddiodd eraill yn yr un cyflwyniad yr hyn a wirir.";
    pub(crate) content_matches(suite, key): "The {suite} signature matches the content by the key `{key}`.",
        "Mae'r llofnod {suite} yn cyfateb i'r cynnwys yn ôl yr allwedd `{key}`.";
    pub(crate) content_mismatch(suite, why): "The {suite} signature does not verify: {why}.", "Nid yw'r llofnod {suite} yn gwirio: {why}.";
    pub(crate) content_changed(suite): "The {suite} signature does not match the document: it was changed after signing, or signed by another key.",
        "Nid yw'r llofnod {suite} yn cyfateb i'r ddogfen: fe'i newidiwyd ar ôl ei llofnodi, neu fe'i llofnodwyd gan allwedd arall.";
    pub(crate) purpose_other(found, expected): "The proof's purpose is `{found}`, not `{expected}`.", "Diben y prawf yw `{found}`, nid `{expected}`.";
    pub(crate) proof_date_unreadable(member, value): "The proof's `{member}` is {value}, not a date and time with a time zone.",
        "{value} yw `{member}` y prawf, nid dyddiad ac amser gyda chylchfa amser.";
    pub(crate) proof_expired(on): "The proof expired on {on}.", "Daeth y prawf i ben ar {on}.";
    pub(crate) proof_to_come(on): "The proof is dated {on}, which is still to come.", "Dyddiad y prawf yw {on}, sydd eto i ddod.";
    pub(crate) token_expired(on): "The token expired on {on}.", "Daeth y tocyn i ben ar {on}.";
    pub(crate) token_to_come(on): "The token is of {on}, which is still to come.", "Mae'r tocyn o {on}, sydd eto i ddod.";
    pub(crate) proof_of_kind(name): "The proof is of the kind `{name}`.", "Mae'r prawf o'r math `{name}`.";
    pub(crate) proof_of_no_kind(name): "The proof is of the kind `{name}`, which no standard names.",
        "Mae'r prawf o'r math `{name}`, nad yw'r un safon yn ei enwi.";
    pub(crate) chain_absent(name): "The proof builds on the proof `{name}`, which is not there.", "Mae'r prawf yn adeiladu ar y prawf `{name}`, nad yw yno.";
    pub(crate) chain_twice(name): "The proof builds on the proof `{name}`, which is there twice.", "Mae'r prawf yn adeiladu ar y prawf `{name}`, sydd yno ddwywaith.";
    pub(crate) chain_ring(name): "The proof builds, by the proof `{name}`, on itself.", "Mae'r prawf yn adeiladu, drwy'r prawf `{name}`, arno'i hun.";
    pub(crate) chain_fails(name): "The signature matches, but builds on the proof `{name}`, which does not verify.",
        "Mae'r llofnod yn cyfateb, ond yn adeiladu ar y prawf `{name}`, nad yw'n gwirio.";
    pub(crate) chain_open(name): "The signature matches, but builds on the proof `{name}`, which could not be checked.",
        "Mae'r llofnod yn cyfateb, ond yn adeiladu ar y prawf `{name}`, na ellid ei wirio.";
    pub(crate) no_key_known(): "No key of the issuer is known by which the signature could be good.",
        "Nid oes allwedd hysbys gan y cyhoeddwr y gallai'r llofnod fod yn dda wrthi.";
    pub(crate) key_not_had(): "The issuer's key was not to be had, so the signature was not checked.",
        "Nid oedd allwedd y cyhoeddwr ar gael, felly ni wiriwyd y llofnod.";
    pub(crate) no_key_to_check(): "There is no key of the issuer to check.", "Nid oes allwedd gan y cyhoeddwr i'w gwirio.";
    pub(crate) holder_absent(): "The credential is bound to a key of its holder, who has not signed this copy.",
        "Mae'r cymhwyster wedi'i rwymo wrth allwedd ei ddeiliad, nad yw wedi llofnodi'r copi hwn.";
    pub(crate) holder_signed(): "The holder signed what is shown; for whom, and how long ago, was not asked.",
        "Llofnododd y deiliad yr hyn a ddangosir; ni ofynnwyd i bwy, na pha mor bell yn ôl.";
    pub(crate) holder_mismatch(why): "The holder's signature over what is shown does not verify: {why}.",
        "Nid yw llofnod y deiliad ar yr hyn a ddangosir yn gwirio: {why}.";

    // Issuer binding
    pub(crate) no_issuer(): "The credential names no issuer.", "Nid yw'r cymhwyster yn enwi cyhoeddwr.";
    pub(crate) listed_for(issuer, key, purpose): "The document of `{issuer}` lists the key `{key}` for {purpose}.",
        "Mae dogfen `{issuer}` yn rhestru'r allwedd `{key}` ar gyfer {purpose}.";
    pub(crate) assertions(): "assertions", "datganiadau";
    pub(crate) authentication(): "authentication", "dilysu";
    pub(crate) issuer(): "issuer", "cyhoeddwr";
    pub(crate) holder(): "holder", "deiliad";
    pub(crate) document_old(found, since): "{found} The document is of {since}: no newer one is to be had now.",
        "{found} Mae'r ddogfen o {since}: nid oes un fwy newydd i'w chael nawr.";
    pub(crate) key_in_fragment(key, issuer): "The key stands in the fragment of `{key}`, and the document of `{issuer}` does not list it.",
        "Mae'r allwedd yn narn `{key}`, ac nid yw dogfen `{issuer}` yn ei rhestru.";
    pub(crate) certificates_only(issuer): "The token brings certificates, and nothing else says which key is that of `{issuer}`.",
        "Mae'r tocyn yn dod â thystysgrifau, ac nid oes dim arall yn dweud pa allwedd yw un `{issuer}`.";
    pub(crate) header_key_other(key): "The token brings a key that is not the key `{key}` it names.",
        "Mae'r tocyn yn dod ag allwedd nad yr allwedd `{key}` y mae'n ei henwi yw hi.";
    pub(crate) key_unnamed(issuer): "The token has no `kid`, and `{issuer}` has several keys or none.",
        "Nid oes `kid` gan y tocyn, ac mae gan `{issuer}` sawl allwedd neu ddim un.";
    pub(crate) document_unreachable(who, name, why): "The document of the {who} `{name}` could not be fetched: {why}.",
        "Ni ellid nôl dogfen y {who} `{name}`: {why}.";
    pub(crate) document_unsupported(who, name, what): "The {who} `{name}` is named by {what}, which is not supported.",
        "Enwir y {who} `{name}` gan {what}, nad yw'n cael ei gefnogi.";
    pub(crate) did_method(name): "the DID method `{name}`", "y dull DID `{name}`";
    pub(crate) document_nowhere(who, name): "The {who} is called `{name}`, which leads to no document.",
        "Enw'r {who} yw `{name}`, nad yw'n arwain at ddogfen.";
    pub(crate) document_refused(who, name, why): "The document of the {who} `{name}` is refused: {why}.", "Gwrthodir dogfen y {who} `{name}`: {why}.";
    pub(crate) controlled_by_other(key, controller, who, name): "The key `{key}` is controlled by `{controller}`, not by the {who} `{name}`.",
        "Rheolir yr allwedd `{key}` gan `{controller}`, nid gan y {who} `{name}`.";
    pub(crate) credential_of_other(issuer, key): "The credential names the issuer `{issuer}` and was signed with the key `{key}`, which is somebody else's.",
        "Mae'r cymhwyster yn enwi'r cyhoeddwr `{issuer}` ac fe'i llofnodwyd â'r allwedd `{key}`, sy'n eiddo i rywun arall.";
    pub(crate) presentation_of_other(holder, key): "The presentation names the holder `{holder}` and was signed with the key `{key}`, which is somebody else's.",
        "Mae'r cyflwyniad yn enwi'r deiliad `{holder}` ac fe'i llofnodwyd â'r allwedd `{key}`, sy'n eiddo i rywun arall.";
    pub(crate) listed_elsewhere(issuer, key, relationship): "The document of `{issuer}` lists the key `{key}`, but not under {relationship}.",
        "Mae dogfen `{issuer}` yn rhestru'r allwedd `{key}`, ond nid o dan {relationship}.";
    pub(crate) not_listed(issuer, key): "The document of `{issuer}` does not list the key `{key}`.", "Nid yw dogfen `{issuer}` yn rhestru'r allwedd `{key}`.";
    pub(crate) key_in_header(issuer): "The token brings its own key, and the document of `{issuer}` does not list it.",
        "Mae'r tocyn yn dod â'i allwedd ei hun, ac nid yw dogfen `{issuer}` yn ei rhestru.";
    pub(crate) issuer_ended(name, on, by): "`{name}` ended on {on}. Who answers for it now: {by}.",
        "Daeth `{name}` i ben ar {on}. Pwy sy'n ateb drosto nawr: {by}.";
    pub(crate) marked(name): "`{name}`", "`{name}`";

    // Key
    pub(crate) key_revoked(key, revoked, signed): "The issuer revoked the key `{key}` on {revoked}, and it signed on {signed}.",
        "Dirymodd y cyhoeddwr yr allwedd `{key}` ar {revoked}, a llofnododd ar {signed}.";
    pub(crate) key_revoked_since(key, revoked, signed): "The issuer revoked the key `{key}` on {revoked}. The credential says that it was signed before, on {signed}, which whoever has the key could write at any time.",
        "Dirymodd y cyhoeddwr yr allwedd `{key}` ar {revoked}. Mae'r cymhwyster yn dweud iddo gael ei lofnodi cyn hynny, ar {signed}, a gallai pwy bynnag sydd â'r allwedd ysgrifennu hynny unrhyw bryd.";
    pub(crate) key_expired(key, expired, signed): "The key `{key}` expired on {expired} and signed on {signed}.",
        "Daeth yr allwedd `{key}` i ben ar {expired} a llofnododd ar {signed}.";
    pub(crate) key_expired_since(key, signed, expired): "The key `{key}` signed on {signed} and expired on {expired}.",
        "Llofnododd yr allwedd `{key}` ar {signed} a daeth i ben ar {expired}.";
    pub(crate) key_in_force(key, on): "The key `{key}` was in force on {on}.", "Roedd yr allwedd `{key}` mewn grym ar {on}.";
}
