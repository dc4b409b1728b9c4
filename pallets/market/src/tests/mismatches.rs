//! Every reason why orders do not match, reached through the call as an error of its own.

use crate::{Deals, Error, matching::Mismatch, mock::*};
use codec::{Decode, Encode};
use ergon_primitives::{
    AllowedApps, AppKind, Callback, Curation, FIRST_CONTAINER_VERSION, MAX_ORDER_LIFE, MAX_PRICE,
    MAX_TRUST, MatchReport, Order, Restriction, Tag, Verification,
};
use frame_support::{assert_noop, pallet_prelude::DispatchResult};
use proptest::prelude::*;
use sp_core::H256;
use sp_keyring::Sr25519Keyring as Keyring;
use std::collections::BTreeSet;

/// Every mismatch there is, as the metadata numbers them.
fn all() -> Vec<Mismatch> {
    (0..=u8::MAX)
        .map_while(|index| Mismatch::decode(&mut &[index][..]).ok())
        .collect()
}

/// Who has not signed.
enum Silent {
    App,
    Dataset,
    Pool,
    Request,
}

/// A match about to be tried.
struct Scene {
    drafts: Drafts,
    silent: Option<Silent>,
}

impl Scene {
    fn of(drafts: Drafts) -> Self {
        Self {
            drafts,
            silent: None,
        }
    }

    fn signed(&self) -> SignedDrafts {
        let mut all = self.drafts.signed();
        match self.silent {
            None => {}
            Some(Silent::App) => all.app.signature = None,
            Some(Silent::Dataset) => {
                if let Some(dataset) = &mut all.dataset {
                    dataset.signature = None;
                }
            }
            Some(Silent::Pool) => all.pool.signature = None,
            Some(Silent::Request) => all.request.signature = None,
        }
        all
    }

    fn call(&self) -> DispatchResult {
        self.signed().matched_by(ANYONE)
    }

    fn report(&self) -> MatchReport {
        self.signed().reported_to(ANYONE)
    }

    /// Brings the mismatch about. Nothing that is asked earlier fails of it.
    fn spoil(&mut self, mismatch: Mismatch) {
        use Mismatch as M;
        use Restriction::Only;
        let Drafts {
            app,
            dataset,
            pool,
            request,
        } = &mut self.drafts;
        let mut without_dataset = dataset_order();
        let data = dataset.as_mut().unwrap_or(&mut without_dataset);
        let stranger = STRANGER.to_account_id();
        let too_late = MAX_ORDER_LIFE + 2;
        let too_much = MAX_PRICE + 1;
        match mismatch {
            M::AppOrderExpired => app.valid_until = 0,
            M::AppOrderLifeTooLong => app.valid_until = too_late,
            M::AppOrderEmpty => app.volume = 0,
            M::AppPriceAboveMaximum => (app.price, request.max_app_price) = (too_much, too_much),
            M::DatasetOrderExpired => data.valid_until = 0,
            M::DatasetOrderLifeTooLong => data.valid_until = too_late,
            M::DatasetOrderEmpty => data.volume = 0,
            M::DatasetPriceAboveMaximum => {
                (data.price, request.max_dataset_price) = (too_much, too_much);
            }
            M::PoolOrderExpired => pool.valid_until = 0,
            M::PoolOrderLifeTooLong => pool.valid_until = too_late,
            M::PoolOrderEmpty => pool.volume = 0,
            M::PoolPriceAboveMaximum => {
                (pool.price, request.max_pool_price) = (too_much, too_much);
            }
            M::TrustAboveMaximum => pool.trust = MAX_TRUST + 1,
            M::PoolAttributesInvalid => pool.attributes = garbage(),
            M::PoolRequirementsInvalid => pool.requirements = garbage(),
            M::RequestOrderExpired => request.valid_until = 0,
            M::RequestOrderLifeTooLong => request.valid_until = too_late,
            M::RequestOrderEmpty => request.volume = 0,
            M::MinimumVolumeZero => request.min_volume = 0,
            M::TrustZero => request.trust = 0,
            M::RequestRequirementsInvalid => request.requirements = garbage(),
            M::CallbackInvalid => request.callback = Some(Callback::truncate_from(vec![9])),
            M::CategoryMismatch => request.category = OTHER_CATEGORY,
            M::CategoryUnknown => (pool.category, request.category) = (99, 99),
            M::TrustTooHigh => request.trust = pool.trust.saturating_add(1),
            M::TrustTooLowForOpenPool => request.trust = 2,
            M::AppPriceTooHigh => request.max_app_price = APP_PRICE - 1,
            M::DatasetPriceTooHigh => request.max_dataset_price = DATASET_PRICE - 1,
            M::PoolPriceTooHigh => request.max_pool_price = POOL_PRICE - 1,
            M::TagNotOffered => request.tag = Tag(0b10000),
            M::TrustedHardwareUnsupported => {
                (app.tag, pool.tag) = (Tag::TRUSTED_HARDWARE, Tag(0b1111));
            }
            M::AppMismatch => request.app = OTHER_APP,
            M::DatasetMismatch => request.dataset = Some(OTHER_DATASET),
            M::DatasetOrderMissing => *dataset = None,
            M::PoolMismatch => request.pool = Some(OTHER_POOL),
            M::AppRefusesDataset => app.restrict_dataset = Only(OTHER_DATASET),
            M::AppRefusesPool => app.restrict_pool = Only(OTHER_POOL),
            M::AppRefusesRequester => app.restrict_requester = Only(stranger),
            M::DatasetNotForApp => {
                set(|world| world.allowed_apps.insert(DATASET, only_other_app()))
            }
            M::DatasetRefusesApp => data.restrict_app = Only(OTHER_APP),
            M::DatasetRefusesPool => data.restrict_pool = Only(OTHER_POOL),
            M::DatasetRefusesRequester => data.restrict_requester = Only(stranger),
            M::PoolRefusesApp => pool.restrict_app = Only(OTHER_APP),
            M::PoolRefusesDataset => pool.restrict_dataset = Only(OTHER_DATASET),
            M::PoolRefusesRequester => pool.restrict_requester = Only(stranger),
            M::NoSuchApp => set(|world| world.apps.remove(&APP)),
            M::NoSuchDataset => set(|world| world.datasets.remove(&DATASET)),
            M::NoSuchPool => set(|world| world.pools.remove(&POOL)),
            M::AppRevoked => {
                set(|world| {
                    world
                        .curations
                        .insert(APP, Curation::Revoked { harmful: false })
                });
            }
            M::AppNotApproved => request.approved_only = true,
            M::AppOrderNotAuthentic => self.silent = Some(Silent::App),
            M::DatasetOrderNotAuthentic => self.silent = Some(Silent::Dataset),
            M::PoolOrderNotAuthentic => self.silent = Some(Silent::Pool),
            M::RequestOrderNotAuthentic => self.silent = Some(Silent::Request),
            M::NotTheMatcher => request.matcher = Some(stranger),
            M::PayerDidNotConsent => request.payer = stranger,
            M::ExecutionVersionNotOffered => pool.execution_versions = versions(&[]),
            M::ExecutionVersionUnfit => set(|world| world.kinds.insert(APP, AppKind::Oci)),
            M::VerificationNotOffered => pool.verifications = Default::default(),
            M::AppRequirementsUnmet => {
                set(|world| {
                    world
                        .requirements
                        .insert(APP, requirements("TARGET.cpus >= 8"))
                });
            }
            M::RequestRequirementsUnmet => request.requirements = requirements("TARGET.cpus >= 8"),
            M::PoolRequirementsUnmet => pool.requirements = requirements("TARGET.volume > 10"),
            M::AppVolumeExhausted => closed(APP_OWNER, app.clone()),
            M::DatasetVolumeExhausted => closed(DATASET_OWNER, data.clone()),
            M::PoolVolumeExhausted => closed(OPERATOR, pool.clone()),
            M::RequestVolumeExhausted => closed(REQUESTER, request.clone()),
            M::VolumeBelowMinimum => request.min_volume = 11,
            M::DurationTooLong => request.max_duration = 1,
            M::PayerCannotPay => set(|world| world.shortage.payer = true),
            M::OperatorCannotStake => set(|world| world.shortage.operator = true),
            M::PoolHubNotRegistered => set(|world| world.unmatchable.insert(POOL)),
            M::VerificationInvalid => {
                request.verification = Verification::Race { referees: 31 };
            }
            M::BlindRequired => {
                request.execution_version = FIRST_CONTAINER_VERSION;
                request.trust = request.trust.max(3);
                request.verification = Verification::Replication;
            }
        }
    }
}

fn set<R>(change: impl FnOnce(&mut World) -> R) {
    world(change);
}

fn only_other_app() -> AllowedApps {
    AllowedApps::truncate_from(vec![OTHER_APP])
}

/// Closes the order, unless something else already keeps it from matching.
fn closed(owner: Keyring, order: impl Into<Order>) {
    let _ = close(owner, order);
}

/// What the call must answer when these are the reported mismatches.
fn answer(mismatches: &[Mismatch]) -> DispatchResult {
    match mismatches.first() {
        Some(first) => Err(Error::<Test>::from(*first).into()),
        None => Ok(()),
    }
}

#[test]
fn the_standard_orders_have_none() {
    build_and_execute(|| {
        for drafts in [drafts(), dataset_drafts()] {
            let report = drafts.signed().reported_to(ANYONE);
            assert_eq!((report.mismatches, report.volume), (vec![], 10));
        }
    });
}

#[test]
fn each_is_reached_through_the_call_as_its_own_error() {
    for mismatch in all() {
        build_and_execute(|| {
            let mut scene = Scene::of(dataset_drafts());
            scene.spoil(mismatch);
            assert_eq!(scene.report().mismatches.first(), Some(&mismatch));
            assert_noop!(scene.call(), Error::<Test>::from(mismatch));
        });
    }
}

#[test]
fn each_has_an_error_of_its_name() {
    let mut names = BTreeSet::new();
    for mismatch in all() {
        let error = format!("{:?}", Error::<Test>::from(mismatch));
        assert_eq!(error, format!("{mismatch:?}"));
        names.insert(error);
    }
    assert_eq!(names.len(), all().len());
    assert!(all().contains(&Mismatch::BlindRequired), "the last one");
}

#[test]
fn all_of_them_are_listed() {
    build_and_execute(|| {
        let mut scene = Scene::of(dataset_drafts());
        let together = [
            Mismatch::AppOrderExpired,
            Mismatch::DatasetOrderEmpty,
            Mismatch::PoolPriceTooHigh,
            Mismatch::DatasetNotForApp,
            Mismatch::PoolOrderNotAuthentic,
            Mismatch::NotTheMatcher,
            Mismatch::ExecutionVersionNotOffered,
            Mismatch::PoolRequirementsUnmet,
            Mismatch::DatasetVolumeExhausted,
            Mismatch::VolumeBelowMinimum,
            Mismatch::PoolHubNotRegistered,
        ];
        for mismatch in together {
            scene.spoil(mismatch);
        }
        assert_eq!(scene.report().mismatches, together);
        let all = scene.signed();
        assert_eq!(
            Market::mismatches(
                &ANYONE.to_account_id(),
                &all.app,
                all.dataset.as_ref(),
                &all.pool,
                &all.request
            ),
            together
        );
    });
}

#[test]
fn money_is_asked_about_as_soon_as_the_number_of_tasks_is_known() {
    build_and_execute(|| {
        let mut scene = Scene::of(dataset_drafts());
        scene.spoil(Mismatch::PayerCannotPay);
        scene.spoil(Mismatch::OperatorCannotStake);
        scene.spoil(Mismatch::DurationTooLong);
        scene.spoil(Mismatch::PoolHubNotRegistered);
        let money = [Mismatch::PayerCannotPay, Mismatch::OperatorCannotStake];
        assert_eq!(
            scene.report().mismatches,
            [
                Mismatch::DurationTooLong,
                Mismatch::PoolHubNotRegistered,
                money[0],
                money[1]
            ]
        );
        scene.spoil(Mismatch::AppOrderEmpty);
        let report = scene.report();
        assert_eq!(report.volume, 0);
        assert!(!report.mismatches.iter().any(|found| money.contains(found)));
    });
}

/// Numbers on both sides of every boundary, so that many conditions hold by chance.
#[derive(Clone, Debug)]
struct Numbers {
    now: u32,
    until: [u32; 4],
    volumes: [u32; 4],
    consumed: u32,
    min_volume: u32,
    prices: [u128; 3],
    caps: [u128; 3],
    trust: u32,
    offered_trust: u32,
    tags: [u64; 4],
    max_duration: u32,
    parallelism: u32,
}

fn numbers() -> impl Strategy<Value = Numbers> {
    let needed = || prop::sample::select(vec![0b010u64, 0b010, 0b010, 0b110]);
    let offered = prop::sample::select(vec![0b010u64, 0b110, 0b110]);
    let bounds = (1u32..=5, prop::array::uniform4(4u32..=9));
    let volumes = (prop::array::uniform4(3u32..=8), 0u32..=3, 1u32..=4);
    let prices = (
        prop::array::uniform3(1u128..=5),
        prop::array::uniform3(4u128..=7),
    );
    let trust = (2u32..=5, 4u32..=6);
    let tags = (needed(), needed(), offered, needed());
    let times = (150u32..=900, 1u32..=4);
    (bounds, volumes, prices, trust, tags, times).prop_map(
        |(bounds, volumes, prices, trust, tags, times)| Numbers {
            now: bounds.0,
            until: bounds.1,
            volumes: volumes.0,
            consumed: volumes.1,
            min_volume: volumes.2,
            prices: prices.0,
            caps: prices.1,
            trust: trust.0,
            offered_trust: trust.1,
            tags: [tags.0, tags.1, tags.2, tags.3],
            max_duration: times.0,
            parallelism: times.1,
        },
    )
}

/// Puts the numbers into the orders.
fn numbered(drafts: &mut Drafts, numbers: &Numbers) {
    let Drafts {
        app,
        dataset,
        pool,
        request,
    } = drafts;
    app.valid_until = numbers.until[0];
    pool.valid_until = numbers.until[2];
    request.valid_until = numbers.until[3];
    app.volume = numbers.volumes[0];
    pool.volume = numbers.volumes[2];
    request.volume = numbers.volumes[3];
    app.price = numbers.prices[0];
    pool.price = numbers.prices[2];
    (app.tag, pool.tag) = (Tag(numbers.tags[0]), Tag(numbers.tags[2]));
    request.tag = Tag(numbers.tags[3]);
    request.min_volume = numbers.min_volume;
    request.max_app_price = numbers.caps[0];
    request.max_dataset_price = numbers.caps[1];
    request.max_pool_price = numbers.caps[2];
    request.max_duration = numbers.max_duration;
    (request.trust, pool.trust) = (numbers.trust, numbers.offered_trust);
    if let Some(dataset) = dataset {
        dataset.valid_until = numbers.until[1];
        dataset.volume = numbers.volumes[1];
        dataset.price = numbers.prices[1];
        dataset.tag = Tag(numbers.tags[1]);
    }
}

/// Uses up tasks of the pool order by another request.
fn consume(drafts: &Drafts, tasks: u32) {
    let mut other = drafts.clone();
    other.app = drafts_with(|drafts| drafts.app.salt = H256::repeat_byte(9)).app;
    other.dataset = None;
    other.request = drafts_with(|drafts| drafts.request.volume = tasks).request;
    let _ = other.matched_by(ANYONE);
}

/// When a mismatch is asked about: in the order of the metadata, but for the last ones, which came
/// later than what they are asked with.
fn place(mismatch: &Mismatch) -> (Vec<u8>, u8) {
    match mismatch {
        Mismatch::VerificationInvalid => (Mismatch::CallbackInvalid.encode(), 2),
        Mismatch::BlindRequired => (Mismatch::CallbackInvalid.encode(), 3),
        Mismatch::PoolHubNotRegistered => (Mismatch::PayerCannotPay.encode(), 0),
        other => (other.encode(), 1),
    }
}

/// Compares the report with what the call answers.
fn compare(scene: &Scene) {
    let report = scene.report();
    let mut places: Vec<_> = report.mismatches.iter().map(place).collect();
    assert!(places.is_sorted(), "{:?}", report.mismatches);
    places.dedup();
    assert_eq!(places.len(), report.mismatches.len());

    let before = Deals::<Test>::iter().count();
    assert_eq!(scene.call(), answer(&report.mismatches));
    let made = Deals::<Test>::iter_values().find(|deal| deal.orders == scene.drafts.ids());
    assert_eq!(
        made.map(|deal| deal.volume),
        report.mismatches.is_empty().then_some(report.volume)
    );
    let is_made = usize::from(report.mismatches.is_empty());
    assert_eq!(Deals::<Test>::iter().count(), before + is_made);
}

proptest! {
    /// Whatever is wrong, and however much of it: the report is empty exactly when the call makes
    /// the deal, and begins with the call's error when it does not.
    #[test]
    fn the_report_is_empty_exactly_when_the_call_succeeds(
        with_dataset: bool,
        spoilt in prop::collection::vec(0..all().len(), 0..4),
    ) {
        new_test_ext().execute_with(|| {
            let mut scene = Scene::of(if with_dataset { dataset_drafts() } else { drafts() });
            for index in spoilt {
                scene.spoil(all()[index]);
            }
            compare(&scene);
            check_invariants();
        });
    }

    #[test]
    fn the_report_is_empty_exactly_when_the_numbers_fit(
        with_dataset: bool,
        numbers in numbers(),
    ) {
        new_test_ext().execute_with(|| {
            let mut drafts = if with_dataset { dataset_drafts() } else { drafts() };
            numbered(&mut drafts, &numbers);
            set(|world| {
                if let Some(pool) = world.pools.get_mut(&POOL) {
                    pool.policy.parallelism = numbers.parallelism;
                }
            });
            consume(&drafts, numbers.consumed);
            advance_to(numbers.now);
            compare(&Scene::of(drafts));
            check_invariants();
        });
    }
}
