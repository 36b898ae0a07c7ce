//! What to do about a check that did not pass, in English and in Welsh.

use model::sentence::Phrase;

/// There is nothing to do.
pub(super) const NONE: Option<&Phrase> = None;

macro_rules! advice {
    ($($name:ident: $en:literal, $cy:literal;)*) => {
        $(pub(super) const $name: Option<&Phrase> = {
            static PHRASE: Phrase = Phrase::plain($en, $cy);
            Some(&PHRASE)
        };)*
        #[cfg(test)]
        pub(super) static ALL: &[Phrase] = &[$(Phrase::plain($en, $cy)),*];
    };
}

advice! {
    LATER_OR_FILE: "Try again later, or hand in the credential itself as a file.",
        "Rhowch gynnig arall arni yn nes ymlaen, neu rhowch y cymhwyster ei hun fel ffeil.";
    FILE_OR_ADDRESS: "Hand in the credential itself as a file, or a public https address.",
        "Rhowch y cymhwyster ei hun fel ffeil, neu gyfeiriad https cyhoeddus.";
    FILE_AS_DOWNLOADED: "Hand in the credential file as it was downloaded, or the address of the badge.",
        "Rhowch ffeil y cymhwyster fel y'i lawrlwythwyd, neu gyfeiriad y bathodyn.";
    DOWNLOAD_LINK: "Use the badge page's download link, or hand in the picture of the badge.",
        "Defnyddiwch ddolen lawrlwytho tudalen y bathodyn, neu rhowch lun y bathodyn.";
    ASK_ISSUER: "Ask the issuer to correct the credential and to issue it again.",
        "Gofynnwch i'r cyhoeddwr gywiro'r cymhwyster a'i gyhoeddi eto.";
    SMALLER_ONE: "Check that the file is a credential; if it is, ask the issuer for a smaller one.",
        "Gwiriwch mai cymhwyster yw'r ffeil; os felly, gofynnwch i'r cyhoeddwr am un llai.";
    WHOLE_TOKEN: "Copy the whole token; if it is whole, ask the issuer to issue it again.",
        "Copïwch y tocyn cyfan; os yw'n gyfan, gofynnwch i'r cyhoeddwr ei gyhoeddi eto.";
    PICTURE_AGAIN: "Download the badge's picture again from where it was issued.",
        "Lawrlwythwch lun y bathodyn eto o'r man lle y'i cyhoeddwyd.";
    ORIGINAL_FILE: "Use the original file: screenshots and many picture editors drop the credential.",
        "Defnyddiwch y ffeil wreiddiol: mae sgrinluniau a llawer o olygyddion lluniau yn gollwng y cymhwyster.";
    CREDENTIAL_ITSELF: "Hand in the credential itself, not a document that describes or contains it.",
        "Rhowch y cymhwyster ei hun, nid dogfen sy'n ei ddisgrifio neu'n ei gynnwys.";
    PUBLISHED_CONTEXTS: "Ask the issuer to use the published Open Badges and W3C contexts.",
        "Gofynnwch i'r cyhoeddwr ddefnyddio cyd-destunau cyhoeddedig Open Badges a'r W3C.";
    NOT_THE_TERM: "Do not rely on the named term; ask the issuer to correct the credential.",
        "Peidiwch â dibynnu ar y term a enwir; gofynnwch i'r cyhoeddwr gywiro'r cymhwyster.";
    HOSTILE: "Treat the credential as hostile.", "Dylid trin y cymhwyster fel un maleisus.";
    NOTHING_TO_DO: "Nothing; the issuer may want to know.", "Dim; efallai yr hoffai'r cyhoeddwr wybod.";
    SAY_WHOSE: "Ask the issuer to say whose the credential is.",
        "Gofynnwch i'r cyhoeddwr ddweud i bwy y mae'r cymhwyster yn perthyn.";
    JUDGE_ISSUER: "Decide whether you trust this issuer, and tell whoever keeps the list if it should be on it.",
        "Penderfynwch a ydych yn ymddiried yn y cyhoeddwr hwn, a dywedwch wrth bwy bynnag sy'n cadw'r rhestr os dylai fod arni.";
    RIGHT_BADGE: "Ask the holder for the badge of the achievement you need.", "Gofynnwch i'r deiliad am fathodyn y cyflawniad sydd ei angen arnoch.";
    REST_OF_LEVEL: "Ask the holder for the badges of the parts that are missing.", "Gofynnwch i'r deiliad am fathodynnau'r rhannau sydd ar goll.";
    JUDGE_LEVEL: "Check again later what could not be checked, and judge yourself what others issued.",
        "Gwiriwch eto yn nes ymlaen yr hyn na ellid ei wirio, a barnwch eich hun yr hyn a gyhoeddwyd gan eraill.";
    ONE_PERSON: "Hand in the badges of one person at a time.", "Rhowch fathodynnau un person ar y tro.";
    ASK_FOR_EVIDENCE: "If you need the evidence, ask the holder or the provider for it.",
        "Os oes angen y dystiolaeth arnoch, gofynnwch i'r deiliad neu'r darparwr amdani.";
    ANOTHER_COPY: "Do not rely on it; ask the holder for the badge as it was issued, and tell its issuer.",
        "Peidiwch â dibynnu arno; gofynnwch i'r deiliad am y bathodyn fel y'i cyhoeddwyd, a rhowch wybod i'w gyhoeddwr.";
    JSON_FORM: "Hand in the badge as JSON, the form that the log holds.", "Rhowch y bathodyn fel JSON, y ffurf y mae'r log yn ei chynnwys.";
    IN_A_MOMENT: "Check again in a moment.", "Gwiriwch eto ymhen eiliad.";
    RENEW_IN_TIME: "Ask the holder whether they are renewing it.", "Gofynnwch i'r deiliad a yw'n ei adnewyddu.";
    ASK_HOW_IT_STOOD: "Ask its issuer how it stood then.", "Gofynnwch i'w gyhoeddwr sut yr oedd yn sefyll bryd hynny.";
    PDF_AS_ISSUED: "Use the PDF as it was issued, not printed or merged, or hand in the badge itself.",
        "Defnyddiwch y PDF fel y'i cyhoeddwyd, nid wedi'i argraffu na'i gyfuno, neu rhowch y bathodyn ei hun.";
    ONE_AT_A_TIME: "Take the credentials out of the PDF, and hand in one at a time.", "Tynnwch y cymwysterau o'r PDF, a rhowch un ar y tro.";
    ONE_CODE: "Take the picture again, of one QR code alone.", "Tynnwch y llun eto, o un cod QR yn unig.";
    ASK_FOR_NEWER: "Ask the issuer whether they issue Open Badges 3.0, which prove themselves.",
        "Gofynnwch i'r cyhoeddwr a yw'n cyhoeddi Open Badges 3.0, sy'n profi eu hunain.";
    MADE_FOR_YOU: "Where it matters who presents it, ask the holder for a presentation made for you.",
        "Lle mae'n bwysig pwy sy'n ei gyflwyno, gofynnwch i'r deiliad am gyflwyniad a wnaed i chi.";
    PRESENT_AGAIN: "Ask the holder to present it again.", "Gofynnwch i'r deiliad ei gyflwyno eto.";
    SIGNED_ONE: "Ask for the signed credential; what is shown here could have been written by anyone.",
        "Gofynnwch am y cymhwyster wedi'i lofnodi; gallai unrhyw un fod wedi ysgrifennu'r hyn a ddangosir yma.";
    ASK_FOR_ORIGINAL: "Ask the holder for the original; if it is, tell the issuer.",
        "Gofynnwch i'r deiliad am y gwreiddiol; os hwn ydyw, rhowch wybod i'r cyhoeddwr.";
    READ_KEY: "Read the check of the issuer's key.", "Darllenwch y gwiriad o allwedd y cyhoeddwr.";
    FRESH_ONE: "Ask the issuer for a fresh one.", "Gofynnwch i'r cyhoeddwr am un newydd.";
    DATE_AND_CLOCK: "Check again from the named date on, and the clock of this machine.",
        "Gwiriwch eto o'r dyddiad a enwir ymlaen, a chloc y peiriant hwn.";
    DERIVE: "Ask the holder to derive a proof from it and to send that.",
        "Gofynnwch i'r deiliad ddeillio prawf ohono ac anfon hwnnw.";
    OTHER_VERIFIER: "Check it with a verifier that supports the named cryptosuite.",
        "Gwiriwch ef â gwiriwr sy'n cefnogi'r gyfres cryptograffig a enwir.";
    FEWER: "Ask the issuer for a credential with fewer of them.",
        "Gofynnwch i'r cyhoeddwr am gymhwyster gyda llai ohonynt.";
    BY_ITSELF: "Hand in this credential by itself.", "Rhowch y cymhwyster hwn ar ei ben ei hun.";
    LATER: "Try again later.", "Rhowch gynnig arall arni yn nes ymlaen.";
    STILL_LISTED: "Check again later, to learn whether the issuer still lists the key.",
        "Gwiriwch eto yn nes ymlaen, i ddysgu a yw'r cyhoeddwr yn dal i restru'r allwedd.";
    WHO_ANSWERS: "Ask those who answer for it now, if there is anything to ask.",
        "Gofynnwch i'r rhai sy'n ateb drosto nawr, os oes rhywbeth i'w ofyn.";
    SIGNED_BY_OTHER: "Do not rely on it: somebody else signed in the issuer's name.",
        "Peidiwch â dibynnu arno: llofnododd rhywun arall yn enw'r cyhoeddwr.";
    IS_IT_THEIRS: "Ask the issuer whether the credential is theirs, and to publish the key.",
        "Gofynnwch i'r cyhoeddwr ai eu cymhwyster hwy ydyw, ac i gyhoeddi'r allwedd.";
    LIST_IT_UNDER: "Ask for the key to be listed under assertionMethod, or a holder's under authentication.",
        "Gofynnwch i'r allwedd gael ei rhestru o dan assertionMethod, neu un deiliad o dan authentication.";
    PUBLISH_KEY: "Ask the issuer to publish the key in their own document.",
        "Gofynnwch i'r cyhoeddwr gyhoeddi'r allwedd yn ei ddogfen ei hun.";
    MEND_DOCUMENT: "Ask the issuer to mend the document at the named address.",
        "Gofynnwch i'r cyhoeddwr drwsio'r ddogfen yn y cyfeiriad a enwir.";
    OTHER_VERIFIER_OF_METHOD: "Check it with a verifier that supports the named method.",
        "Gwiriwch ef â gwiriwr sy'n cefnogi'r dull a enwir.";
    OTHER_VERIFIER_OF_CERTIFICATES: "Check it with a verifier that supports certificates, and knows whose it trusts.",
        "Gwiriwch ef â gwiriwr sy'n cefnogi tystysgrifau, ac sy'n gwybod rhai pwy y mae'n ymddiried ynddynt.";
    LATER_THEN_TELL: "Try again later; if it lasts, tell the issuer.",
        "Rhowch gynnig arall arni yn nes ymlaen; os yw'n parhau, rhowch wybod i'r cyhoeddwr.";
    OLD_IS_WELL: "Nothing, if the credential is old; new credentials should be signed by a newer key.",
        "Dim, os yw'r cymhwyster yn hen; dylai cymwysterau newydd gael eu llofnodi gan allwedd fwy newydd.";
    ANOTHER_KEY: "Ask the issuer to issue the credential again with another key.",
        "Gofynnwch i'r cyhoeddwr gyhoeddi'r cymhwyster eto gydag allwedd arall.";
    THE_LATER_ONE: "Ask the holder for the credential that took its place.",
        "Gofynnwch i'r deiliad am y cymhwyster a gymerodd ei le.";
    NEWEST_FORM: "Ask the holder for the newest form, if the details may have changed.",
        "Gofynnwch i'r deiliad am y ffurf ddiweddaraf, os gallai'r manylion fod wedi newid.";
    REVOKED_SINCE: "Check again later, to learn whether it was revoked since.",
        "Gwiriwch eto yn nes ymlaen, i ddysgu a gafodd ei ddirymu ers hynny.";
    WHAT_MESSAGE: "Ask the issuer what the message means.", "Gofynnwch i'r cyhoeddwr beth yw ystyr y neges.";
    NOT_REVOKED: "Do not rely on it; ask the holder or the issuer why, and whether there is a newer one.",
        "Peidiwch â dibynnu arno; gofynnwch i'r deiliad neu'r cyhoeddwr pam, ac a oes un mwy newydd.";
    NOT_SUSPENDED: "Do not rely on it now; check again later or ask the issuer.",
        "Peidiwch â dibynnu arno nawr; gwiriwch eto yn nes ymlaen neu gofynnwch i'r cyhoeddwr.";
    MEND_LIST: "Ask the issuer to mend the list at the named address.",
        "Gofynnwch i'r cyhoeddwr drwsio'r rhestr yn y cyfeiriad a enwir.";
    MEND_EITHER: "Ask the issuer to mend the list or the credential.",
        "Gofynnwch i'r cyhoeddwr drwsio'r rhestr neu'r cymhwyster.";
    UNTIL_THEN_UNKNOWN: "Try again later; until then it is not known whether the credential was revoked.",
        "Rhowch gynnig arall arni yn nes ymlaen; tan hynny ni wyddys a gafodd y cymhwyster ei ddirymu.";
    DOES_IT_STAND: "Ask the issuer whether the credential stands.",
        "Gofynnwch i'r cyhoeddwr a yw'r cymhwyster yn sefyll.";
    FROM_THE_DATE: "Check again from the named date on.", "Gwiriwch eto o'r dyddiad a enwir ymlaen.";
    RENEWED: "Ask the holder whether they have renewed it.", "Gofynnwch i'r deiliad a yw wedi'i adnewyddu.";
    ANOTHER_DETAIL: "Compare another detail, such as an email address.",
        "Cymharwch fanylyn arall, fel cyfeiriad e-bost.";
    HOW_NAMED: "Ask the holder how they are named in the credential.",
        "Gofynnwch i'r deiliad sut y caiff ei enwi yn y cymhwyster.";
    WHAT_IS_STATED: "Ask for one of the details that the credential states.",
        "Gofynnwch am un o'r manylion y mae'r cymhwyster yn eu nodi.";
    STANDS_ON_ITS_OWN: "Do not count it; the credential itself stands on its own.",
        "Peidiwch â'i gyfrif; mae'r cymhwyster ei hun yn sefyll ar ei ben ei hun.";
    WHY_THERE: "Do not count it, and ask the issuer why it is there.",
        "Peidiwch â'i gyfrif, a gofynnwch i'r cyhoeddwr pam ei fod yno.";
    MAY_ACCREDIT: "Judge whether whoever signed the endorsement may accredit.",
        "Barnwch a gaiff pwy bynnag a lofnododd y gymeradwyaeth achredu.";
    WHY_AWARDED: "Ask the issuer why it was awarded.", "Gofynnwch i'r cyhoeddwr pam y'i dyfarnwyd.";
    WHO_ACCREDITED: "Ask the issuer who accredited the provider.",
        "Gofynnwch i'r cyhoeddwr pwy achredodd y darparwr.";
    IF_IT_MATTERS_WHO: "Where it matters, ask the issuer who accredited the provider.",
        "Lle mae'n bwysig, gofynnwch i'r cyhoeddwr pwy achredodd y darparwr.";
    WITH_YOUR_CHALLENGE: "Ask the holder to present again, with the challenge you give.",
        "Gofynnwch i'r deiliad gyflwyno eto, gyda'r her a roddwch.";
    TO_YOUR_DOMAIN: "Ask the holder to present it to your own domain.",
        "Gofynnwch i'r deiliad ei gyflwyno i'ch parth eich hun.";
    WHY_HELD: "Ask the holder why they hold it.", "Gofynnwch i'r deiliad pam ei fod yn ei ddal.";
    COMPARE_PERSON: "Compare the person with what the credential says of its subject.",
        "Cymharwch y person â'r hyn y mae'r cymhwyster yn ei ddweud am ei wrthrych.";
    READ_REPORT: "Read the report on the credential.", "Darllenwch yr adroddiad ar y cymhwyster.";
    WHAT_YOU_NEED: "Ask the holder for the credential you need.",
        "Gofynnwch i'r deiliad am y cymhwyster sydd ei angen arnoch.";
    FEWER_AT_A_TIME: "Ask the holder to present fewer at a time.",
        "Gofynnwch i'r deiliad gyflwyno llai ar y tro.";
    MUST_IT_HOLD: "Read the report on the credential, and ask whether it must still be in force.",
        "Darllenwch yr adroddiad ar y cymhwyster, a gofynnwch a oes rhaid iddo fod mewn grym o hyd.";
    NOT_THE_RECORD: "Read the report on the credential. Do not rely on the record.",
        "Darllenwch yr adroddiad ar y cymhwyster. Peidiwch â dibynnu ar y cofnod.";
    READ_REPORT_LATER: "Read the report on the credential, and try again later.",
        "Darllenwch yr adroddiad ar y cymhwyster, a rhowch gynnig arall arni yn nes ymlaen.";
    CORRECT_RECORD: "Do not rely on the record; ask its issuer to correct it.",
        "Peidiwch â dibynnu ar y cofnod; gofynnwch i'w gyhoeddwr ei gywiro.";
    INNER_RECORD: "Hand in the inner record by itself.", "Rhowch y cofnod mewnol ar ei ben ei hun.";
    WHAT_MATTERS: "Hand in the credentials that matter by themselves.",
        "Rhowch y cymwysterau sy'n bwysig ar eu pen eu hunain.";
}
