//! Organisations and achievements as Open Badges 3.0 describes them, the same in
//! each badge and at their own addresses.

use model::{
    catalogue::{AchievementDefinition, Catalogue, Organisation},
    cpd::Credit,
    ob,
    site::Site,
};

/// An organisation as an OB 3.0 Profile under its https name.
pub(crate) fn profile(site: &Site, organisation: &Organisation) -> ob::Profile {
    let mut profile = ob::Profile::new(site.issuer(&organisation.slug));
    profile.name = Some(organisation.name.clone());
    profile.url = Some(organisation.url.clone().unwrap_or_else(|| site.issuer(&organisation.slug)));
    profile.email.clone_from(&organisation.email);
    profile.description.clone_from(&organisation.description);
    profile.other_identifier.extend(
        organisation
            .ods
            .as_ref()
            .map(|ods| ob::IdentifierEntry::new(ods.as_str(), ob::IdentifierType::from("ext:OdsCode"))),
    );
    profile
}

/// An achievement as an OB 3.0 Achievement. One that carries no credit (a
/// programme's award, a registration level) says nothing of credit.
pub(crate) fn achievement(
    site: &Site,
    catalogue: &Catalogue,
    definition: &AchievementDefinition,
) -> ob::Achievement {
    let id = site.achievement(&definition.slug, &definition.version);
    let mut criteria = ob::Criteria::new();
    criteria.id = Some(id.clone());
    criteria.narrative = Some(definition.criteria.clone());
    let mut image = ob::Image::new(site.achievement_image(&definition.slug, &definition.version, "png"));
    image.caption = Some(definition.image.alt.clone());
    let mut achievement = ob::Achievement::new(id, &*definition.name, &*definition.description, criteria);
    achievement.achievement_type = Some(ob::AchievementType::from(definition.achievement_type.as_str()));
    achievement.creator =
        catalogue.organisations.get(&definition.creator).map(|creator| profile(site, creator));
    achievement.field_of_study.clone_from(&definition.field_of_study);
    achievement.human_code.clone_from(&definition.human_code);
    achievement.image = Some(image);
    achievement.in_language = Some(definition.language.clone());
    achievement.version = Some(definition.version.clone());
    achievement.tag.clone_from(&definition.tags);
    achievement.alignment = definition
        .alignments
        .iter()
        .map(|defined| {
            let mut alignment = ob::Alignment::new(&*defined.name, &*defined.url);
            alignment.target_description.clone_from(&defined.description);
            alignment.target_framework.clone_from(&defined.framework);
            alignment.target_code.clone_from(&defined.code);
            alignment.target_type = defined.target_type.as_deref().map(ob::AlignmentTargetType::from);
            alignment
        })
        .collect();
    if !definition.credit.amount().is_zero() {
        achievement.credits_available = Some(ob::credits(definition.credit.amount()));
        achievement.result_description = vec![credit_description(site, definition)];
    }
    achievement
}

/// OB 3.0 gives credit as a bare number; the unit travels here.
pub(crate) fn credit_description(site: &Site, definition: &AchievementDefinition) -> ob::ResultDescription {
    let mut description = ob::ResultDescription::new(
        credit_description_id(site, definition),
        format!("CPD credit in {}", definition.credit.unit()),
        ob::ResultType::from("ext:CpdCredit"),
    );
    description.value_min = Some("0".to_owned());
    description
}

/// The credit earned, exact, in the unit of [`credit_description`].
pub(crate) fn credit_result(site: &Site, definition: &AchievementDefinition, credit: &Credit) -> ob::Result {
    let mut result = ob::Result::new();
    result.result_description = Some(credit_description_id(site, definition));
    result.value = Some(credit.amount().to_string());
    result
}

fn credit_description_id(site: &Site, definition: &AchievementDefinition) -> String {
    format!("{}#cpd-credit", site.achievement(&definition.slug, &definition.version))
}
