use super::{
    fixtures::{app_offer, candidate, judged, pool_offer, report, request},
    *,
};
use ergon_client::{
    matchmaking::{Ad, Expression},
    primitives::{DatasetId, ERG, Party, PoolId, RequirementReport},
};
use sp_core::H256;

/// A chain that finds nothing wrong with pools of at most 1 ERG.
async fn lenient(candidate: &Candidate) -> Result<MatchReport, CliError> {
    let is_cheap = candidate.pool.signed.order.price <= ERG;
    Ok(if is_cheap {
        report(&[])
    } else {
        report(&[Mismatch::PoolPriceTooHigh])
    })
}

fn sentence(mismatch: Mismatch) -> String {
    format!("{mismatch:?}.")
}

#[tokio::test]
async fn the_cheapest_that_fits_is_chosen() {
    let candidates = vec![
        candidate(ERG, ERG),
        candidate(ERG / 2, ERG),
        candidate(0, ERG + 1),
    ];
    let Choice::Found(found) = choose(candidates, lenient).await.unwrap() else {
        panic!("nothing fits")
    };
    assert_eq!(found.candidate.task_price(), ERG / 2 + ERG);
}

#[tokio::test]
async fn the_node_is_not_asked_about_more_than_needed() {
    let mut asked = 0;
    let candidates = (0..10).map(|price| candidate(price, ERG)).collect();
    let chosen = choose(candidates, async |candidate: &Candidate| {
        asked += 1;
        lenient(candidate).await
    });
    assert!(matches!(chosen.await.unwrap(), Choice::Found(_)));
    assert_eq!(asked, 1);
}

#[tokio::test]
async fn money_of_the_payer_is_no_reason_to_look_further() {
    let poor = async |_: &Candidate| Ok(report(&[Mismatch::PayerCannotPay]));
    let chosen = choose(vec![candidate(1, 1)], poor).await.unwrap();
    assert!(matches!(chosen, Choice::Found(_)));
}

#[tokio::test]
async fn the_best_come_first() {
    let candidates = vec![candidate(2, 5), candidate(1, 5), candidate(9, 1)];
    let judged = judge(candidates, async |candidate: &Candidate| {
        Ok(match candidate.pool.signed.order.price {
            1 => report(&[Mismatch::TrustTooHigh]),
            _ => report(&[Mismatch::TrustTooHigh, Mismatch::PoolMismatch]),
        })
    });
    let prices: Vec<_> = judged
        .await
        .unwrap()
        .iter()
        .map(|judged| judged.candidate.task_price())
        .collect();
    assert_eq!(prices, [10, 6, 7]);
}

#[test]
fn every_reason_is_told_with_its_figures() {
    let request = RequestOrder {
        trust: 8,
        category: 1,
        ..request()
    };
    let judged = judged(
        candidate(2 * ERG, ERG),
        &[
            Mismatch::CategoryMismatch,
            Mismatch::TrustTooHigh,
            Mismatch::AppPriceTooHigh,
            Mismatch::PoolRefusesRequester,
        ],
    );
    let reasons: Vec<String> = reasons(&judged, &request, sentence)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        reasons,
        [
            "CategoryMismatch. (pool 0, request 1)",
            "TrustTooHigh. (pool 4, request 8)",
            "AppPriceTooHigh. (2 ERG per task, limit 1 ERG)",
            "PoolRefusesRequester.",
        ]
    );
}

#[test]
fn requirements_are_told_condition_by_condition() {
    let condition = Expression::parse("TARGET.cpus >= 8 && TARGET.gpus >= 1 && 1 < 2").unwrap();
    let machine = Ad::new().with("cpus", 4i64);
    let mut judged = judged(candidate(1, 1), &[Mismatch::RequestRequirementsUnmet]);
    judged.report.requirements = vec![RequirementReport {
        party: Party::Request,
        explanation: condition.explain(&Ad::new(), &machine),
    }];
    let reasons = reasons(&judged, &request(), sentence);
    let [reason] = reasons.as_slice() else {
        panic!("{reasons:?}")
    };
    let undefined: Vec<_> = reason.conditions.iter().map(|it| &it.undefined).collect();
    assert_eq!(undefined, [&vec![], &vec!["TARGET.gpus".to_owned()]]);
    let text = reason.to_string();
    assert!(text.contains("does not hold: TARGET.cpus >= 8"), "{text}");
    assert!(text.contains("TARGET.gpus is not given"), "{text}");
    assert!(!text.contains("1 < 2"), "{text}");
}

#[test]
fn long_lists_of_reasons_are_cut() {
    let judged = vec![judged(candidate(1, 1), &[Mismatch::TrustTooHigh]); MAX_SHOWN + 3];
    let reasons = listed(&judged, &request(), sentence);
    assert_eq!(reasons.len(), MAX_SHOWN + 1);
    assert!(
        reasons[0].contains("TrustTooHigh. (pool 4, request 3)"),
        "{reasons:?}"
    );
    assert_eq!(reasons[MAX_SHOWN], "and 3 more");
}

#[test]
fn sides_without_any_order_are_named() {
    let nothing = Offers::default();
    let missing = nothing.missing(&request());
    assert!(
        missing[0].contains("no live order of the app"),
        "{missing:?}"
    );
    assert!(missing[1].contains("for the category 0"), "{missing:?}");
    let named = RequestOrder {
        pool: Some(PoolId(H256::zero())),
        dataset: Some(DatasetId(H256::zero())),
        ..request()
    };
    assert_eq!(nothing.missing(&named).len(), 3);
}

#[test]
fn offers_are_combined_in_every_way() {
    let offers = Offers {
        apps: vec![app_offer(1), app_offer(2)],
        datasets: Vec::new(),
        pools: vec![pool_offer(1), pool_offer(2), pool_offer(3)],
    };
    assert_eq!(offers.candidates(&request()).len(), 6);
    assert!(offers.missing(&request()).is_empty());
    let with_dataset = RequestOrder {
        dataset: Some(DatasetId(H256::zero())),
        ..request()
    };
    assert!(offers.candidates(&with_dataset).is_empty());
}
