//! Of what was handed in: its form, its contexts, its shape, its subject.

model::sentences! {
    // Format
    pub(crate) jwt_claims(why): "The claims of the JWT are wrong: {why}.", "Mae honiadau'r JWT yn anghywir: {why}.";
    pub(crate) this_is(what): "This is {what}.", "Dyma {what}.";
    pub(crate) png_holds(what): "The PNG picture holds {what}.", "Mae'r llun PNG yn cynnwys {what}.";
    pub(crate) svg_holds(what): "The SVG picture holds {what}.", "Mae'r llun SVG yn cynnwys {what}.";
    pub(crate) pdf_holds(what): "The PDF carries {what}.", "Mae'r PDF yn cario {what}.";
    pub(crate) code_holds(what): "The QR code in the picture holds, or leads to, {what}.", "Mae'r cod QR yn y llun yn cynnwys, neu'n arwain at, {what}.";
    pub(crate) several_codes(): "The picture shows more than one QR code.", "Mae'r llun yn dangos mwy nag un cod QR.";
    pub(crate) empty_pdf(): "The PDF carries no credential.", "Nid yw'r PDF yn cario cymhwyster.";
    pub(crate) several_in_pdf(): "The PDF carries more than one credential.", "Mae'r PDF yn cario mwy nag un cymhwyster.";
    pub(crate) unsigned_credential(): "a credential without a proof", "cymhwyster heb brawf";
    pub(crate) embedded_proofs(number): "a credential with {number}", "cymhwyster gyda {number}";
    pub(crate) embedded_proof(): "a credential with an embedded proof", "cymhwyster gyda phrawf ynddo";
    pub(crate) an_sd_jwt(algorithm, shown): "a credential as SD-JWT signed with {algorithm}, with {shown} disclosures",
        "cymhwyster fel SD-JWT wedi'i lofnodi ag {algorithm}, gyda {shown} datgeliad";
    pub(crate) a_jwt(algorithm): "a credential in a JWT signed with {algorithm}", "cymhwyster mewn JWT wedi'i lofnodi ag {algorithm}";
    pub(crate) an_error(why): "something else: {why}", "rhywbeth arall: {why}";
    pub(crate) no_presentation(): "a token without the type VerifiablePresentation", "tocyn heb y math VerifiablePresentation";
    pub(crate) presentation_inside(): "a presentation; hand in the credential inside", "cyflwyniad; rhowch y cymhwyster y tu mewn";
    pub(crate) envelope_closed(why): "an envelope that cannot be opened: {why}", "amlen na ellir ei hagor: {why}";
    pub(crate) not_an_object(): "JSON, but not an object", "JSON, ond nid gwrthrych";
    pub(crate) presentation_here(): "a presentation, where a credential is expected", "cyflwyniad, lle disgwylir cymhwyster";
    pub(crate) open_badge_2(): "a badge of Open Badges 2.0, which is not read here", "bathodyn Open Badges 2.0, nad yw'n cael ei ddarllen yma";
    pub(crate) not_a_credential(): "JSON without the type VerifiableCredential", "JSON heb y math VerifiableCredential";
    pub(crate) cannot_be_read(why): "It cannot be read: {why}.", "Ni ellir ei ddarllen: {why}.";
    pub(crate) web_page(): "This is a web page, not a credential.", "Tudalen we yw hon, nid cymhwyster.";
    pub(crate) ambiguous_json(why): "The JSON is ambiguous: {why}.", "Mae'r JSON yn amwys: {why}.";
    pub(crate) too_large(why): "It is too large: {why}.", "Mae'n rhy fawr: {why}.";
    pub(crate) jwt_refused(why): "The JWT is refused: {why}.", "Gwrthodir y JWT: {why}.";
    pub(crate) bad_picture(why): "The picture cannot be read: {why}.", "Ni ellir darllen y llun: {why}.";
    pub(crate) empty_picture(): "The picture holds no credential, and shows no QR code that can be read.",
        "Nid yw'r llun yn cynnwys cymhwyster, ac nid yw'n dangos cod QR y gellir ei ddarllen.";
    pub(crate) address_answers(url, status): "`{url}` answers with the HTTP status {status}.", "Mae `{url}` yn ateb gyda'r statws HTTP {status}.";
    pub(crate) not_fetched(why): "It could not be fetched: {why}.", "Ni ellid ei nôl: {why}.";
    pub(crate) presentation_in_jwt(number): "This is a presentation of {number} in a JWT.", "Dyma gyflwyniad o {number} mewn JWT.";
    pub(crate) presentation_unsigned(number): "This is a presentation of {number} without a proof.", "Dyma gyflwyniad o {number} heb brawf.";
    pub(crate) presentation_embedded(number): "This is a presentation of {number} with an embedded proof.",
        "Dyma gyflwyniad o {number} gyda phrawf ynddo.";
    pub(crate) nothing_readable(): "There is no readable credential to check.", "Nid oes cymhwyster darllenadwy i'w wirio.";

    // Contexts
    pub(crate) no_context(): "The credential names no context.", "Nid yw'r cymhwyster yn enwi cyd-destun.";
    pub(crate) first_context(found, one, other): "The first context is {found}, and must be {one} or {other}.",
        "{found} yw'r cyd-destun cyntaf, a rhaid iddo fod yn {one} neu'n {other}.";
    pub(crate) inline_context(): "A context is written into the credential itself.", "Mae cyd-destun wedi'i ysgrifennu yn y cymhwyster ei hun.";
    pub(crate) unknown_context(url): "The context `{url}` is not known here.", "Nid yw'r cyd-destun `{url}` yn hysbys yma.";
    pub(crate) nested_context(place): "{place} brings a context of its own.", "Mae {place} yn dod â'i gyd-destun ei hun.";
    pub(crate) one_context(): "Its one context is known and defines every term.", "Mae ei un cyd-destun yn hysbys ac yn diffinio pob term.";
    pub(crate) contexts_known(number): "Its {number} are known and define every term.", "Mae ei {number} yn hysbys ac yn diffinio pob term.";
    pub(crate) no_contexts_needed(): "It has plain claims, which need no contexts.", "Honiadau plaen sydd ganddo, nad oes angen cyd-destunau arnynt.";
    pub(crate) hostile(why): "Its content is hostile: {why}.", "Mae ei gynnwys yn faleisus: {why}.";
    pub(crate) undefined_terms(why): "Its contexts do not define all of it: {why}.", "Nid yw ei gyd-destunau yn diffinio'r cyfan ohono: {why}.";

    // Schema
    pub(crate) shape_of_credential(): "It has the shape of a verifiable credential.", "Mae ganddo ffurf cymhwyster gwiriadwy.";
    pub(crate) shape_of_record(): "It has the shape of a learner record.", "Mae ganddo ffurf cofnod dysgwr.";
    pub(crate) shape_of_badge(): "It has the shape of an Open Badge.", "Mae ganddo ffurf Bathodyn Agored.";
    pub(crate) shape_of_presentation(): "It has the shape of a verifiable presentation.", "Mae ganddo ffurf cyflwyniad gwiriadwy.";
    pub(crate) shape_unusual(why): "Its shape is unusual: {why}.", "Mae ei ffurf yn anarferol: {why}.";
    pub(crate) shape_wrong(why): "Its shape is wrong: {why}.", "Mae ei ffurf yn anghywir: {why}.";
    pub(crate) holder_shape(): "Its shape is wrong: `holder` must be a URL, or an object with an `id`.",
        "Mae ei ffurf yn anghywir: rhaid i `holder` fod yn URL, neu'n wrthrych gydag `id`.";
    pub(crate) shown_shape(): "Its shape is wrong: every `verifiableCredential` must be a credential.",
        "Mae ei ffurf yn anghywir: rhaid i bob `verifiableCredential` fod yn gymhwyster.";

    // Subject
    pub(crate) subject_is(id): "The subject is `{id}`.", "Y gwrthrych yw `{id}`.";
    pub(crate) subject_identified(): "The subject is named by an identifier.", "Enwir y gwrthrych gan ddynodydd.";
    pub(crate) subject_of_bearer(): "The credential is not about a named subject, which its kind allows.",
        "Nid yw'r cymhwyster yn ymwneud â gwrthrych a enwir, fel y mae ei fath yn ei ganiatáu.";
    pub(crate) subject_nameless(): "The subject has neither an `id` nor an `identifier`.", "Nid oes gan y gwrthrych `id` nac `identifier`.";
}
