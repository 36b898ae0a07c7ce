//! Every text of the pages, English beside Welsh, so that neither can lack
//! what the other has. docs/pages.md says how they are reviewed.

mod findings;
mod table;
mod words;

pub(crate) use findings::Finding;
use table::texts;

use crate::chrome::Lang;

texts! {
    // The frame
    service: "Lanyard · NHS Digital Academy badges", "Lanyard · bathodynnau Academi Ddigidol y GIG";
    service_about: "Digital badges for learning in digital, data and technology, which anybody can check.",
        "Bathodynnau digidol am ddysgu ym maes digidol, data a thechnoleg, y gall unrhyw un eu gwirio.";
    skip: "Skip to main content", "Neidio i'r prif gynnwys";
    menu: "Menu", "Dewislen";
    language: "Language", "Iaith";
    support_links: "Support links", "Dolenni cymorth";
    development: "Development", "Datblygu";
    development_note: "This is a test service. Badges here are not real.",
        "Gwasanaeth prawf yw hwn. Nid yw'r bathodynnau yma yn rhai go iawn.";
    not_official: "This service is not part of the NHS website.", "Nid yw'r gwasanaeth hwn yn rhan o wefan y GIG.";
    nav_verify: "Check a badge", "Gwirio bathodyn";
    nav_docs: "API for providers and employers", "API i ddarparwyr a chyflogwyr";
    nav_problems: "Error messages", "Negeseuon gwall";
    information: "Information:", "Gwybodaeth:";
    important: "Important:", "Pwysig:";
    error: "Error:", "Gwall:";

    // Home
    home_title: "Digital badges you can check", "Bathodynnau digidol y gallwch eu gwirio";
    home_lead: "When you finish a module or a programme of the NHS Digital Academy, your learning provider tells us and we issue a signed badge. You can share it, and anybody can check that it is genuine.",
        "Pan fyddwch yn gorffen modiwl neu raglen gan Academi Ddigidol y GIG, bydd eich darparwr dysgu yn dweud wrthym a byddwn yn cyhoeddi bathodyn wedi'i lofnodi. Gallwch ei rannu, a gall unrhyw un wirio ei fod yn ddilys.";
    home_verify: "Somebody has shown you a badge", "Mae rhywun wedi dangos bathodyn i chi";
    home_verify_text: "Check who awarded it, who holds it, and whether it is still valid. You do not need an account.",
        "Gwiriwch pwy a'i dyfarnodd, pwy sy'n ei ddal, ac a yw'n dal yn ddilys. Nid oes angen cyfrif arnoch.";
    home_achievements: "What can be earned", "Beth y gellir ei ennill";
    home_issuers: "Who issues badges here", "Pwy sy'n cyhoeddi bathodynnau yma";
    home_systems: "Connect your system", "Cysylltu eich system";
    home_systems_text: "Learning providers send completions, and employers check badges, through the API.",
        "Mae darparwyr dysgu yn anfon cwblhadau, a chyflogwyr yn gwirio bathodynnau, drwy'r API.";

    // Badge
    badge_caption: "Badge", "Bathodyn";
    badge_awarded_to: "Awarded to", "Dyfarnwyd i";
    badge_facts: "About this badge", "Ynglŷn â'r bathodyn hwn";
    badge_holder: "Holder", "Deiliad";
    badge_status: "Status", "Statws";
    badge_achievement: "Achievement", "Cyflawniad";
    badge_version: "version", "fersiwn";
    badge_issuer: "Awarded by", "Dyfarnwyd gan";
    badge_provider: "Taught and assessed by", "Addysgwyd ac aseswyd gan";
    badge_credit: "CPD credit", "Credyd DPP";
    badge_sample: "sample figure, not set by the Academy", "ffigur enghreifftiol, nas pennwyd gan yr Academi";
    badge_started: "Started", "Dechreuwyd";
    badge_completed: "Completed", "Cwblhawyd";
    badge_issued: "Badge issued", "Cyhoeddwyd y bathodyn";
    badge_ends: "Valid until", "Dilys tan";
    badge_no_end: "It does not expire", "Nid yw'n dod i ben";
    badge_superseded: "A later award of the holder builds on this one. Both stand:", "Mae dyfarniad diweddarach y deiliad yn adeiladu ar hwn. Mae'r ddau yn sefyll:";
    badge_corrected_to: "It was corrected. The badge that took its place:", "Cafodd ei gywiro. Y bathodyn a gymerodd ei le:";
    badge_corrected_elsewhere: "It was corrected: what it said belongs to another holder.", "Cafodd ei gywiro: deiliad arall biau'r hyn a ddywedodd.";
    badge_corrects: "It takes the place of an earlier badge that was corrected:", "Mae'n cymryd lle bathodyn cynharach a gafodd ei gywiro:";
    badge_upkeep: "Keeping it in force", "Ei gadw mewn grym";
    badge_upkeep_since: "since", "ers";
    badge_upkeep_until: "until", "tan";
    badge_upkeep_needs: "What is needed", "Yr hyn sydd ei angen";
    badge_upkeep_private: "How much of it has been done is not shown here.", "Ni ddangosir yma faint ohono sydd wedi'i wneud.";
    badge_upkeep_ask: "It happens when somebody asks for it.", "Mae'n digwydd pan fydd rhywun yn gofyn amdano.";
    badge_upkeep_self: "It happens by itself once all of it is there.", "Mae'n digwydd ohono'i hun unwaith y bydd y cyfan yno.";
    badge_upkeep_sample: "The figures of this policy are samples.", "Enghreifftiau yw ffigurau'r polisi hwn.";
    badge_renewed: "This award has been renewed. The badge that holds now:", "Mae'r dyfarniad hwn wedi'i adnewyddu. Y bathodyn sydd mewn grym nawr:";
    badge_renews: "This badge renews an earlier one:", "Mae'r bathodyn hwn yn adnewyddu un cynharach:";
    badge_results: "Results", "Canlyniadau";
    badge_evidence: "Evidence", "Tystiolaeth";
    badge_evidence_unnamed: "Evidence of the provider", "Tystiolaeth y darparwr";
    badge_made_of: "Made up of", "Wedi'i wneud o";
    badge_made_of_text: "These badges of the holder counted.", "Cyfrifodd y bathodynnau hyn sydd gan y deiliad.";
    badge_description: "What was achieved", "Beth a gyflawnwyd";
    badge_criteria: "What had to be done", "Beth yr oedd yn rhaid ei wneud";
    badge_check: "Check this badge", "Gwirio'r bathodyn hwn";
    badge_check_text: "A picture or a web page can be faked; the signature inside a badge cannot. The check reads the signature, the issuer's key and the status list, and shows every step.",
        "Gellir ffugio llun neu dudalen we; ni ellir ffugio'r llofnod o fewn bathodyn. Mae'r gwiriad yn darllen y llofnod, allwedd y cyhoeddwr a'r rhestr statws, ac yn dangos pob cam.";
    badge_check_link: "Check this badge now", "Gwirio'r bathodyn hwn nawr";
    badge_check_elsewhere: "You can also download it below and check it with any other verifier of Open Badges 3.0.",
        "Gallwch hefyd ei lawrlwytho isod a'i wirio ag unrhyw wiriwr Open Badges 3.0 arall.";
    badge_share: "Share", "Rhannu";
    badge_share_label: "Link to this badge", "Dolen i'r bathodyn hwn";
    badge_share_hint: "Select it and copy.", "Dewiswch hi a'i chopïo.";
    badge_linkedin: "Add it to a LinkedIn profile", "Ei ychwanegu at broffil LinkedIn";
    badge_qr_alt: "QR code of the link to this badge", "Cod QR o'r ddolen i'r bathodyn hwn";
    badge_download: "Download", "Lawrlwytho";
    badge_json: "Credential (JSON)", "Cymhwyster (JSON)";
    badge_json_about: "for a wallet or a verifier", "ar gyfer waled neu wiriwr";
    badge_jwt: "Credential (JWT)", "Cymhwyster (JWT)";
    badge_jwt_about: "the same as a signed token", "yr un peth fel tocyn wedi'i lofnodi";
    badge_sd_jwt: "Credential for a wallet (SD-JWT)", "Cymhwyster ar gyfer waled (SD-JWT)";
    badge_sd_jwt_about: "you choose what to show of it", "chi sy'n dewis beth i'w ddangos ohono";
    answering_ended: "ended on", "a ddaeth i ben ar";
    answering_now: "Who answers for it now:", "Pwy sy'n ateb drosto nawr:";
    badge_clr: "Learner record (CLR)", "Cofnod dysgwr (CLR)";
    badge_clr_about: "this award with the badges it is made of", "y dyfarniad hwn gyda'r bathodynnau y mae'n eu cynnwys";
    badge_png: "Picture (PNG)", "Llun (PNG)";
    badge_png_about: "with the credential inside", "gyda'r cymhwyster y tu mewn";
    badge_svg: "Drawing (SVG)", "Darlun (SVG)";
    badge_svg_about: "with the credential inside", "gyda'r cymhwyster y tu mewn";
    badge_qr: "QR code (SVG)", "Cod QR (SVG)";
    badge_qr_about: "for print and slides", "ar gyfer print a sleidiau";
    status_valid: "Valid", "Dilys";
    status_valid_text: "This badge is in force.", "Mae'r bathodyn hwn mewn grym.";
    status_not_yet: "Not yet valid", "Ddim yn ddilys eto";
    status_not_yet_text: "This badge is not in force yet.", "Nid yw'r bathodyn hwn mewn grym eto.";
    status_expired: "Expired", "Wedi dod i ben";
    status_expired_text: "This badge is no longer in force. The achievement was earned, but the badge was for a limited time.",
        "Nid yw'r bathodyn hwn mewn grym mwyach. Enillwyd y cyflawniad, ond am gyfnod cyfyngedig oedd y bathodyn.";
    status_expired_on: "Expired on", "Daeth i ben ar";
    status_revoked: "Revoked", "Wedi'i ddirymu";
    status_revoked_text: "The issuer has taken this badge back. Do not rely on it.",
        "Mae'r cyhoeddwr wedi tynnu'r bathodyn hwn yn ôl. Peidiwch â dibynnu arno.";
    status_revoked_on: "Revoked on", "Dirymwyd ar";
    status_revoked_ask: "If this badge is yours, ask the provider:", "Os mai eich bathodyn chi yw hwn, gofynnwch i'r darparwr:";
    status_reason: "Reason", "Rheswm";

    // Verify form
    verify_title: "Check a badge", "Gwirio bathodyn";
    verify_lead: "Give the badge in one of these three ways. We do not keep what you send.",
        "Rhowch y bathodyn mewn un o'r tair ffordd hyn. Nid ydym yn cadw'r hyn a anfonwch.";
    verify_url: "Link to the badge", "Dolen i'r bathodyn";
    verify_url_hint: "The address of a badge of this service, such as", "Cyfeiriad bathodyn o'r gwasanaeth hwn, megis";
    verify_file: "Or upload the badge", "Neu uwchlwytho'r bathodyn";
    verify_file_hint: "A JSON or JWT file, a PNG or SVG picture that holds a badge, a photo of its QR code, or a PDF that carries one; several at once if you like.",
        "Ffeil JSON neu JWT, llun PNG neu SVG sy'n cynnwys bathodyn, llun o'i god QR, neu PDF sy'n cario un; sawl un ar unwaith os hoffech.";
    verify_text: "Or paste the badge", "Neu ludo'r bathodyn";
    verify_text_hint: "The whole JSON or JWT text, or what a QR code holds.", "Y testun JSON neu JWT cyfan, neu'r hyn sydd mewn cod QR.";
    verify_recipient: "Whose badge should it be? (optional)", "Bathodyn pwy ddylai fod? (dewisol)";
    verify_recipient_hint: "An email address, a DID or a name, to compare with the one in the badge. A name alone proves little: two people can share it.",
        "Cyfeiriad e-bost, DID neu enw, i'w gymharu â'r un yn y bathodyn. Nid yw enw ar ei ben ei hun yn profi llawer: gall dau berson ei rannu.";
    verify_more_asked: "Ask more: achievement, level, an earlier date (optional)", "Gofyn mwy: cyflawniad, lefel, dyddiad cynharach (dewisol)";
    verify_achievement: "Which achievement should it be?", "Pa gyflawniad ddylai fod?";
    verify_achievement_hint: "Its address, or its name. Names are not unique.", "Ei gyfeiriad, neu ei enw. Nid yw enwau'n unigryw.";
    verify_level: "Which registration level should it meet?", "Pa lefel gofrestru ddylai ei bodloni?";
    verify_level_hint: "The answer says which parts are met, missing or expired. Badges of this service count.",
        "Mae'r ateb yn dweud pa rannau sydd wedi'u bodloni, ar goll neu wedi dod i ben. Mae bathodynnau'r gwasanaeth hwn yn cyfrif.";
    verify_level_none: "None", "Dim un";
    verify_as_of: "On which day should it have been good?", "Ar ba ddiwrnod y dylai fod wedi bod yn ddilys?";
    verify_as_of_hint: "For example, 31 3 2026. Leave it empty for today. How a badge stood then is known of badges of this service.",
        "Er enghraifft, 31 3 2026. Gadewch yn wag am heddiw. Mae'n hysbys sut yr oedd bathodyn yn sefyll bryd hynny os yw'n un o'r gwasanaeth hwn.";
    verify_day: "Day", "Diwrnod";
    verify_month: "Month", "Mis";
    verify_year: "Year", "Blwyddyn";
    verify_not_date: "Enter a day that has begun, such as 31 3 2026", "Rhowch ddiwrnod sydd wedi dechrau, megis 31 3 2026";
    verify_also: "What else should we look at?", "Beth arall dylem edrych arno?";
    verify_log: "Whether its issuer's log holds it", "A yw log ei gyhoeddwr yn ei gynnwys";
    verify_ledger: "Whether its credit stands in its issuer's ledger", "A yw ei gredyd yng nghyfriflyfr ei gyhoeddwr";
    verify_maintenance: "What keeps it in force", "Beth sy'n ei gadw mewn grym";
    verify_evidence: "Whether its evidence can be had", "A ellir cael ei dystiolaeth";
    verify_policy: "Whose rules should decide? (optional)", "Rheolau pwy ddylai benderfynu? (dewisol)";
    verify_policy_hint: "A policy says which issuers are trusted and which checks are needed. It never hides a check.",
        "Mae polisi yn dweud pa gyhoeddwyr yr ymddiriedir ynddynt a pha wiriadau sydd eu hangen. Nid yw byth yn cuddio gwiriad.";
    verify_policy_none: "Nobody's: I judge the issuer myself", "Neb: rwy'n barnu'r cyhoeddwr fy hun";
    report_question: "Question", "Cwestiwn";
    report_outcome: "Answer", "Ateb";
    report_finding: "What was found, and what to do", "Beth a ganfuwyd, a beth i'w wneud";
    verify_answer: "How do you want the answer?", "Sut hoffech chi gael yr ateb?";
    verify_answer_page: "As a page", "Fel tudalen";
    verify_answer_pdf: "As a PDF to print", "Fel PDF i'w argraffu";
    verify_answer_receipt: "As a signed receipt to file (JSON)", "Fel derbynneb wedi'i llofnodi i'w ffeilio (JSON)";
    report_policy: "Decided by", "Penderfynwyd gan";
    verify_button: "Check the badge", "Gwirio'r bathodyn";
    verify_problem: "There is a problem", "Mae problem";
    verify_nothing: "Give a link, a file or a text", "Rhowch ddolen, ffeil neu destun";
    verify_more: "Give only one of the link, the file and the text", "Rhowch un yn unig o'r ddolen, y ffeil a'r testun";
    verify_too_large_file: "The file must be smaller than", "Rhaid i'r ffeil fod yn llai na";
    verify_too_large_text: "The text must be shorter than", "Rhaid i'r testun fod yn fyrrach na";
    verify_too_large_url: "The link must be shorter than", "Rhaid i'r ddolen fod yn fyrrach na";
    verify_not_url: "Enter a whole link, beginning with https://", "Rhowch ddolen gyfan, yn dechrau gyda https://";
    verify_not_fetched: "We could not fetch a badge from this link. Check the link, or upload or paste the badge instead",
        "Ni allem gael bathodyn o'r ddolen hon. Gwiriwch y ddolen, neu uwchlwythwch neu ludwch y bathodyn yn lle hynny";

    // A wallet takes a badge
    offer_title: "Put a badge into your wallet", "Rhoi bathodyn yn eich waled";
    offer_lead: "Enter the code that came with the badge.", "Rhowch y cod a ddaeth gyda'r bathodyn.";
    offer_wallet: "You then go back to the wallet at", "Yna byddwch yn dychwelyd i'r waled yn";
    offer_stop: "If you did not ask a wallet for a badge just now, close this page.",
        "Os na ofynnoch i waled am fathodyn nawr, caewch y dudalen hon.";
    offer_code: "Code", "Cod";
    offer_code_hint: "Six digits, such as 012345", "Chwe digid, megis 012345";
    offer_button: "Continue", "Parhau";
    offer_missing: "Enter the code", "Rhowch y cod";
    offer_wrong: "The code is wrong. Tries left:", "Mae'r cod yn anghywir. Cynigion ar ôl:";
    offer_void: "The code was wrong too often, and this badge can no longer be taken with it. Ask whoever sent it for a new one.",
        "Bu'r cod yn anghywir yn rhy aml, ac ni ellir cymryd y bathodyn hwn gydag ef mwyach. Gofynnwch i bwy bynnag a'i hanfonodd am un newydd.";

    // An interaction: a wallet is offered a badge, or asked for some
    interaction_offer_lead: "You have been offered a badge. Keep it in a wallet: an app that holds credentials for you.",
        "Mae bathodyn wedi'i gynnig i chi. Cadwch ef mewn waled: ap sy'n dal tystlythyrau ar eich rhan.";
    interaction_request_title: "Show badges from your wallet", "Dangos bathodynnau o'ch waled";
    interaction_request_lead: "You are asked to show badges. You see in your wallet what is asked for, and decide there.",
        "Gofynnir i chi ddangos bathodynnau. Byddwch yn gweld yn eich waled beth y gofynnir amdano, ac yn penderfynu yno.";
    interaction_asker: "Who asks", "Pwy sy'n gofyn";
    interaction_purpose: "What for", "At ba ddiben";
    interaction_until: "Works until", "Yn gweithio tan";
    interaction_here: "If your wallet is on this device", "Os yw eich waled ar y ddyfais hon";
    interaction_open: "Open my wallet", "Agor fy waled";
    interaction_open_learner: "Open the Learner Credential Wallet", "Agor y Learner Credential Wallet";
    interaction_code: "The Learner Credential Wallet does not ask for the code that came with the badge. Enter it here instead.",
        "Nid yw'r Learner Credential Wallet yn gofyn am y cod a ddaeth gyda'r bathodyn. Rhowch ef yma yn lle hynny.";
    interaction_opened: "The code is right. You can now open the Learner Credential Wallet.",
        "Mae'r cod yn gywir. Gallwch agor y Learner Credential Wallet nawr.";
    interaction_there: "If your wallet is on another device", "Os yw eich waled ar ddyfais arall";
    interaction_scan: "Scan this code with the wallet, or with the camera of the device that it is on.",
        "Sganiwch y cod hwn â'r waled, neu â chamera'r ddyfais y mae arni.";
    interaction_qr: "QR code that leads a wallet here", "Cod QR sy'n arwain waled yma";
    interaction_stop: "If you did not expect this, close this page. Whoever has its address can use it, once.",
        "Os nad oeddech yn disgwyl hyn, caewch y dudalen hon. Gall pwy bynnag sydd â'i chyfeiriad ei ddefnyddio, unwaith.";

    // Another system acts for a learner
    connect_title: "Let another system use your badges", "Gadael i system arall ddefnyddio eich bathodynnau";
    connect_system: "The system calls itself", "Mae'r system yn galw ei hun yn";
    connect_address: "You then go back to it at", "Yna byddwch yn dychwelyd iddi yn";
    connect_asks: "If you let it, it can:", "Os gadewch iddi, gall:";
    connect_read: "see all your badges, with your name and results", "weld eich holl fathodynnau, gyda'ch enw a'ch canlyniadau";
    connect_add: "add badges from elsewhere", "ychwanegu bathodynnau o fannau eraill";
    connect_read_profile: "see your profile", "weld eich proffil";
    connect_write_profile: "change your profile", "newid eich proffil";
    connect_stop: "If you do not know it, or did not come from it just now, close this page.",
        "Os nad ydych yn ei hadnabod, neu os na ddaethoch ohoni nawr, caewch y dudalen hon.";
    connect_code_hint: "The sixteen letters and digits that the Academy gave you", "Yr un ar bymtheg o lythrennau a digidau a roddodd yr Academi i chi";
    connect_button: "Allow", "Caniatáu";
    connect_refuse: "Do not allow, and go back", "Peidio â chaniatáu, a mynd yn ôl";
    connect_wrong: "The code is wrong, was used, or has ended", "Mae'r cod yn anghywir, wedi'i ddefnyddio, neu wedi dod i ben";

    // A learner comes back from another host
    host_title: "Connect your badges elsewhere", "Cysylltu eich bathodynnau mewn man arall";
    host_ask: "You have allowed this service to use your badges in another place.",
        "Rydych wedi caniatáu i'r gwasanaeth hwn ddefnyddio eich bathodynnau mewn man arall.";
    host_address: "That place is", "Y man hwnnw yw";
    host_learner: "They go into the passport of", "Ânt i basbort";
    host_stop: "If that is not you, close this page.", "Os nad chi yw hwn, caewch y dudalen hon.";
    host_button: "This is me, connect", "Fi yw hwn, cysylltu";
    host_done: "Your badges are connected", "Mae eich bathodynnau wedi'u cysylltu";
    host_done_said: "You can close this page and go back to where you started.",
        "Gallwch gau'r dudalen hon a mynd yn ôl i'r man y gwnaethoch ddechrau.";
    host_nothing: "Nothing was connected", "Ni chysylltwyd dim";
    host_refused: "You did not allow it. You can start again whenever you like.",
        "Ni wnaethoch ganiatáu hynny. Gallwch ddechrau eto pryd bynnag y dymunwch.";
    host_over: "This took too long, or was done before. Go back to where you started and try again.",
        "Cymerodd hyn yn rhy hir, neu fe'i gwnaed o'r blaen. Ewch yn ôl i'r man y gwnaethoch ddechrau a rhowch gynnig arall arni.";
    host_failed: "The other place did not answer as it should. Go back to where you started and try again.",
        "Ni wnaeth y man arall ateb fel y dylai. Ewch yn ôl i'r man y gwnaethoch ddechrau a rhowch gynnig arall arni.";

    // Report
    report_title: "Result of the check", "Canlyniad y gwiriad";
    report_attention: "What to look at", "Beth i edrych arno";
    report_says: "What the badge says", "Beth mae'r bathodyn yn ei ddweud";
    report_says_unproved: "This is what was read. It is not proved, since the badge did not pass every check.",
        "Dyma a ddarllenwyd. Nid yw wedi'i brofi, gan na phasiodd y bathodyn bob gwiriad.";
    report_known: "The issuer is an organisation of this service:", "Sefydliad o'r gwasanaeth hwn yw'r cyhoeddwr:";
    report_stranger: "The issuer is not an organisation of this service. Whoever makes a badge chooses the names in it: before you rely on it, ask the organisation whether the issuer's identifier below is its own.",
        "Nid yw'r cyhoeddwr yn un o sefydliadau'r gwasanaeth hwn. Pwy bynnag sy'n gwneud bathodyn sy'n dewis yr enwau ynddo: cyn dibynnu arno, gofynnwch i'r sefydliad ai ei ddynodwr ef yw dynodwr y cyhoeddwr isod.";
    report_says_nothing: "Nothing about the badge could be read.", "Ni ellid darllen dim am y bathodyn.";
    report_details: "Details", "Manylion";
    report_not_asked: "Not asked", "Heb ei ofyn";
    report_whole: "show the whole", "dangos y cyfan";
    report_id: "Identifier", "Dynodwr";
    report_issuer_id: "Issuer's identifier", "Dynodwr y cyhoeddwr";
    report_from: "Valid from", "Dilys o";
    report_until: "Valid until", "Dilys tan";
    report_form: "Read as", "Darllenwyd fel";
    report_checked: "Checked", "Gwiriwyd";
    report_checks: "Every check", "Pob gwiriad";
    report_credential: "Badge", "Bathodyn";
    report_advice: "What to do:", "Beth i'w wneud:";
    report_fault: "Whom to ask:", "Pwy i'w holi:";
    report_clause: "Follows", "Yn dilyn";
    report_again: "Check another badge", "Gwirio bathodyn arall";

    // Achievement
    achievement_caption: "Achievement", "Cyflawniad";
    achievement_kind: "Kind", "Math";
    achievement_version: "Version", "Fersiwn";
    achievement_issuer: "Badges signed by", "Llofnodir y bathodynnau gan";
    achievement_creator: "Written by", "Ysgrifennwyd gan";
    achievement_from: "Available from", "Ar gael o";
    achievement_withdrawn: "Cannot be earned from", "Ni ellir ei ennill o";
    achievement_withdrawn_text: "Badges that were awarded before stay valid.", "Mae'r bathodynnau a ddyfarnwyd cyn hynny yn parhau'n ddilys.";
    achievement_holds: "Badges hold for", "Mae'r bathodynnau'n dal am";
    achievement_criteria: "What has to be done", "Beth sy'n rhaid ei wneud";
    achievement_providers: "Who may award it today", "Pwy gaiff ei ddyfarnu heddiw";
    achievement_no_provider: "No provider is accredited for it today.", "Nid oes darparwr wedi'i achredu ar ei gyfer heddiw.";
    achievement_rule: "How it is earned", "Sut i'w ennill";
    achievement_made_of: "What it is made of", "O beth y mae wedi'i wneud";
    achievement_window: "All of it must be earned within", "Rhaid ennill y cyfan o fewn";
    achievement_optional: "Optional parts", "Rhannau dewisol";
    achievement_counts: "What it counts towards", "At beth y mae'n cyfrif";
    achievement_alignments: "What it is aligned with", "Â beth y mae'n cyd-fynd";
    achievement_newer: "There is a newer version:", "Mae fersiwn mwy newydd:";

    // Issuer
    issuer_caption: "Organisation", "Sefydliad";
    issuer_about: "About it", "Ynglŷn ag ef";
    issuer_website: "Web site", "Gwefan";
    issuer_email: "Email", "E-bost";
    issuer_ods: "ODS code", "Cod ODS";
    issuer_dids: "How its badges name it", "Sut mae ei fathodynnau'n ei enwi";
    issuer_no_keys: "This organisation does not sign badges itself.", "Nid yw'r sefydliad hwn yn llofnodi bathodynnau ei hun.";
    issuer_keys: "Its keys", "Ei allweddi";
    issuer_keys_text: "A retired key no longer signs. What it signed before stays valid.",
        "Nid yw allwedd wedi'i hymddeol yn llofnodi mwyach. Mae'r hyn a lofnododd o'r blaen yn parhau'n ddilys.";
    issuer_key: "Key", "Allwedd";
    issuer_algorithm: "Algorithm", "Algorithm";
    issuer_since: "Since", "Ers";
    issuer_in_use: "In use", "Mewn defnydd";
    issuer_retired: "Retired on", "Ymddeolwyd ar";
    endorsed: "Who endorses it", "Pwy sy'n ei gymeradwyo";
    endorsed_until: "until", "hyd at";
    issuer_accredited: "What it may award", "Beth y caiff ei ddyfarnu";
    accredited_by: "accredited by", "wedi'i achredu gan";
    accredited_from: "from", "o";
    issuer_achievements: "What it issues", "Beth y mae'n ei gyhoeddi";

    // CPD statements, as they are printed
    print_title: "CPD statement", "Datganiad DPP";
    print_for: "Learner", "Dysgwr";
    print_scheme: "Scheme", "Cynllun";
    print_body: "Body", "Corff";
    print_joined: "Counts since", "Yn cyfrif ers";
    print_joined_assumed: "from the first record: nobody stated the day", "o'r cofnod cyntaf: ni nododd neb y diwrnod";
    print_as_of: "As of", "Fel yr oedd ar";
    print_sample: "The figures of this scheme are samples, not set by the body.",
        "Ffigurau enghreifftiol sydd i'r cynllun hwn, nas pennwyd gan y corff.";
    print_period: "Period", "Cyfnod";
    print_to: "to", "hyd";
    print_complete: "This period has all that it needs.", "Mae gan y cyfnod hwn bopeth sydd ei angen.";
    print_incomplete: "Something is still missing in this period.", "Mae rhywbeth ar goll o hyd yn y cyfnod hwn.";
    print_total: "Counts in all", "Cyfanswm sy'n cyfrif";
    print_minimum: "Needed", "Angenrheidiol";
    print_missing: "Still missing", "Ar goll o hyd";
    print_carried: "Taken over from the period before", "Dygwyd drosodd o'r cyfnod blaenorol";
    print_words: "Words of the statement", "Geiriau'r datganiad";
    print_words_of: "of", "o";
    print_categories: "By category", "Fesul categori";
    print_category: "Category", "Categori";
    print_no_category: "None", "Dim";
    print_earned: "Earned", "Enillwyd";
    print_counts: "Counts", "Yn cyfrif";
    print_lines: "What was done", "Beth a wnaed";
    print_no_lines: "Nothing is recorded in this period.", "Nid oes dim wedi'i gofnodi yn y cyfnod hwn.";
    print_day: "Day", "Diwrnod";
    print_what: "What", "Beth";
    print_kind: "Recorded as", "Cofnodwyd fel";
    print_amount: "Amount", "Swm";
    print_not_counted: "not counted", "ddim yn cyfrif";
    print_own_words: "In the learner's own words", "Yng ngeiriau'r dysgwr";
    print_page: "Page", "Tudalen";
    kind_award: "Award", "Dyfarniad";
    kind_reversal: "Taken back", "Tynnwyd yn ôl";
    kind_activity: "Declared by the learner", "Datganwyd gan y dysgwr";
    kind_adjustment: "Correction", "Cywiriad";
    kind_transfer: "Brought from elsewhere", "Dygwyd o fan arall";

    // Problems and the API
    problem_caption: "Error message", "Neges gwall";
    problem_status: "HTTP status", "Statws HTTP";
    problem_type: "Type", "Math";
    problem_meaning: "What happened", "Beth ddigwyddodd";
    problem_action: "What to do", "Beth i'w wneud";
    problem_example: "Example", "Enghraifft";
    problems_title: "Error messages", "Negeseuon gwall";
    problems_text: "Every error of the API is a problem document (RFC 9457). Its type is the address of one of these pages.",
        "Dogfen broblem (RFC 9457) yw pob gwall gan yr API. Ei math yw cyfeiriad un o'r tudalennau hyn.";
    docs_title: "API", "API";
    docs_version: "Version", "Fersiwn";
    docs_openapi: "The same as an OpenAPI 3.1 document", "Yr un peth fel dogfen OpenAPI 3.1";
    docs_contents: "Contents", "Cynnwys";
    docs_scope: "Needs the scope", "Angen y cwmpas";
    docs_open: "Open to everybody", "Ar agor i bawb";
    docs_answers: "Answers", "Atebion";
    docs_common: "Answers that any endpoint may give", "Atebion y gall unrhyw fan cyswllt eu rhoi";
    docs_common_text: "They are not repeated below. Each names a page that says what to do.",
        "Ni chânt eu hailadrodd isod. Mae pob un yn enwi tudalen sy'n dweud beth i'w wneud.";
    docs_status: "Status", "Statws";
    docs_meaning: "Meaning", "Ystyr";
    english_only: "This page is in English only.", "Yn Saesneg yn unig y mae'r dudalen hon.";

    // Failures
    not_found: "Page not found", "Heb ddod o hyd i'r dudalen";
    not_found_text: "If you typed the address, check it. If you followed a link or a QR code, it may have ended: ask whoever gave it to you for a new one.",
        "Os teipioch y cyfeiriad, gwiriwch ef. Os dilynoch ddolen neu god QR, efallai ei fod wedi dod i ben: gofynnwch i bwy bynnag a'i rhoddodd i chi am un newydd.";
    gone: "This has been erased", "Mae hwn wedi'i ddileu";
    gone_text: "It was about a person, and everything kept here about them was erased for good. If you have a copy of the badge, you can still check it.",
        "Roedd yn ymwneud â pherson, a dilëwyd popeth a gadwyd yma am y person hwnnw am byth. Os oes gennych gopi o'r bathodyn, gallwch ei wirio o hyd.";
    ended: "This link has ended", "Mae'r ddolen hon wedi dod i ben";
    ended_text: "Its time is over, or it was used before. Ask whoever gave it to you for a new one.",
        "Mae ei hamser ar ben, neu fe'i defnyddiwyd o'r blaen. Gofynnwch i bwy bynnag a'i rhoddodd i chi am un newydd.";
    bad_request: "We cannot do that", "Ni allwn wneud hynny";
    bad_request_text: "The link that brought you here, or what you sent, is not complete or is not as it should be. Go back and try again. If it happens again, tell whoever sent you here.",
        "Nid yw'r ddolen a ddaeth â chi yma, neu'r hyn a anfonoch, yn gyflawn neu fel y dylai fod. Ewch yn ôl a rhowch gynnig arall arni. Os yw'n digwydd eto, dywedwch wrth bwy bynnag a'ch anfonodd yma.";
    refused: "You may not do that", "Ni chewch wneud hynny";
    refused_text: "It is not allowed, or you have not shown who you are. If you think that you should be able to, ask whoever sent you here.",
        "Ni chaniateir hynny, neu nid ydych wedi dangos pwy ydych chi. Os credwch y dylech allu ei wneud, gofynnwch i bwy bynnag a'ch anfonodd yma.";
    too_large: "That is too large", "Mae hynny'n rhy fawr";
    too_large_text: "What you sent is larger than we can take. Send a smaller file, or a smaller picture.",
        "Mae'r hyn a anfonoch yn fwy nag y gallwn ei dderbyn. Anfonwch ffeil lai, neu lun llai.";
    too_slow: "That took too long", "Cymerodd hynny ormod o amser";
    too_slow_text: "What you sent did not arrive in time. Try again over a steadier connection.",
        "Ni chyrhaeddodd yr hyn a anfonoch mewn pryd. Rhowch gynnig arall arni dros gysylltiad mwy sefydlog.";
    elsewhere: "Another service did not answer", "Ni atebodd gwasanaeth arall";
    elsewhere_text: "A service that is needed for this did not answer as it should. Try again later. If it happens again, tell whoever runs it.",
        "Ni atebodd gwasanaeth y mae ei angen ar gyfer hyn fel y dylai. Rhowch gynnig arall arni yn nes ymlaen. Os yw'n digwydd eto, dywedwch wrth bwy bynnag sy'n ei redeg.";
    failure_detail: "Technical details:", "Manylion technegol (yn Saesneg):";
    too_many: "Too many requests", "Gormod o geisiadau";
    too_many_text: "Please wait this many seconds and try again:", "Arhoswch am y nifer hwn o eiliadau a rhoi cynnig arall arni:";
    internal: "Sorry, there is a problem with the service", "Mae'n ddrwg gennym, mae problem gyda'r gwasanaeth";
    internal_text: "The fault is ours. Try again later.", "Ein bai ni yw hyn. Rhowch gynnig arall arni yn nes ymlaen.";
    unavailable: "Sorry, the service is unavailable", "Mae'n ddrwg gennym, nid yw'r gwasanaeth ar gael";
    unavailable_text: "Try again in a few minutes.", "Rhowch gynnig arall arni ymhen ychydig funudau.";
    reference: "If you ask for help, quote", "Os gofynnwch am help, dyfynnwch";
    failure_home: "Go to the home page", "Mynd i'r dudalen hafan";
}

impl Lang {
    pub(crate) fn texts(self) -> &'static Texts {
        match self {
            Self::En => &EN,
            Self::Cy => &CY,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_stands_in_both_languages() {
        for (key, english, welsh) in ALL {
            assert!(!english.trim().is_empty() && !welsh.trim().is_empty(), "{key}");
            let ends = |text: &str| text.chars().last().filter(|last| ".:".contains(*last));
            assert_eq!(ends(english), ends(welsh), "{key}: the two end differently");
        }
    }

    #[test]
    fn only_names_and_loan_words_are_the_same_in_welsh() {
        let same: Vec<_> = ALL.iter().filter(|(_, en, cy)| en == cy).map(|(key, ..)| *key).collect();
        assert_eq!(same, ["issuer_algorithm", "docs_title"]);
    }
}
