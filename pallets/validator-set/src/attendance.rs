//! Who made blocks, and who is absent.

use crate::{
    Attendance, Attendances, Config, Event, Pallet, Settings, Standing, Terms, WeightInfo, rules,
};
use alloc::vec::Vec;
use ergon_primitives::AccountId;
use frame_support::dispatch::DispatchClass;
use frame_system::pallet_prelude::BlockNumberFor;

impl<T: Config> pallet_authorship::EventHandler<AccountId, BlockNumberFor<T>> for Pallet<T> {
    fn note_author(author: AccountId) {
        Attendances::<T>::mutate(author, |record| {
            let record = record.get_or_insert_default();
            record.authored = record.authored.saturating_add(1);
        });
        frame_system::Pallet::<T>::register_extra_weight_unchecked(
            <T as Config>::WeightInfo::note_author(),
            DispatchClass::Mandatory,
        );
    }
}

impl<T: Config> Pallet<T> {
    /// Judges the validators of the session that ends.
    pub(crate) fn close_session() {
        let records: Vec<(AccountId, Attendance)> = pallet_session::Validators::<T>::get()
            .into_iter()
            .map(|validator| {
                let record = Attendances::<T>::take(&validator).unwrap_or_default();
                (validator, record)
            })
            .collect();
        let expected = Self::expected_blocks(&records);
        for (validator, record) in records {
            Self::judge(validator, record, expected);
        }
    }

    /// What each of these validators had to do; nothing when so many did nothing that finality could
    /// not go on: then the network is at fault, and to drop some would only make it worse.
    fn expected_blocks(records: &[(AccountId, Attendance)]) -> u32 {
        let absent = records.iter().filter(|(_, record)| record.authored == 0);
        if !rules::finality_survives(absent.count(), records.len()) {
            return 0;
        }
        let blocks = records
            .iter()
            .fold(0u32, |sum, (_, record)| sum.saturating_add(record.authored));
        blocks.checked_div(records.len() as u32).unwrap_or(0)
    }

    fn judge(validator: AccountId, record: Attendance, expected: u32) {
        let absences = rules::absences(record, expected);
        let Terms { absence_limit, .. } = Settings::<T>::get();
        // Who belongs to the set no more has its last sessions; nothing is kept of them.
        let Some(standing) = Self::standing_of(&validator) else {
            return;
        };
        match standing {
            Standing::Fit if absences >= absence_limit => Self::mark_absent(&validator, absences),
            Standing::Absent if record.authored > 0 => Self::make_fit(&validator),
            _ => {}
        }
        if absences > 0 {
            let record = Attendance {
                authored: 0,
                absences,
            };
            Attendances::<T>::insert(validator, record);
        }
    }

    fn mark_absent(validator: &AccountId, sessions: u32) {
        Self::change_standing(validator, &[Standing::Fit], Standing::Absent);
        Self::deposit_event(Event::ValidatorAbsent {
            validator: validator.clone(),
            sessions,
        });
    }
}
