//! One file per call, then the rules that span calls, then what a chain does by itself, then random
//! sequences of calls.

mod accept;
mod attacks;
mod authorise;
mod batches;
mod callbacks;
mod cancel;
mod claim;
mod contribute;
mod contribute_many;
mod deadlines;
mod examples;
mod finalise;
mod harmful;
mod hubs;
mod judge;
mod model;
mod open_sealed;
mod progress;
mod reopen;
mod retire;
mod reveal;
mod reveal_many;
mod revoke;
mod scores;
mod sweep;

use crate::{Error, mock::Test};
use scale_info::{TypeDef, TypeInfo};

/// What the tests say, but for rules that span calls.
const TESTS: [&str; 16] = [
    include_str!("accept.rs"),
    include_str!("authorise.rs"),
    include_str!("callbacks.rs"),
    include_str!("cancel.rs"),
    include_str!("claim.rs"),
    include_str!("contribute.rs"),
    include_str!("contribute_many.rs"),
    include_str!("deadlines.rs"),
    include_str!("finalise.rs"),
    include_str!("open_sealed.rs"),
    include_str!("reopen.rs"),
    include_str!("retire.rs"),
    include_str!("reveal.rs"),
    include_str!("reveal_many.rs"),
    include_str!("revoke.rs"),
    include_str!("sweep.rs"),
];

/// Names of the pallet's errors, as the metadata lists them.
fn refusals() -> Vec<&'static str> {
    match Error::<Test>::type_info().type_def {
        TypeDef::Variant(errors) => errors.variants.iter().map(|error| error.name).collect(),
        other => panic!("errors are variants, not {other:?}"),
    }
}

#[test]
fn every_refusal_is_expected_by_a_test() {
    let refusals = refusals();
    assert!(refusals.len() > 50);
    for refusal in refusals {
        let expected = format!("Refusal::{refusal}");
        let is_named = |test: &&str| {
            test.match_indices(&expected).any(|(start, name)| {
                let rest = &test[start + name.len()..];
                !rest.starts_with(|next: char| next.is_alphanumeric())
            })
        };
        assert!(TESTS.iter().any(is_named), "{refusal}");
    }
}
