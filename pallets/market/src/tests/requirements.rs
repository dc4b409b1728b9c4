//! What app, request and pool demand of each other.

use crate::{Error, matching::Mismatch, mock::*};
use ergon_matchmaking::Value;
use ergon_primitives::{Curation, Party};
use frame_support::{assert_noop, assert_ok, pallet_prelude::DispatchResult};
use sp_core::H256;

const MACHINE: &str = r#"[ cpus = 8; memory = 16384; os = "linux"; gpu_model = undefined ]"#;

/// Conditions on [`MACHINE`], and whether it meets them: only what is exactly true is met.
const ON_MACHINES: [(&str, bool); 10] = [
    ("TARGET.cpus >= 8", true),
    ("TARGET.cpus > 8", false),
    (r#"TARGET.os == "linux" && MY.volume == 10"#, true),
    ("MY.volume > 10 || TARGET.memory > 16384", false),
    // Undefined.
    ("TARGET.gpus >= 1", false),
    ("!(TARGET.gpus >= 1)", false),
    ("TARGET.gpus =?= undefined", true),
    // An error.
    (r#"TARGET.cpus < "many""#, false),
    ("error", false),
    // Not a truth value.
    (r#""true""#, false),
];

/// Conditions on the standard request, and whether it meets them.
const ON_JOBS: [(&str, bool); 8] = [
    ("TARGET.volume <= 10", true),
    ("TARGET.volume < 10", false),
    ("MY.cpus >= TARGET.volume", false),
    (r#"TARGET.app_kind == "wasm""#, true),
    ("TARGET.app_approved", false),
    // Undefined: no dataset is used.
    (r#"TARGET.dataset == "0x00""#, false),
    ("TARGET.dataset =?= undefined", true),
    // An error.
    (r#"TARGET.trust + "1" > 0"#, false),
];

/// The standard orders of a pool whose machines are [`MACHINE`].
fn on_machines() -> Drafts {
    drafts_with(|drafts| drafts.pool.attributes = attributes(MACHINE))
}

fn expect(drafts: &Drafts, is_met: bool, error: Error<Test>, text: &str) {
    let outcome = drafts.matched_by(ANYONE);
    let expected: DispatchResult = if is_met { Ok(()) } else { Err(error.into()) };
    assert_eq!(outcome, expected, "{text}");
}

#[test]
fn of_the_app() {
    for (text, is_met) in ON_MACHINES {
        build_and_execute(|| {
            world(|world| world.requirements.insert(APP, requirements(text)));
            expect(&on_machines(), is_met, Error::AppRequirementsUnmet, text);
        });
    }
}

#[test]
fn of_the_request() {
    for (text, is_met) in ON_MACHINES {
        build_and_execute(|| {
            let mut drafts = on_machines();
            drafts.request.requirements = requirements(text);
            expect(&drafts, is_met, Error::RequestRequirementsUnmet, text);
        });
    }
}

#[test]
fn of_the_pool() {
    for (text, is_met) in ON_JOBS {
        build_and_execute(|| {
            let mut drafts = on_machines();
            drafts.pool.requirements = requirements(text);
            expect(&drafts, is_met, Error::PoolRequirementsUnmet, text);
        });
    }
}

#[test]
fn of_all_must_be_met() {
    build_and_execute(|| {
        let mut drafts = on_machines();
        world(|world| {
            world
                .requirements
                .insert(APP, requirements("TARGET.memory >= 16384"));
        });
        drafts.request.requirements = requirements("TARGET.cpus >= 8");
        drafts.pool.requirements = requirements("TARGET.trust <= 10");
        assert_ok!(drafts.matched_by(ANYONE));
    });
}

/// Approval counts from the block in which governance gives it.
#[test]
fn pools_can_demand_approved_apps() {
    build_and_execute(|| {
        let mut drafts = on_machines();
        drafts.pool.requirements = requirements("TARGET.app_approved");
        assert_noop!(
            drafts.matched_by(ANYONE),
            Error::<Test>::PoolRequirementsUnmet
        );
        let approved = Curation::Approved(H256::zero());
        world(|world| world.curations.insert(APP, approved));
        assert_ok!(drafts.matched_by(ANYONE));
    });
}

#[test]
fn a_pool_cannot_overrule_what_the_chain_knows_of_it() {
    build_and_execute(|| {
        let mut drafts = drafts();
        drafts.pool.attributes = attributes("[ trust = 1000; parallelism = 1000 ]");
        drafts.request.requirements =
            requirements("TARGET.trust == 1000 || TARGET.parallelism == 1000");
        assert_noop!(
            drafts.matched_by(ANYONE),
            Error::<Test>::RequestRequirementsUnmet
        );
        drafts.request.requirements = requirements("TARGET.trust == 10 && TARGET.parallelism == 5");
        assert_ok!(drafts.matched_by(ANYONE));
    });
}

#[test]
fn a_pool_without_attributes_leaves_them_undefined() {
    build_and_execute(|| {
        let mut drafts = drafts();
        drafts.request.requirements = requirements("TARGET.cpus =?= undefined");
        assert_ok!(drafts.matched_by(ANYONE));
    });
}

#[test]
fn what_cannot_be_read_is_met_by_nobody() {
    build_and_execute(|| {
        world(|world| world.requirements.insert(APP, garbage()));
        assert_noop!(
            drafts().matched_by(ANYONE),
            Error::<Test>::AppRequirementsUnmet
        );
        let report = drafts().signed().reported_to(ANYONE);
        assert_eq!(report.requirements, vec![]);
    });
}

#[test]
fn are_reported_condition_by_condition() {
    build_and_execute(|| {
        let mut drafts = on_machines();
        drafts.request.requirements =
            requirements("TARGET.cpus >= 9 && TARGET.gpus >= 1 && TARGET.memory > 0");
        drafts.pool.requirements = requirements("TARGET.volume == 10");
        let report = drafts.signed().reported_to(ANYONE);
        assert_eq!(report.mismatches, vec![Mismatch::RequestRequirementsUnmet]);

        let parties: Vec<_> = report.requirements.iter().map(|of| of.party).collect();
        assert_eq!(parties, vec![Party::Request, Party::Pool]);
        let of_request = &report.requirements[0].explanation;
        let values: Vec<_> = of_request.conditions.iter().map(|one| &one.value).collect();
        assert_eq!(
            values,
            vec![
                &Value::Boolean(false),
                &Value::Undefined,
                &Value::Boolean(true)
            ]
        );
        assert_eq!(of_request.conditions[1].undefined, vec!["TARGET.gpus"]);
        let of_pool = &report.requirements[1].explanation;
        assert_eq!(of_pool.value, Value::Boolean(true));
    });
}

#[test]
fn without_any_nothing_is_reported() {
    build_and_execute(|| {
        let report = dataset_drafts().signed().reported_to(ANYONE);
        assert_eq!(report.requirements, vec![]);
    });
}
