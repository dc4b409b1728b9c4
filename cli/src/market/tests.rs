use super::*;
use ergon_client::primitives::{
    Access, AccessListId, AppId, ERG, MAX_DURATION, PoolPolicy, Scheduling, Tag,
};

const NOW: BlockNumber = 1_000;

fn account(number: u8) -> AccountId {
    AccountId::new([number; 32])
}

fn request() -> RequestOrder {
    RequestOrder {
        app: AppId(H256::repeat_byte(1)),
        max_app_price: ERG,
        pool: None,
        max_pool_price: 2 * ERG,
        requester: account(1),
        payer: account(1),
        matcher: None,
        volume: 10,
        min_volume: 10,
        tag: Tag(0),
        category: 0,
        trust: 3,
        execution_version: 1,
        max_duration: MAX_DURATION,
        beneficiary: account(1),
        params: Default::default(),
        valid_until: NOW + 100,
        salt: H256::zero(),
    }
}

fn candidate(app_price: Balance, pool_price: Balance) -> Candidate {
    let app = AppOrder {
        app: AppId(H256::repeat_byte(1)),
        price: app_price,
        volume: 100,
        tag: Tag(0),
        restrict_pool: Restriction::Anyone,
        restrict_requester: Restriction::Anyone,
        valid_until: NOW + 100,
        salt: H256::zero(),
    };
    let pool = PoolOrder {
        pool: PoolId(H256::repeat_byte(2)),
        price: pool_price,
        volume: 100,
        tag: Tag(0),
        category: 0,
        trust: 4,
        execution_versions: vec![1].try_into().unwrap(),
        restrict_app: Restriction::Anyone,
        restrict_requester: Restriction::Anyone,
        valid_until: NOW + 100,
        salt: H256::zero(),
    };
    let policy = PoolPolicy {
        worker_stake_ratio: 30,
        operator_reward_ratio: 1,
        parallelism: 4,
        access: Access::Private(AccessListId(H256::zero())),
        scheduling: Scheduling::Open,
    };
    Candidate {
        app: offer(app),
        app_terms: Some(AppTerms { owner: account(2) }),
        pool: offer(pool),
        pool_terms: Some(PoolTerms {
            owner: account(3),
            policy,
        }),
        admissions: Admissions {
            app_admits_pool: true,
            app_admits_requester: true,
            pool_admits_app: true,
            pool_admits_requester: true,
        },
        operator_funds: 1_000 * ERG,
    }
}

fn offer<Content: Clone + Into<Order>>(order: Content) -> Offer<Content> {
    let id = order.clone().into().id(H256::zero());
    let signed = SignedOrder {
        order,
        signature: None,
    };
    Offer {
        id,
        signed,
        consumed: 0,
        is_authentic: true,
    }
}

fn wish(request: &RequestOrder) -> Wish<'_> {
    Wish {
        request,
        category: Some(CategoryTerms {
            id: 0,
            work_time: 20,
        }),
        now: NOW,
    }
}

#[test]
fn the_cheapest_that_fits_is_chosen() {
    let request = request();
    let offers = vec![
        candidate(ERG, ERG),
        candidate(ERG / 2, ERG),
        candidate(0, 3 * ERG),
    ];
    let chosen = choose(offers, &wish(&request)).unwrap();
    assert_eq!(chosen.task_price(), ERG / 2 + ERG);
}

#[test]
fn every_reason_is_told_with_its_figures() {
    let request = RequestOrder {
        trust: 8,
        category: 1,
        ..request()
    };
    let reasons = candidate(2 * ERG, ERG).reasons(&wish(&request));
    assert_eq!(
        reasons,
        [
            "the pool order is for category 0, the request for 1",
            "the pool offers trust 4, the request needs 8",
            "the app costs 2 ERG, the limit is 1 ERG",
        ]
    );
}

#[test]
fn when_nothing_fits_each_candidate_says_why() {
    let request = request();
    let mut used_up = candidate(ERG, ERG);
    used_up.pool.consumed = 100;
    let offers = vec![candidate(2 * ERG, ERG), used_up];
    let CliError::NoOffer { reasons } = choose(offers, &wish(&request)).unwrap_err() else {
        panic!("another error");
    };
    assert_eq!(reasons.len(), 2);
    assert!(reasons[0].contains("the app costs 2 ERG"), "{reasons:?}");
    assert!(
        reasons[1].contains("the pool order is used up"),
        "{reasons:?}"
    );
}

#[test]
fn an_operator_without_money_cannot_make_the_deal() {
    let request = request();
    let stake = 10 * percent_of(ERG, OPERATOR_STAKE_RATIO);
    let mut rich = candidate(ERG, ERG);
    rich.operator_funds = stake;
    assert_eq!(rich.reasons(&wish(&request)), Vec::<String>::new());
    let mut poor = candidate(ERG, ERG);
    poor.operator_funds = stake - 1;
    assert!(poor.reasons(&wish(&request))[0].contains("must stake 3 ERG"));
}

#[test]
fn orders_without_consent_or_admission_do_not_fit() {
    let request = request();
    let mut offer = candidate(ERG, ERG);
    offer.app.is_authentic = false;
    offer.admissions.pool_admits_requester = false;
    let reasons = offer.reasons(&wish(&request)).join("\n");
    assert!(reasons.contains("does not admit you"), "{reasons}");
    assert!(
        reasons.contains("neither signed nor published the app order"),
        "{reasons}"
    );
}

#[test]
fn sides_without_any_order_are_named() {
    let request = request();
    assert!(missing_sides(&request, false, false).is_empty());
    let missing = missing_sides(&request, true, true);
    assert!(missing[0].contains("no app order") && missing[1].contains("no pool order"));
}

#[test]
fn long_lists_of_reasons_are_cut() {
    let request = RequestOrder {
        trust: 5,
        ..request()
    };
    let offers = vec![candidate(ERG, ERG); MAX_SHOWN + 3];
    let CliError::NoOffer { reasons } = choose(offers, &wish(&request)).unwrap_err() else {
        panic!("another error");
    };
    assert_eq!(reasons.len(), MAX_SHOWN + 1);
    assert_eq!(reasons[MAX_SHOWN], "and 3 more");
}
