//! Of what others say: status lists, hosts, registers, endorsements.

model::sentences! {
    // Status
    pub(crate) no_status(): "It names no status list.", "Nid yw'n enwi rhestr statws.";
    pub(crate) entry_lacks(member): "The status entry lacks `{member}`, or it is not a string.",
        "Nid oes `{member}` yn y cofnod statws, neu nid llinyn ydyw.";
    pub(crate) entry_lacks_number(member): "The status entry lacks `{member}`, or it is not a number.",
        "Nid oes `{member}` yn y cofnod statws, neu nid rhif ydyw.";
    pub(crate) status_of_bits(): "The status has more than one bit.", "Mae gan y statws fwy nag un did.";
    pub(crate) index_no_number(index): "`statusListIndex` is `{index}`, not a number.", "`{index}` yw `statusListIndex`, nid rhif.";
    pub(crate) status_of_type(kind): "The status is of the type {kind}.", "Mae'r statws o'r math {kind}.";
    pub(crate) list_unreachable(list, why): "The status list `{list}` could not be fetched: {why}.", "Ni ellid nôl y rhestr statws `{list}`: {why}.";
    pub(crate) list_refused(list, why): "The status list `{list}` is refused: {why}", "Gwrthodir y rhestr statws `{list}`: {why}";
    pub(crate) list_unverified(list, why): "The status list `{list}` could not be verified: {why}", "Ni ellid gwirio'r rhestr statws `{list}`: {why}";
    pub(crate) because(why): "{why}.", "{why}.";
    pub(crate) host_answers(status): "the host answers with the HTTP status {status}", "mae'r gwesteiwr yn ateb gyda'r statws HTTP {status}";
    pub(crate) host_silent(seconds): "the host did not answer within {seconds} seconds", "ni wnaeth y gwesteiwr ateb o fewn {seconds} eiliad";
    pub(crate) host_unreachable(why): "the host cannot be reached (`{why}`)", "ni ellir cyrraedd y gwesteiwr (`{why}`)";
    pub(crate) no_network(): "this check runs without a network", "mae'r gwiriad hwn yn rhedeg heb rwydwaith";
    pub(crate) host_gone(since): "the list of {since} is too old, and no newer one is to be had now",
        "mae'r rhestr o {since} yn rhy hen, ac nid oes un fwy newydd i'w chael nawr";
    pub(crate) list_old(found, since): "{found} The list is of {since}: no newer one is to be had now.",
        "{found} Mae'r rhestr o {since}: nid oes un fwy newydd i'w chael nawr.";
    pub(crate) list_of_other_type(): "it is of another type than the credential says.", "mae o fath gwahanol i'r hyn a ddywed y cymhwyster.";
    pub(crate) list_is_none(kind): "it is not a {kind}.", "nid yw'n {kind}.";
    pub(crate) list_subject_is_none(kind): "its subject is not a {kind}.", "nid yw ei gwrthrych yn {kind}.";
    pub(crate) list_of_other_issuer(by): "it is issued by `{by}`, not by the credential's issuer.", "fe'i cyhoeddir gan `{by}`, nid gan gyhoeddwr y cymhwyster.";
    pub(crate) list_calls_itself(name): "it calls itself `{name}`.", "mae'n galw ei hun yn `{name}`.";
    pub(crate) list_for_other(purpose, list): "The credential's entry is for `{purpose}`; the list `{list}` is not.",
        "Mae cofnod y cymhwyster ar gyfer `{purpose}`; nid felly'r rhestr `{list}`.";
    pub(crate) list_unreadable(list, why): "The list `{list}` cannot be read: {why}.", "Ni ellir darllen y rhestr `{list}`: {why}.";
    pub(crate) no_such_entry(list, entries, index): "The list `{list}` has {entries} entries, not an entry {index}.",
        "Mae gan y rhestr `{list}` {entries} o gofnodion, nid cofnod {index}.";
    pub(crate) no_entry(index, list): "There is no entry {index} of the list `{list}`.", "Nid oes cofnod {index} yn y rhestr `{list}`.";
    pub(crate) not_marked(purpose, index, list): "It is not marked for {purpose} in entry {index} of the list `{list}`.",
        "Nid yw wedi'i farcio ar gyfer {purpose} yng nghofnod {index} o'r rhestr `{list}`.";
    pub(crate) marked_revoked(index, list): "It is marked as revoked in entry {index} of the list `{list}`.",
        "Mae wedi'i farcio fel un wedi'i ddirymu yng nghofnod {index} o'r rhestr `{list}`.";
    pub(crate) marked_suspended(index, list): "It is marked as suspended in entry {index} of the list `{list}`.",
        "Mae wedi'i farcio fel un wedi'i atal yng nghofnod {index} o'r rhestr `{list}`.";
    pub(crate) marked_for(purpose, index, list): "It is marked for {purpose} in entry {index} of the list `{list}`.",
        "Mae wedi'i farcio ar gyfer {purpose} yng nghofnod {index} o'r rhestr `{list}`.";
    pub(crate) marked_valid(index, list): "It is marked as valid in entry {index} of the list `{list}`.",
        "Mae wedi'i farcio fel un dilys yng nghofnod {index} o'r rhestr `{list}`.";
    pub(crate) marked_invalid(index, list): "It is marked as invalid in entry {index} of the list `{list}`.",
        "Mae wedi'i farcio fel un annilys yng nghofnod {index} o'r rhestr `{list}`.";
    pub(crate) marked_with(number, index, list): "It is marked with {number} in entry {index} of the list `{list}`.",
        "Mae wedi'i farcio â {number} yng nghofnod {index} o'r rhestr `{list}`.";
    pub(crate) list_names(list, reason): "The list `{list}` names it; the reason: {reason}.", "Mae'r rhestr `{list}` yn ei enwi; y rheswm: {reason}.";
    pub(crate) no_reason(): "(none given)", "(heb ei roi)";
    pub(crate) list_does_not_name(list): "The list `{list}` does not name it.", "Nid yw'r rhestr `{list}` yn ei enwi.";

    // Hosts
    pub(crate) no_url(url): "`{url}` is not an absolute URL without credentials in it", "nid yw `{url}` yn URL absoliwt heb fanylion mewngofnodi ynddo";
    pub(crate) not_https(url): "`{url}` is not https, and nothing else is followed", "nid yw `{url}` yn https, ac ni ddilynir dim arall";
    pub(crate) other_port(url): "`{url}` names another port than 443", "mae `{url}` yn enwi porth heblaw 443";
    pub(crate) not_public(host, address): "`{host}` stands at {address}, which is not a public address",
        "mae `{host}` yn sefyll yn {address}, nad yw'n gyfeiriad cyhoeddus";
    pub(crate) no_such_host(name): "the name `{name}` does not resolve", "nid yw'r enw `{name}` yn arwain at gyfeiriad";
    pub(crate) redirects(url, location): "`{url}` redirects to `{location}`, and redirects are not followed",
        "mae `{url}` yn ailgyfeirio i `{location}`, ac ni ddilynir ailgyfeiriadau";
    pub(crate) timed_out(url, seconds): "`{url}` did not answer within {seconds} seconds", "ni wnaeth `{url}` ateb o fewn {seconds} eiliad";
    pub(crate) answer_too_large(url, limit): "`{url}` answers with more than {limit} bytes", "mae `{url}` yn ateb gyda mwy na {limit} beit";
    pub(crate) answer_encoded(url): "`{url}` answers compressed, which was not asked for", "mae `{url}` yn ateb wedi'i gywasgu, heb i neb ofyn am hynny";
    pub(crate) unreachable(url, why): "`{url}` cannot be reached (`{why}`)", "ni ellir cyrraedd `{url}` (`{why}`)";
    pub(crate) too_many_documents(most): "this credential refers to more than {most} documents, and no more are fetched",
        "mae'r cymhwyster hwn yn cyfeirio at fwy na {most} dogfen, ac ni nolir mwy";
    pub(crate) offline(url): "`{url}` is not reached out to, because this check runs without a network",
        "ni chysylltir â `{url}`, oherwydd bod y gwiriad hwn yn rhedeg heb rwydwaith";
    pub(crate) no_client(why): "the web client cannot be set up: {why}", "ni ellir paratoi'r cleient gwe: {why}";
    pub(crate) url_answers(url, status): "`{url}` answers with the HTTP status {status}", "mae `{url}` yn ateb gyda'r statws HTTP {status}";

    // Trust
    pub(crate) listed(list, issuer, name): "The list {list} names the issuer `{issuer}`: {name}.", "Mae'r rhestr {list} yn enwi'r cyhoeddwr `{issuer}`: {name}.";
    pub(crate) endorsed_for_trust(by): "No list names its issuer, and an endorsement inside it by {by}, whom a list names, verifies.",
        "Nid yw'r un rhestr yn enwi ei gyhoeddwr, ac mae cymeradwyaeth ynddo gan {by}, y mae rhestr yn ei enwi, yn gwirio.";
    pub(crate) listed_for_other_days(list, name, day): "The list {list} names its issuer, {name}, but not for {day}.",
        "Mae'r rhestr {list} yn enwi ei gyhoeddwr, {name}, ond nid ar gyfer {day}.";
    pub(crate) trust_list_missing(list): "Whether the list {list} names its issuer is not known: the list could not be had.",
        "Ni wyddys a yw'r rhestr {list} yn enwi ei gyhoeddwr: ni ellid cael y rhestr.";
    pub(crate) registered(list, issuer, name, added): "The registrar added the issuer `{issuer}` to the list {list} on {added}: {name}.",
        "Ychwanegodd y cofrestrydd y cyhoeddwr `{issuer}` at y rhestr {list} ar {added}: {name}.";
    pub(crate) unlisted(issuer, policy): "No list of the policy {policy} names the issuer `{issuer}`.", "Nid oes rhestr gan y polisi {policy} sy'n enwi'r cyhoeddwr `{issuer}`.";

    // Refresh
    pub(crate) no_refresh(): "It names no service for a newer form.", "Nid yw'n enwi gwasanaeth ar gyfer ffurf fwy newydd.";
    pub(crate) refresh_offered(service): "`{service}` may have a newer form; it was not asked.",
        "Efallai fod gan `{service}` ffurf fwy newydd; ni ofynnwyd iddo.";
    pub(crate) service_without_address(): "a service without an address", "gwasanaeth heb gyfeiriad";
    pub(crate) superseded_by(address): "It was corrected, and `{address}` took its place.", "Cafodd ei gywiro, a chymerodd `{address}` ei le.";
    pub(crate) superseded_elsewhere(): "It was corrected, and another holder\u{2019}s took its place.",
        "Cafodd ei gywiro, a chymerodd cymhwyster deiliad arall ei le.";

    // Endorsements
    pub(crate) no_endorsements(): "It carries no endorsements.", "Nid oes cymeradwyaethau ynddo.";
    pub(crate) too_many_endorsements(number, most): "It carries {number} endorsements, of which {most} were checked.",
        "Mae {number} cymeradwyaeth ynddo, a gwiriwyd {most} ohonynt.";
    pub(crate) endorsement_unreadable(place, why): "The endorsement of {place} cannot be read: {why}", "Ni ellir darllen cymeradwyaeth {place}: {why}";
    pub(crate) the_credential(): "the credential", "y cymhwyster";
    pub(crate) the_issuer(): "the issuer", "y cyhoeddwr";
    pub(crate) the_achievement(number): "the achievement of subject {number}", "cyflawniad gwrthrych {number}";
    pub(crate) endorsement_elsewhere(place, by, about): "The endorsement of {place} by {by} is about `{about}`, which is no part of this credential.",
        "Mae cymeradwyaeth {place} gan {by} yn ymwneud â `{about}`, nad yw'n rhan o'r cymhwyster hwn.";
    pub(crate) endorsement_found(place, by, why): "The endorsement of {place} by {by}: {why}", "Cymeradwyaeth {place} gan {by}: {why}";
    pub(crate) it_is_invalid(): "it is invalid.", "mae'n annilys.";
    pub(crate) endorsement_open(place, by): "The endorsement of {place} by {by} could not be checked to its end.",
        "Ni ellid gwirio cymeradwyaeth {place} gan {by} hyd y diwedd.";
    pub(crate) endorsement_verifies(place, by): "The endorsement of {place} by {by} verifies.", "Mae cymeradwyaeth {place} gan {by} yn gwirio.";

    // Accreditation
    pub(crate) no_award(): "It awards no achievement, so nobody had to be accredited for it.",
        "Nid yw'n dyfarnu cyflawniad, felly nid oedd yn rhaid i neb fod wedi'i achredu ar ei gyfer.";
    pub(crate) accredited(provider, on, by, from): "{provider} was accredited on {on}: by {by}, from {from}.",
        "Roedd {provider} wedi'i achredu ar {on}: gan {by}, o {from}.";
    pub(crate) accredited_until(provider, on, by, from, until): "{provider} was accredited on {on}: by {by}, from {from} to {until}.",
        "Roedd {provider} wedi'i achredu ar {on}: gan {by}, o {from} hyd {until}.";
    pub(crate) accreditation_ended(held, ended): "{held} The accreditation has ended since, on {ended}, which undoes nothing.",
        "{held} Daeth yr achrediad i ben ers hynny, ar {ended}, nad yw'n dadwneud dim.";
    pub(crate) awarded_by_rule(): "It was awarded by the rule of a programme; each of its parts has a provider of its own.",
        "Fe'i dyfarnwyd gan reol rhaglen; mae gan bob un o'i rannau ei ddarparwr ei hun.";
    pub(crate) not_accredited(provider, on): "{provider} was not accredited for this achievement on {on}.",
        "Nid oedd {provider} wedi'i achredu ar gyfer y cyflawniad hwn ar {on}.";
    pub(crate) no_provider(): "It does not show who delivered the learning.", "Nid yw'n dangos pwy a ddarparodd y dysgu.";
    pub(crate) register_silent(): "The register of accreditations does not answer.", "Nid yw'r gofrestr achrediadau yn ateb.";
    pub(crate) endorsed_by(by): "An endorsement by {by} says so, and covers the day.", "Mae cymeradwyaeth gan {by} yn dweud hynny, ac yn cynnwys y diwrnod.";
    pub(crate) no_register(): "No register of accreditations for it is known here, and none of its endorsements accredits its provider.",
        "Nid oes cofrestr achrediadau hysbys ar ei gyfer yma, ac nid yw'r un o'i gymeradwyaethau yn achredu ei ddarparwr.";
    pub(crate) accreditation_lapsed(): "The endorsement that accredits its provider does not verify, or does not cover the day.",
        "Nid yw'r gymeradwyaeth sy'n achredu ei ddarparwr yn gwirio, neu nid yw'n cynnwys y diwrnod.";
    pub(crate) nobody(): "nobody", "neb";
    pub(crate) nothing(): "nothing", "dim";
}
