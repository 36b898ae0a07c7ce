//! The entries of each section, from their fields.

use rust_decimal::Decimal;
use url::Url;

use super::{
    Accreditation, AchievementDefinition, AlignmentDefinition, CoreSkill, JobFamily, Kind, Manner,
    Organisation, Picture, Role, Succession,
    check::{Reference, Target},
    form::{Faults, Form, Located, filled},
};
use crate::{
    cpd::{Credit, Unit},
    id::Slug,
    ob::{AchievementType, AlignmentTargetType},
    schema::Choice,
};

/// A name under which somebody signs.
fn signer(text: &str) -> Option<String> {
    let is_one_word = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    let is_did = text
        .strip_prefix("did:")
        .is_some_and(|rest| rest.split_once(':').is_some_and(|(_, id)| !id.is_empty()));
    (is_one_word && (is_did || text.starts_with("https://"))).then(|| text.to_owned())
}

/// What entries are read with: the faults and references they add to, and the
/// pictures they name.
pub(super) struct Desk<'a> {
    pub faults: &'a Faults,
    pub references: Vec<Reference>,
    pub pictures: &'a dyn Fn(&str) -> Option<String>,
}

impl Desk<'_> {
    pub fn organisation(&mut self, slug: Slug, mut form: Form<'_>) -> Option<Organisation> {
        let roles = form.list("roles", "`issuer`, `provider` or `body`", |text| match text {
            "issuer" => Some(Role::Issuer),
            "provider" => Some(Role::Provider),
            "body" => Some(Role::Body),
            _ => None,
        });
        if roles.is_empty() {
            form.place_of_field("roles").fault(
                self.faults,
                "the organisation does nothing here",
                "a list of one or more of `issuer`, `provider` and `body`",
            );
        }
        let name = form.text("name", "the organisation's name");
        let succession = form.optional_group("succession").and_then(|group| self.succession(group));
        let organisation = Organisation {
            signs_as: values(form.list(
                "signs_as",
                "a DID such as `did:web:example.org`, or an https address",
                signer,
            )),
            succession: succession.map(|succession| succession.value),
            roles: roles.into_iter().map(|role| role.value).collect(),
            ods: form.parsed("ods", "an ODS code: 3 to 10 upper-case letters and digits"),
            url: form.may("url", HTTPS, https).map(|url| url.value),
            email: form.may("email", "an email address", email).map(|email| email.value),
            description: form.may("description", "text", filled).map(|text| text.value),
            name: name.clone().unwrap_or_default(),
            slug,
        };
        form.finish();
        name.map(|_| organisation)
    }

    /// What became of an organisation.
    fn succession(&mut self, mut form: Form<'_>) -> Option<Located<Succession>> {
        let place = form.place.clone();
        let on = form.date("on");
        let manner = form.need("manner", "`merged`, `renamed` or `split`", Manner::read);
        let by = form.slugs("by");
        for named in &by {
            self.refer(named, Target::Organisation(None));
        }
        if let Some(manner) = &manner
            && !manner.value.fits(by.len())
        {
            let found = format!("{} organisations follow", by.len());
            let expected = "`by` with one organisation, or with two and more after a split";
            form.place_of_field("by").fault(self.faults, found, expected);
        }
        form.finish();
        let value = Succession { on: on?.value, manner: manner?.value, by: values(by) };
        Some(Located { value, place })
    }

    pub fn achievement(&mut self, slug: Slug, mut form: Form<'_>) -> Option<AchievementDefinition> {
        let version = form.need("version", VERSION, version);
        let kind = form.need("kind", &kinds(), |text| text.parse::<Kind>().ok());
        let achievement_type =
            form.need("achievement_type", ACHIEVEMENT_TYPE, |text| term(text, AchievementType::CHOICE));
        let name = form.need("name", "the achievement's name, on one line", one_line);
        let description = form.text("description", "what it is about, in plain words");
        let criteria = form.text("criteria", "what a learner does to earn it, in Markdown");
        let credit = self.credit(&mut form, "credit");
        let credit_is_sample = form.flag("credit_is_sample");
        let issuer = self.organisation_named(&mut form, "issuer", Some(Role::Issuer));
        let creator = self.organisation_named(&mut form, "creator", None);
        let image = self.picture(&mut form);
        let tags = values(form.list("tags", "a word or two", one_line));
        let field_of_study = form.may("field_of_study", "text", one_line).map(|text| text.value);
        let human_code = form.may("human_code", "text", one_line).map(|text| text.value);
        let language = form.may("language", "a language such as `en-GB` or `cy`", language);
        let level = form.whole("level", "a level of the Regulated Qualifications Framework, 1 to 8", 1..=8);
        let alignments = alignments(&mut form);
        let available_from = form.date("available_from");
        let withdrawn_on = form.optional_date("withdrawn_on");
        let valid_for_months = form.months("valid_for_months");
        form.finish();

        if let (Some(from), Some(last)) = (&available_from, &withdrawn_on)
            && last.value < from.value
        {
            last.place.fault(
                self.faults,
                format!("withdrawn on {}, before it is available on {}", last.value, from.value),
                "a day on or after `available_from`",
            );
        }
        Some(AchievementDefinition {
            slug,
            version: version?.value,
            kind: kind?.value,
            achievement_type: achievement_type?.value,
            name: name?.value,
            description: description?,
            criteria: criteria?,
            credit: credit?,
            credit_is_sample,
            issuer: issuer?,
            creator: creator?,
            image: image?,
            tags,
            field_of_study,
            human_code,
            language: language.map_or_else(|| "en-GB".to_owned(), |language| language.value),
            level: level.and_then(|level| u8::try_from(level).ok()),
            alignments: alignments?,
            available_from: available_from?.value,
            withdrawn_on: withdrawn_on.map(|date| date.value),
            valid_for_months,
        })
    }

    /// One entry can name several achievements: one accreditation each.
    pub fn accreditations(&mut self, mut form: Form<'_>) -> Vec<Accreditation> {
        let provider = self.organisation_named(&mut form, "provider", Some(Role::Provider));
        let accredited_by = self.organisation_named(&mut form, "accredited_by", None);
        let achievements = self.achievements_named(&mut form, "achievements");
        let from = form.date("from");
        let until = form.optional_date("until");
        form.finish();
        if let (Some(from), Some(last)) = (&from, &until)
            && last.value < from.value
        {
            last.place.fault(
                self.faults,
                format!("ends on {}, before it begins on {}", last.value, from.value),
                "a day on or after `from`",
            );
        }
        let (Some(provider), Some(accredited_by), Some(from)) = (provider, accredited_by, from) else {
            return Vec::new();
        };
        let until = until.map(|date| date.value);
        let each = achievements.into_iter().map(|achievement| Accreditation {
            provider: provider.clone(),
            achievement,
            from: from.value,
            until,
            accredited_by: accredited_by.clone(),
        });
        each.collect()
    }

    pub fn job_family(&mut self, slug: Slug, mut form: Form<'_>) -> Option<JobFamily> {
        let version = form.need("version", VERSION, version);
        let name = form.need("name", "the family's name, on one line", one_line);
        let description = form.may("description", "text", filled).map(|text| text.value);
        let url = form.may("url", HTTPS, https).map(|url| url.value);
        let achievements = form.slugs("achievements");
        for achievement in &achievements {
            self.refer(achievement, Target::Achievement);
        }
        form.finish();
        Some(JobFamily {
            slug,
            version: version?.value,
            name: name?.value,
            description,
            url,
            achievements: values(achievements),
        })
    }

    pub fn core_skill(&mut self, slug: Slug, mut form: Form<'_>) -> Option<CoreSkill> {
        let name = form.need("name", "the subject's name, on one line", one_line);
        let framework = form.need("framework", "the framework's name, on one line", one_line);
        let url = form.may("url", HTTPS, https).map(|url| url.value);
        let achievements = form.slugs("achievements");
        for achievement in &achievements {
            self.refer(achievement, Target::Achievement);
        }
        form.finish();
        Some(CoreSkill {
            slug,
            name: name?.value,
            framework: framework?.value,
            url,
            achievements: values(achievements),
        })
    }

    pub fn credit(&self, form: &mut Form<'_>, name: &'static str) -> Option<Credit> {
        let mut form = form.group(name, "an `amount` and a `unit`; an amount of 0 if it carries none")?;
        let credit = self.credit_here(&mut form);
        form.finish();
        credit
    }

    /// The fields `amount` and `unit` of a group that has others as well.
    pub fn credit_here(&self, form: &mut Form<'_>) -> Option<Credit> {
        let amount = form.number("amount", AMOUNT);
        let unit =
            form.need("unit", "`hours`, `points` or `credits:<scheme>`", |text| text.parse::<Unit>().ok());
        let amount = amount?;
        // The amount is looked at even where the unit is unknown.
        let in_unit = unit.as_ref().map_or(Unit::Hours, |unit| unit.value.clone());
        let credit = amount
            .value
            .parse::<Decimal>()
            .map_err(|error| error.to_string())
            .and_then(|number| Credit::new(number, in_unit).map_err(|error| error.to_string()));
        let credit = credit.map_err(|detail| amount.place.fault(self.faults, detail, AMOUNT)).ok();
        unit.and(credit)
    }

    fn picture(&self, form: &mut Form<'_>) -> Option<Picture> {
        let mut form = form.group("image", "a picture: its `file` and its `alt` text")?;
        let file = form.need("file", "the name of an SVG file, such as `images/data.svg`", |text| {
            let inside = text.split('/').all(|part| !matches!(part, "" | "." | ".."));
            let is_svg = std::path::Path::new(text).extension().is_some_and(|extension| extension == "svg");
            (is_svg && inside && !text.contains(['\\', ':'])).then(|| text.to_owned())
        });
        let alt = form.text("alt", "what the picture shows, for those who cannot see it");
        form.finish();
        let file = file?;
        let svg = (self.pictures)(&file.value);
        if svg.is_none() {
            file.place.fault(
                self.faults,
                format!("there is no picture `{}`", file.value),
                "the name of an SVG file in the catalogue's folder",
            );
        }
        Some(Picture { svg: svg?, alt: alt? })
    }

    pub fn organisation_named(
        &mut self,
        form: &mut Form<'_>,
        name: &'static str,
        role: Option<Role>,
    ) -> Option<Slug> {
        let named = form.slug(name)?;
        self.refer(&named, Target::Organisation(role));
        Some(named.value)
    }

    fn achievements_named(&mut self, form: &mut Form<'_>, name: &'static str) -> Vec<Slug> {
        let named = form.slugs(name);
        if named.is_empty() {
            form.place_of_field(name).fault(
                self.faults,
                "no achievement is named",
                "a list of one or more achievements",
            );
        }
        for achievement in &named {
            self.refer(achievement, Target::Achievement);
        }
        values(named)
    }

    pub fn refer(&mut self, named: &Located<Slug>, target: Target) {
        self.references.push(Reference { named: named.clone(), target });
    }
}

fn alignments(form: &mut Form<'_>) -> Option<Vec<AlignmentDefinition>> {
    // All of them are read before any missing one ends it.
    let read: Vec<_> = form.groups("alignments").into_iter().map(alignment).collect();
    read.into_iter().collect()
}

fn alignment(mut form: Form<'_>) -> Option<AlignmentDefinition> {
    let name = form.need("name", "the name of what is matched", one_line);
    let url = form.need("url", HTTPS, https);
    let mut text = |name| form.may(name, "text", filled).map(|text| text.value);
    let (description, framework, code) = (text("description"), text("framework"), text("code"));
    let target_type = form.may("target_type", TARGET_TYPE, |text| term(text, AlignmentTargetType::CHOICE));
    form.finish();
    Some(AlignmentDefinition {
        name: name?.value,
        url: url?.value,
        description,
        framework,
        code,
        target_type: target_type.map(|term| term.value),
    })
}

pub(super) const HTTPS: &str = "an https address";
pub(super) const VERSION: &str = "1 to 20 letters, digits, full stops and hyphens, such as \"1.0\"";
const AMOUNT: &str = "a number from 0 to 10000 with no more than two decimal places";
const ACHIEVEMENT_TYPE: &str =
    "a term of the Open Badges 3.0 AchievementType list, or one of your own beginning with `ext:`";
const TARGET_TYPE: &str =
    "a term of the Open Badges 3.0 AlignmentTargetType list, or one of your own beginning with `ext:`";

fn kinds() -> String {
    let words: Vec<_> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    format!("one of {}", words.join(", "))
}

pub(super) fn values<T>(located: Vec<Located<T>>) -> Vec<T> {
    located.into_iter().map(|item| item.value).collect()
}

pub(super) fn one_line(text: &str) -> Option<String> {
    filled(text).filter(|text| !text.contains(char::is_control))
}

pub(super) fn https(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    (url.scheme() == "https" && url.has_host() && url.username().is_empty()).then(|| text.to_owned())
}

fn email(text: &str) -> Option<String> {
    let (mailbox, domain) = text.split_once('@')?;
    let well_formed = !mailbox.is_empty()
        && domain.contains('.')
        && !domain.contains('@')
        && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    well_formed.then(|| text.to_owned())
}

pub(super) fn version(text: &str) -> Option<String> {
    let well_formed = (1..=20).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-');
    well_formed.then(|| text.to_owned())
}

fn language(text: &str) -> Option<String> {
    let mut parts = text.split('-');
    let primary = parts.next()?;
    let well_formed = (2..=3).contains(&primary.len())
        && primary.bytes().all(|b| b.is_ascii_lowercase())
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    well_formed.then(|| text.to_owned())
}

fn term(text: &str, choice: &Choice) -> Option<String> {
    choice.allows(text).then(|| text.to_owned())
}
