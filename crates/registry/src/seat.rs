//! A correction counts where what it corrects counted, if it fits there.

use chrono::Months;
use diesel::prelude::*;
use model::programme::Programme;

use crate::{
    RegistryError,
    credential::credit,
    db::Db,
    error::parsed_json,
    log, review,
    revocation::Act,
    schema::{AwardRow, SeatRow, award_components, programme_versions},
};

/// Has `heir` count in `whole` in the place of `earlier`, which it corrects; `false` if it
/// does not fit there. What a programme's award was made of when it was made stays
/// recorded beside it.
///
/// It fits if nothing that a rule can ask is less than before: the same learner and
/// achievement, no less credit in the same unit, finished within the programme's window and
/// no later than the programme.
pub(crate) fn take(
    db: &mut Db,
    whole: &AwardRow,
    earlier: &AwardRow,
    heir: &AwardRow,
    act: Act<'_>,
) -> Result<bool, RegistryError> {
    let seat: SeatRow =
        award_components::table.find((&whole.id, &earlier.id)).select(SeatRow::as_select()).first(db)?;
    if !fits(db, &seat, whole, earlier, heir)? {
        return Ok(false);
    }
    let seat = SeatRow { component_id: heir.id.clone(), replaces: Some(earlier.id.clone()), ..seat };
    diesel::insert_into(award_components::table).values(&seat).execute(db)?;
    log::seated(act.digests, &seat).store(db, crate::db::stored(act.now))?;
    review::settled(db, &whole.id, &earlier.id, act)?;
    Ok(true)
}

fn fits(
    db: &mut Db,
    seat: &SeatRow,
    whole: &AwardRow,
    earlier: &AwardRow,
    heir: &AwardRow,
) -> Result<bool, RegistryError> {
    let (before, now) = (credit(earlier)?, credit(heir)?);
    let is_same = heir.learner_id == earlier.learner_id
        && heir.achievement == earlier.achievement
        && now.unit() == before.unit()
        && now.amount() >= before.amount();
    if !is_same || heir.awarded_at > whole.awarded_at {
        return Ok(false);
    }
    let body: String = programme_versions::table
        .find((&seat.programme, &seat.programme_version))
        .select(programme_versions::body)
        .first(db)?;
    let programme: Programme = parsed_json("programme_versions", &seat.programme, &body)?;
    let months = programme.window.months.map(Months::new);
    let begin = months.and_then(|months| whole.awarded_at.checked_sub_months(months));
    Ok(programme.window.covers(heir.awarded_at.and_utc())
        && begin.is_none_or(|begin| heir.awarded_at >= begin))
}
