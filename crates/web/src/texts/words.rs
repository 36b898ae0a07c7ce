//! Words chosen by a value: months, units, outcomes, questions.

use chrono::{DateTime, NaiveDate, Utc};
use model::{
    catalogue::Kind,
    cpd::{Credit, Unit},
    programme::Language,
    report::{FaultOwner, Outcome, Question},
};
use rust_decimal::Decimal;

use crate::chrome::Lang;

impl Lang {
    fn pick(self, english: &'static str, welsh: &'static str) -> &'static str {
        match self {
            Self::En => english,
            Self::Cy => welsh,
        }
    }

    /// `3 March 2026`, `3 Mawrth 2026`.
    pub(crate) fn date(self, date: NaiveDate) -> String {
        Language::from(self).date(date)
    }

    /// `3 March 2026 at 14:05 UTC`.
    pub(crate) fn moment(self, moment: DateTime<Utc>) -> String {
        let at = self.pick("at", "am");
        format!("{} {at} {} UTC", self.date(moment.date_naive()), moment.format("%H:%M"))
    }

    /// `1.5 hours`, `20 credits (ects)`. Welsh keeps the singular after a number.
    pub(crate) fn credit(self, credit: &Credit) -> String {
        self.amount(credit.amount(), credit.unit())
    }

    /// The same of any amount, below zero too.
    pub(crate) fn amount(self, amount: Decimal, unit: &Unit) -> String {
        let one = amount == 1.into();
        match unit {
            Unit::Hours => format!("{amount} {}", self.pick(if one { "hour" } else { "hours" }, "awr")),
            Unit::Points => format!("{amount} {}", self.pick(if one { "point" } else { "points" }, "pwynt")),
            Unit::Credits { scheme } => {
                format!("{amount} {} ({scheme})", self.pick(if one { "credit" } else { "credits" }, "credyd"))
            }
        }
    }

    /// The same, or nothing where there is no credit: a programme's own award
    /// carries none, since its modules do.
    pub(crate) fn credit_if_any(self, credit: &Credit) -> Option<String> {
        (!credit.amount().is_zero()).then(|| self.credit(credit))
    }

    /// `Made up of 5 modules and 3 optional parts`.
    pub(crate) fn parts(self, needed: usize, optional: usize) -> String {
        let made = self.pick("Made up of", "Wedi'i wneud o");
        let modules = self.pick(if needed == 1 { "module" } else { "modules" }, "modiwl");
        if optional == 0 {
            return format!("{made} {needed} {modules}");
        }
        let and = self.pick("and", "a");
        let parts =
            self.pick(if optional == 1 { "optional part" } else { "optional parts" }, "rhan ddewisol");
        format!("{made} {needed} {modules} {and} {optional} {parts}")
    }

    /// The heading over achievements of a kind; kinds that belong together share one.
    pub(crate) fn family(self, kind: Kind) -> &'static str {
        match kind {
            Kind::Programme | Kind::Certificate | Kind::Diploma => {
                self.pick("Programmes and certificates", "Rhaglenni a thystysgrifau")
            }
            Kind::Module => self.pick("Modules", "Modiwlau"),
            Kind::Masterclass | Kind::ActionLearningSet => self.pick(
                "Masterclasses and action learning sets",
                "Dosbarthiadau meistr a setiau dysgu gweithredol",
            ),
            Kind::TeamDay => self.pick("Days for teams and boards", "Diwrnodau i dimau a byrddau"),
            Kind::PriorLearning => self.pick("Prior learning", "Dysgu blaenorol"),
            Kind::RegistrationLevel => self.pick("Registration levels", "Lefelau cofrestru"),
        }
    }

    /// `24 months`.
    pub(crate) fn months(self, months: u32) -> String {
        format!("{months} {}", self.pick(if months == 1 { "month" } else { "months" }, "mis"))
    }

    /// `256 KB`; limits are multiples of 1,024 bytes.
    pub(crate) fn size(bytes: usize) -> String {
        match bytes {
            0..1024 => format!("{bytes} bytes"),
            1024..1_048_576 => format!("{} KB", bytes / 1024),
            _ => format!("{} MB", bytes / 1_048_576),
        }
    }

    /// OB 3.0 `achievementType` in words; an unknown one as it stands.
    pub(crate) fn achievement_type(self, name: &str) -> String {
        match name {
            "Badge" => self.pick("Badge", "Bathodyn"),
            "Certificate" => self.pick("Certificate", "Tystysgrif"),
            "CertificateOfCompletion" => self.pick("Certificate of completion", "Tystysgrif cwblhau"),
            "Certification" => self.pick("Certification", "Ardystiad"),
            "Course" => self.pick("Course", "Cwrs"),
            "Diploma" => self.pick("Diploma", "Diploma"),
            "LearningProgram" => self.pick("Learning programme", "Rhaglen ddysgu"),
            "Membership" => self.pick("Membership", "Aelodaeth"),
            "MicroCredential" => self.pick("Micro-credential", "Micro-gymhwyster"),
            other => return other.to_owned(),
        }
        .to_owned()
    }

    /// What a badge was read as (`Report::form`); an unknown form as it stands.
    pub(crate) fn form(self, form: &str) -> String {
        match form {
            "json" => self.pick("JSON with a Data Integrity proof", "JSON gyda phrawf Data Integrity"),
            "url" => self.pick("An address", "Cyfeiriad"),
            "jwt" => self.pick("JWT", "JWT"),
            "sd-jwt" => self.pick("SD-JWT", "SD-JWT"),
            "png" => self.pick("PNG picture with a badge inside", "llun PNG gyda bathodyn y tu mewn"),
            "svg" => self.pick("SVG drawing with a badge inside", "darlun SVG gyda bathodyn y tu mewn"),
            "pdf" => self.pick("PDF that carries a badge", "PDF sy'n cario bathodyn"),
            "qr" => self.pick("QR code in a picture", "Cod QR mewn llun"),
            "jpeg" => self.pick("JPEG picture", "llun JPEG"),
            "several" => self.pick("Several files", "Sawl ffeil"),
            other => return other.to_owned(),
        }
        .to_owned()
    }

    pub(crate) fn outcome(self, outcome: Outcome) -> &'static str {
        match outcome {
            Outcome::Pass => self.pick("Passed", "Pasiodd"),
            Outcome::Warning => self.pick("Warning", "Rhybudd"),
            Outcome::NotChecked => self.pick("Not checked", "Heb ei wirio"),
            Outcome::Fail => self.pick("Failed", "Methodd"),
        }
    }

    pub(crate) fn question(self, question: Question) -> &'static str {
        match question {
            Question::Format => self.pick("Can it be read?", "A ellir ei ddarllen?"),
            Question::Contexts => {
                self.pick("Are all its terms defined?", "A yw ei holl dermau wedi'u diffinio?")
            }
            Question::Schema => self.pick("Does it have the right shape?", "A oes ganddo'r ffurf gywir?"),
            Question::Subject => self.pick("Does it say whose it is?", "A yw'n dweud i bwy y mae'n perthyn?"),
            Question::Proof => {
                self.pick("Does the signature match the content?", "A yw'r llofnod yn cyfateb i'r cynnwys?")
            }
            Question::IssuerBinding => self.pick("Is the key the issuer's?", "Ai allwedd y cyhoeddwr yw hi?"),
            Question::Key => {
                self.pick("Was the key in force when it signed?", "A oedd yr allwedd mewn grym wrth lofnodi?")
            }
            Question::Trust => self.pick("Do you trust its issuer?", "A ydych yn ymddiried yn ei gyhoeddwr?"),
            Question::Refresh => self.pick("Is there a newer form?", "A oes ffurf mwy newydd?"),
            Question::Status => self.pick("Has it been revoked?", "A yw wedi'i ddirymu?"),
            Question::Dates => self.pick("Is it in force today?", "A yw mewn grym heddiw?"),
            Question::Recipient => {
                self.pick("Is it the expected person's?", "Ai eiddo'r person disgwyliedig yw ef?")
            }
            Question::Achievement => {
                self.pick("Is it the expected achievement?", "Ai'r cyflawniad disgwyliedig ydyw?")
            }
            Question::Level => {
                self.pick("Does it meet the expected level?", "A yw'n bodloni'r lefel ddisgwyliedig?")
            }
            Question::Evidence => self.pick("Can its evidence be had?", "A ellir cael ei dystiolaeth?"),
            Question::Log => {
                self.pick("Does its issuer's log hold it?", "A yw log ei gyhoeddwr yn ei gynnwys?")
            }
            Question::Ledger => self.pick(
                "Does its issuer's ledger hold its credit?",
                "A yw cyfriflyfr ei gyhoeddwr yn dal ei gredyd?",
            ),
            Question::Maintenance => self.pick("What keeps it in force?", "Beth sy'n ei gadw mewn grym?"),
            Question::Endorsements => {
                self.pick("Are its endorsements genuine?", "A yw ei gymeradwyaethau'n ddilys?")
            }
            Question::Accreditation => self.pick(
                "Was its provider accredited on the day it was awarded?",
                "A oedd ei ddarparwr wedi'i achredu ar y diwrnod y'i dyfarnwyd?",
            ),
            Question::Challenge => {
                self.pick("Was it made for this occasion?", "A gafodd ei wneud ar gyfer yr achlysur hwn?")
            }
            Question::Domain => self.pick("Was it made for you?", "A gafodd ei wneud i chi?"),
            Question::Holder => {
                self.pick("Are the badges the holder's own?", "Ai bathodynnau'r deiliad ei hun ydynt?")
            }
            Question::Credentials => {
                self.pick("Are the badges in it good?", "A yw'r bathodynnau ynddo'n ddilys?")
            }
        }
    }

    pub(crate) fn fault(self, fault: FaultOwner) -> &'static str {
        match fault {
            FaultOwner::Issuer => self.pick(
                "the issuer, who made or signed the badge",
                "y cyhoeddwr, a wnaeth neu a lofnododd y bathodyn",
            ),
            FaultOwner::Holder => {
                self.pick("whoever gave you the badge", "pwy bynnag a roddodd y bathodyn i chi")
            }
            FaultOwner::Provider => {
                self.pick("whoever delivered the learning", "pwy bynnag a ddarparodd y dysgu")
            }
            FaultOwner::Verifier => self.pick(
                "yourself: the check was asked for in the wrong way",
                "chi eich hun: gofynnwyd am y gwiriad yn y ffordd anghywir",
            ),
            FaultOwner::Host => self.pick(
                "nobody yet: another web site did not answer; try again later",
                "neb eto: ni wnaeth gwefan arall ateb; rhowch gynnig arall arni yn nes ymlaen",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_out_in_both_languages() {
        let date = NaiveDate::from_ymd_opt(2026, 3, 3).unwrap();
        assert_eq!(Lang::En.date(date), "3 March 2026");
        assert_eq!(Lang::Cy.date(date), "3 Mawrth 2026");
        let moment = date.and_hms_opt(14, 5, 0).unwrap().and_utc();
        assert_eq!(Lang::En.moment(moment), "3 March 2026 at 14:05 UTC");
    }

    #[test]
    fn credit_names_its_unit_and_counts_in_english() {
        let credit = |amount: &str, unit: &str| {
            Credit::new(amount.parse::<Decimal>().unwrap(), unit.parse().unwrap()).unwrap()
        };
        assert_eq!(Lang::En.credit(&credit("1", "hours")), "1 hour");
        assert_eq!(Lang::En.credit(&credit("1.5", "hours")), "1.5 hours");
        assert_eq!(Lang::Cy.credit(&credit("1.5", "hours")), "1.5 awr");
        assert_eq!(Lang::En.credit(&credit("20", "credits:ects")), "20 credits (ects)");
    }
}
