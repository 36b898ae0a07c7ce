//! Of what the credential is about: when, whose, and what is shown with it.

model::sentences! {
    // Dates
    pub(crate) begin_missing(): "`validFrom` is missing.", "Mae `validFrom` ar goll.";
    pub(crate) date_unreadable(name, value): "`{name}` is {value}, not a date and time with a time zone.",
        "{value} yw `{name}`, nid dyddiad ac amser gyda chylchfa amser.";
    pub(crate) begins(from, now): "It is valid from {from} on; it is {now} now.", "Mae'n ddilys o {from} ymlaen; mae'n {now} nawr.";
    pub(crate) ended(until, now): "It was valid until {until}; it is {now} now.", "Roedd yn ddilys hyd {until}; mae'n {now} nawr.";
    pub(crate) lasts(from, until): "It is valid from {from} until {until}.", "Mae'n ddilys o {from} hyd {until}.";
    pub(crate) lasts_from(from): "It is valid from {from} on, without an end.", "Mae'n ddilys o {from} ymlaen, heb ddiwedd.";
    pub(crate) lasts_until(until): "It is valid until {until}.", "Mae'n ddilys hyd {until}.";
    pub(crate) no_dates(): "It states no dates.", "Nid yw'n nodi dyddiadau.";

    // Recipient
    pub(crate) nobody_expected(): "No recipient was asked for.", "Ni ofynnwyd am dderbynnydd.";
    pub(crate) its_subject_is(who): "Its subject is `{who}`.", "Ei wrthrych yw `{who}`.";
    pub(crate) names_its_subject(who): "It names its subject {who}.", "Mae'n enwi ei wrthrych yn {who}.";
    pub(crate) subjects_identity(kind, who): "Its subject's {kind} is `{who}`.", "`{who}` yw {kind} ei wrthrych.";
    pub(crate) its_subject_is_not(who): "Its subject is not `{who}`.", "Nid `{who}` yw ei wrthrych.";
    pub(crate) does_not_state(what, who): "It does not state {what} to compare with `{who}`.", "Nid yw'n nodi {what} i'w gymharu â `{who}`.";
    pub(crate) an_id(): "an id of its subject", "id ei wrthrych";
    pub(crate) an_email(): "an email address", "cyfeiriad e-bost";
    pub(crate) a_name(): "a name or number", "enw neu rif";

    // Presentations
    pub(crate) no_challenge(): "No challenge was given to compare with.", "Ni roddwyd her i gymharu â hi.";
    pub(crate) challenge_signed(): "The challenge that was given was signed.", "Llofnodwyd yr her a roddwyd.";
    pub(crate) challenge_unsigned(challenge): "The challenge `{challenge}` was not signed, or not by every proof.",
        "Ni lofnodwyd yr her `{challenge}`, neu nid gan bob prawf.";
    pub(crate) no_domain(): "No domain was given to compare with.", "Ni roddwyd parth i gymharu ag ef.";
    pub(crate) made_for(domain): "It was made for `{domain}`.", "Fe'i gwnaed ar gyfer `{domain}`.";
    pub(crate) not_made_for(domain): "It was not made for `{domain}`.", "Ni wnaed ef ar gyfer `{domain}`.";
    pub(crate) presenter_unnamed(): "The presentation does not say who presents it.", "Nid yw'r cyflwyniad yn dweud pwy sy'n ei gyflwyno.";
    pub(crate) about_another(holder, other): "`{holder}` presents a credential about `{other}`.", "Mae `{holder}` yn cyflwyno cymhwyster am `{other}`.";
    pub(crate) subject_without_id(holder): "A credential does not give its subject an id that could be `{holder}`.",
        "Nid yw cymhwyster yn rhoi id i'w wrthrych a allai fod yn `{holder}`.";
    pub(crate) none_about(): "It shows no credential that could be about somebody else.", "Nid yw'n dangos cymhwyster a allai ymwneud â rhywun arall.";
    pub(crate) one_about(holder): "Its credential is about `{holder}`.", "Mae ei gymhwyster yn ymwneud â `{holder}`.";
    pub(crate) all_about(number, holder): "Its {number} are about `{holder}`.", "Mae ei {number} yn ymwneud â `{holder}`.";
    pub(crate) shown_valid(number, of): "Credential {number} of {of} is valid.", "Mae cymhwyster {number} o {of} yn ddilys.";
    pub(crate) shown_invalid(number, of): "Credential {number} of {of} is not valid.", "Nid yw cymhwyster {number} o {of} yn ddilys.";
    pub(crate) shown_open(number, of): "Credential {number} of {of} could not be checked to its end.",
        "Ni ellid gwirio cymhwyster {number} o {of} hyd y diwedd.";
    pub(crate) shown_untrusted(number, of): "Credential {number} of {of} is genuine and unaltered; no list of the policy names its issuer.",
        "Mae cymhwyster {number} o {of} yn un go iawn a heb ei newid; nid oes rhestr gan y polisi sy'n enwi ei gyhoeddwr.";
    pub(crate) shows_none(): "It shows no credentials.", "Nid yw'n dangos cymwysterau.";
    pub(crate) shows_many(number, most): "It shows {number} credentials, of which {most} were checked.", "Mae'n dangos {number} cymhwyster, a gwiriwyd {most} ohonynt.";

    // Learner records
    pub(crate) part_valid(number, of): "Credential {number} of {of} in the record is valid.", "Mae cymhwyster {number} o {of} yn y cofnod yn ddilys.";
    pub(crate) part_open(number, of): "Credential {number} of {of} in the record could not be checked to its end.",
        "Ni ellid gwirio cymhwyster {number} o {of} yn y cofnod hyd y diwedd.";
    pub(crate) part_untrusted(number, of): "Credential {number} of {of} in the record is genuine and unaltered; no list of the policy names its issuer.",
        "Mae cymhwyster {number} o {of} yn y cofnod yn un go iawn a heb ei newid; nid oes rhestr gan y polisi sy'n enwi ei gyhoeddwr.";
    pub(crate) part_lapsed(number, of): "Credential {number} of {of} in the record is no longer in force.",
        "Nid yw cymhwyster {number} o {of} yn y cofnod mewn grym mwyach.";
    pub(crate) part_invalid(number, of): "Credential {number} of {of} in the record is not valid.", "Nid yw cymhwyster {number} o {of} yn y cofnod yn ddilys.";
    pub(crate) part_foreign(number, of, other): "Credential {number} of {of} in the record is about `{other}`, not about the record's learner.",
        "Mae cymhwyster {number} o {of} yn y cofnod yn ymwneud â `{other}`, nid â dysgwr y cofnod.";
    pub(crate) record_in_record(): "It is a record inside a record; what it holds was not checked.",
        "Cofnod o fewn cofnod ydyw; ni wiriwyd yr hyn y mae'n ei gynnwys.";
    pub(crate) too_many_parts(number, most): "The record holds {number} credentials, of which {most} were checked.",
        "Mae'r cofnod yn cynnwys {number} cymhwyster, a gwiriwyd {most} ohonynt.";
}
