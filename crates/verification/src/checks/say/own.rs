//! Of what was asked for besides: the achievement, evidence, and what a service has
//! recorded of its own credentials.

model::sentences! {
    // Key
    pub(crate) key_revoked_logged(revoked, index, at): "The issuer revoked the key on {revoked}. Its log had taken the credential in before, on {at}, as entry {index}.",
        "Dirymodd y cyhoeddwr yr allwedd ar {revoked}. Roedd ei log wedi derbyn y cymhwyster cyn hynny, ar {at}, fel cofnod {index}.";

    // Status as of a moment
    pub(crate) status_then_clear(at): "It stood on {at}, by the records of its own service.", "Roedd yn sefyll ar {at}, yn ôl cofnodion ei wasanaeth ei hun.";
    pub(crate) status_then_revoked(since, at): "It had been revoked on {since}, before {at}.", "Roedd wedi'i ddirymu ar {since}, cyn {at}.";
    pub(crate) status_then_not_issued(at): "It had not been issued by {at}.", "Nid oedd wedi'i gyhoeddi erbyn {at}.";
    pub(crate) status_then_unknown(at): "How it stood on {at} is not known here.", "Ni wyddys yma sut yr oedd yn sefyll ar {at}.";

    // Achievement
    pub(crate) achievement_is(expected): "Its achievement is `{expected}`.", "Ei gyflawniad yw `{expected}`.";
    pub(crate) achievement_called(expected): "Its achievement is called {expected}.", "Enw ei gyflawniad yw {expected}.";
    pub(crate) achievement_is_not(expected): "Its achievement is not `{expected}`.", "Nid `{expected}` yw ei gyflawniad.";

    // Level
    pub(crate) level_met(level): "It meets the level {level}.", "Mae'n bodloni'r lefel {level}.";
    pub(crate) level_not_met(level): "It does not meet the level {level}.", "Nid yw'n bodloni'r lefel {level}.";
    pub(crate) level_not_known(level): "It is not known whether the level {level} is met: some of what was presented could not be checked, or was issued elsewhere.",
        "Ni wyddys a yw'r lefel {level} wedi'i bodloni: ni ellid gwirio rhywfaint o'r hyn a gyflwynwyd, neu fe'i cyhoeddwyd yn rhywle arall.";
    pub(crate) level_of_several(level): "The badges are those of different people, and the level {level} is one person's.",
        "Bathodynnau gwahanol bobl ydynt, ac un person sydd i'r lefel {level}.";
    pub(crate) level_part_met(part): "Met: {part}.", "Bodlonwyd: {part}.";
    pub(crate) level_part_missing(part): "Missing: {part}.", "Yn eisiau: {part}.";
    pub(crate) level_part_expired(part): "Expired: {part}.", "Wedi dod i ben: {part}.";
    pub(crate) level_part_revoked(part): "Revoked: {part}.", "Wedi'i ddirymu: {part}.";

    // Evidence
    pub(crate) no_evidence(): "It names no evidence that stands on the web.", "Nid yw'n enwi tystiolaeth sydd ar y we.";
    pub(crate) evidence_there(address): "Evidence stands at `{address}`.", "Mae tystiolaeth yn `{address}`.";
    pub(crate) evidence_gone(address): "There is no evidence at `{address}` any more.", "Nid oes tystiolaeth yn `{address}` mwyach.";
    pub(crate) evidence_unreachable(address, why): "The evidence at `{address}` could not be had: {why}.", "Ni ellid cael y dystiolaeth yn `{address}`: {why}.";
    pub(crate) evidence_too_many(number, most): "It names {number} addresses of evidence, of which {most} were asked.",
        "Mae'n enwi {number} cyfeiriad tystiolaeth, a gofynnwyd i {most} ohonynt.";

    // Log
    pub(crate) no_log(): "No log of its issuer is known here.", "Nid oes log hysbys gan ei gyhoeddwr yma.";
    pub(crate) logged(index, size, at): "Entry {index} of the {size} of the log stands for this very credential; it was issued on {at}.",
        "Mae cofnod {index} o'r {size} yn y log yn sefyll dros yr union gymhwyster hwn; fe'i cyhoeddwyd ar {at}.";
    pub(crate) log_other_form(): "The log holds it as JSON, and it was handed in as a token.", "Mae'r log yn ei gynnwys fel JSON, ac fe'i rhoddwyd fel tocyn.";
    pub(crate) log_differs(): "The log holds something else under its id.", "Mae'r log yn cynnwys rhywbeth arall o dan ei id.";
    pub(crate) log_waiting(): "It was issued a moment ago, and waits for its place in the log.", "Fe'i cyhoeddwyd eiliad yn ôl, ac mae'n aros am ei le yn y log.";
    pub(crate) log_absent(): "Its issuer's service has no record of it.", "Nid oes gan wasanaeth ei gyhoeddwr gofnod ohono.";
    pub(crate) log_silent(): "The log does not answer, or its proof does not hold.", "Nid yw'r log yn ateb, neu nid yw ei brawf yn dal.";

    // Ledger
    pub(crate) no_ledger(): "No ledger of its issuer is known here.", "Nid oes cyfriflyfr hysbys gan ei gyhoeddwr yma.";
    pub(crate) ledger_holds(at): "The ledger holds its credit since {at}, and it was not taken back.",
        "Mae'r cyfriflyfr yn dal ei gredyd ers {at}, ac ni chafodd ei dynnu'n ôl.";
    pub(crate) ledger_took_back(at, since): "The ledger took its credit in on {at}, and it was taken back on {since}.",
        "Derbyniodd y cyfriflyfr ei gredyd ar {at}, ac fe'i tynnwyd yn ôl ar {since}.";
    pub(crate) ledger_lacks(): "The ledger holds no credit of it.", "Nid yw'r cyfriflyfr yn dal unrhyw gredyd ohono.";
    pub(crate) ledger_silent(): "The ledger does not answer.", "Nid yw'r cyfriflyfr yn ateb.";

    // Maintenance
    pub(crate) no_maintenance_known(): "What keeps it in force is not known here.", "Ni wyddys yma beth sy'n ei gadw mewn grym.";
    pub(crate) stands(state, since): "Its award is {state}, since {since}.", "Mae ei ddyfarniad {state}, ers {since}.";
    pub(crate) stands_until(state, since, until): "Its award is {state}, since {since} and until {until}.",
        "Mae ei ddyfarniad {state}, ers {since} a hyd {until}.";
    pub(crate) in_force(): "in force", "mewn grym";
    pub(crate) reinstated(): "in force again", "mewn grym eto";
    pub(crate) due(): "in force and due to be renewed", "mewn grym ac i'w adnewyddu";
    pub(crate) grace(): "past its time and can still be renewed", "y tu hwnt i'w amser a gellir ei adnewyddu o hyd";
    pub(crate) lapsed(): "lapsed", "wedi darfod";
    pub(crate) expired(): "expired", "wedi dod i ben";
    pub(crate) revoked(): "taken back", "wedi'i dynnu'n ôl";
    pub(crate) superseded(): "superseded by a later one", "wedi'i ddisodli gan un diweddarach";
}
