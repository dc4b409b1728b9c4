use super::*;
use ergon_client::{
    Keypair, Scheme, account_from_ss58,
    primitives::{
        AccessListId, AppId, DatasetId, PoolId, Restriction, Tag, Verification, read_requirements,
    },
};
use serde_json::Map;
use std::collections::BTreeSet;

const GENESIS: H256 = H256::repeat_byte(7);
const PAGE: &str = include_str!("../../../docs/orders.md");
const SCHEMA: &str = include_str!("../../../docs/orders.schema.json");

fn account() -> AccountId {
    Keypair::from_suri("//Alice").unwrap().account()
}

fn app_order() -> Order {
    Order::App(AppOrder {
        app: AppId(H256::repeat_byte(1)),
        price: 1 << 90,
        volume: 5,
        tag: Tag(u64::MAX),
        restrict_dataset: Restriction::Anyone,
        restrict_pool: Restriction::Only(PoolId(H256::repeat_byte(2))),
        restrict_requester: Restriction::Listed(AccessListId(H256::repeat_byte(3))),
        valid_until: 99,
        salt: H256::repeat_byte(4),
    })
}

fn dataset_order() -> Order {
    Order::Dataset(DatasetOrder {
        dataset: DatasetId(H256::repeat_byte(1)),
        price: 3,
        volume: 5,
        tag: Tag(0),
        restrict_app: Restriction::Only(AppId(H256::repeat_byte(2))),
        restrict_pool: Restriction::Anyone,
        restrict_requester: Restriction::Only(account()),
        valid_until: 99,
        salt: H256::repeat_byte(4),
    })
}

fn pool_order() -> Order {
    Order::Pool(PoolOrder {
        pool: PoolId(H256::repeat_byte(1)),
        price: 3,
        volume: 5,
        tag: Tag(0),
        category: 2,
        trust: 4,
        verifications: vec![
            Verification::Replication,
            Verification::Blind { voters: 5 },
            Verification::Race { referees: 1 },
        ]
        .try_into()
        .unwrap(),
        execution_versions: vec![1, 2].try_into().unwrap(),
        attributes: crate::terms::attributes_form("[ cpus = 8; memory = 16384 ]").unwrap(),
        requirements: crate::terms::condition_form("TARGET.trust <= 4").unwrap(),
        restrict_app: Restriction::Anyone,
        restrict_dataset: Restriction::Anyone,
        restrict_requester: Restriction::Only(account()),
        valid_until: 99,
        salt: H256::zero(),
    })
}

fn request_order(params: &[u8]) -> Order {
    Order::Request(RequestOrder {
        app: AppId(H256::repeat_byte(1)),
        max_app_price: 1,
        dataset: Some(DatasetId(H256::repeat_byte(8))),
        max_dataset_price: 3,
        pool: Some(PoolId(H256::repeat_byte(9))),
        max_pool_price: 2,
        requester: account(),
        payer: AccountId::new([2; 32]),
        matcher: Some(AccountId::new([3; 32])),
        volume: 5,
        min_volume: 1,
        tag: Tag(2),
        category: 0,
        trust: 3,
        verification: Verification::Replication,
        execution_version: 1,
        max_duration: 100,
        beneficiary: AccountId::new([4; 32]),
        callback: Some(vec![1, 2].try_into().unwrap()),
        params: params.to_vec().try_into().unwrap(),
        approved_only: true,
        requirements: crate::terms::condition_form("TARGET.cpus >= 8").unwrap(),
        valid_until: 10,
        salt: H256::zero(),
    })
}

fn all() -> [Order; 4] {
    [
        app_order(),
        dataset_order(),
        pool_order(),
        request_order(b"{}"),
    ]
}

fn unsigned(order: Order) -> OrderFile {
    OrderFile::unsigned(GENESIS, order)
}

fn survives(file: &OrderFile) {
    let text = file.to_json().to_string();
    assert_eq!(&OrderFile::parse(&text).unwrap(), file, "{text}");
}

#[test]
fn orders_of_every_kind_survive() {
    for order in all() {
        survives(&unsigned(order));
    }
    for params in [&b"{\"args\":[]}"[..], b"", b"0x12", &[0xff, 0]] {
        survives(&unsigned(request_order(params)));
    }
}

#[test]
fn what_may_be_null_may_be_absent() {
    let Order::Request(order) = request_order(b"{}") else {
        panic!("another order")
    };
    let file = unsigned(Order::Request(RequestOrder {
        dataset: None,
        pool: None,
        matcher: None,
        callback: None,
        ..order
    }));
    survives(&file);
    let mut json = file.to_json();
    json.as_object_mut().unwrap().remove("signature");
    let order = json["order"].as_object_mut().unwrap();
    for field in ["dataset", "pool", "matcher", "callback"] {
        assert_eq!(order.remove(field), Some(Value::Null), "{field}");
    }
    assert_eq!(OrderFile::parse(&json.to_string()).unwrap(), file);
}

#[test]
fn requirements_and_attributes_are_texts_of_the_language() {
    let json = unsigned(pool_order()).to_json();
    let attributes = json["order"]["attributes"].as_str().unwrap();
    assert!(attributes.contains("cpus = 8"), "{attributes}");
    let typed = json.to_string().replace("TARGET.trust", "target.TRUST");
    let file = OrderFile::parse(&typed).unwrap();
    let Order::Pool(order) = file.order else {
        panic!("another order")
    };
    assert!(read_requirements(&order.requirements).unwrap().is_some());
}

#[test]
fn requirements_that_are_none_are_refused_with_their_place() {
    let json = unsigned(pool_order()).to_json();
    let text = json["order"]["requirements"].as_str().unwrap().to_owned();
    let broken = json.to_string().replace(&text, "TARGET.trust <= && 4");
    let error = OrderFile::parse(&broken).unwrap_err();
    assert!(error.starts_with("in `requirements`: "), "{error}");
    assert!(
        error.ends_with("    TARGET.trust <= && 4\n                    ^"),
        "{error}"
    );
}

#[test]
fn signatures_of_every_scheme_survive_and_verify() {
    for scheme in [Scheme::Sr25519, Scheme::Ed25519, Scheme::Ecdsa] {
        let pair = Keypair::from_suri_with("//Alice", scheme).unwrap();
        let mut file = unsigned(app_order());
        assert!(!file.is_signed_by(&pair.account()));
        file.signature = Some(pair.sign_order(file.id()));
        survives(&file);
        assert!(file.is_signed_by(&pair.account()), "{scheme}");
        assert!(!file.is_signed_by(&AccountId::new([1; 32])), "{scheme}");
    }
}

#[test]
fn signatures_have_the_length_of_their_scheme() {
    for (scheme, length) in [
        (SignatureScheme::Ed25519, 64),
        (SignatureScheme::Sr25519, 64),
        (SignatureScheme::Ecdsa, 65),
        (SignatureScheme::Eth, 65),
    ] {
        let digits = "ab".repeat(length);
        assert!(signature(scheme, &digits).is_ok(), "{scheme:?}");
        assert!(signature(scheme, &format!("0x{digits}")).is_ok());
        let error = signature(scheme, &digits[2..]).unwrap_err();
        assert!(error.contains(&length.to_string()), "{error}");
    }
    assert!(signature(SignatureScheme::Eth, "0xzz").is_err());
}

#[test]
fn a_changed_order_is_refused() {
    let text = unsigned(pool_order()).to_json().to_string();
    let changed = text.replace("\"price\":\"3\"", "\"price\":\"2\"");
    assert_ne!(changed, text);
    assert!(
        OrderFile::parse(&changed)
            .unwrap_err()
            .contains("its content has the id")
    );
}

#[test]
fn an_order_of_another_chain_is_another_order() {
    let text = unsigned(pool_order()).to_json().to_string();
    let other = text.replace(&Hex(GENESIS).to_string(), &Hex(H256::zero()).to_string());
    assert!(OrderFile::parse(&other).is_err());
}

#[test]
fn broken_documents_are_refused_with_the_reason() {
    let good = unsigned(pool_order()).to_json().to_string();
    for (from, to, reason) in [
        ("\"volume\"", "\"volumes\"", "volumes"),
        ("\"type\":\"pool\"", "\"type\":\"pond\"", "pond"),
        ("\"price\":\"3\"", "\"price\":3", "invalid type"),
        ("\"trust\":", "\"trust\":-1", "`trust` is -1"),
        (
            "\"trust\":",
            "\"trust\":5000000000",
            "`trust` is 5000000000",
        ),
        ("\"genesis\"", "\"genius\"", "genius"),
        ("\"replication\"", "\"faith\"", "faith"),
        ("[1,2]", "[1,2,3,4,5,6,7,8,9]", "at most 8"),
    ] {
        let broken = good.replace(from, to);
        assert_ne!(broken, good, "{from}");
        let error = OrderFile::parse(&broken).unwrap_err();
        assert!(error.contains(reason), "{from}: {error}");
    }
    for other in ["not json", "[]", ""] {
        let error = OrderFile::parse(other).unwrap_err();
        assert_eq!(error, "it is no JSON object", "{other}");
    }
}

#[test]
fn what_is_no_text_is_no_order_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("order.json");
    std::fs::write(&path, [0xff, 0xfe]).unwrap();
    let error = OrderFile::read(&path).unwrap_err();
    assert_eq!(error.explain().code, "bad-order-file");
    assert!(error.to_string().contains("no text"), "{error}");
}

#[test]
fn a_document_has_the_documented_fields() {
    let pair = Keypair::from_suri("//Alice").unwrap();
    let mut file = unsigned(app_order());
    file.signature = Some(pair.sign_order(file.id()));
    let json = file.to_json();
    assert_eq!(json["type"], "app");
    assert_eq!(json["id"], Hex::from(file.id()).to_string());
    assert_eq!(json["genesis"], Hex(GENESIS).to_string());
    assert_eq!(json["order"]["price"], (1u128 << 90).to_string());
    assert_eq!(
        json["order"]["restrict_pool"]["only"],
        Hex(H256::repeat_byte(2)).to_string()
    );
    assert_eq!(
        json["order"]["restrict_requester"]["listed"],
        Hex(H256::repeat_byte(3)).to_string()
    );
    assert_eq!(json["signature"]["scheme"], "sr25519");
}

#[test]
fn orders_of_the_wrong_kind_are_refused() {
    assert!(unsigned(app_order()).into_app_order().is_ok());
    assert!(unsigned(dataset_order()).into_dataset_order().is_ok());
    let error = unsigned(app_order()).into_pool_order().unwrap_err();
    assert!(error.to_string().contains("kind `app`"), "{error}");
    assert!(unsigned(pool_order()).into_request_order().is_err());
}

/// The first block of this language on the page of the documents.
fn block(language: &str) -> &'static str {
    let (_, rest) = PAGE.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0
}

#[test]
fn the_example_of_the_documents_is_genuine() {
    let file = OrderFile::parse(block("json")).unwrap();
    let owner = account_from_ss58("5ECTwv6cZ5nJQPk6tWfaTrEk8YH2L7X1VT4EL5Tx2ikfFwb7").unwrap();
    let dave = Keypair::from_suri_with("//Dave", Scheme::Ed25519).unwrap();
    assert_eq!(dave.account(), owner);
    assert!(file.is_signed_by(&owner));
    assert_eq!(block("text"), format!("{}\n", file.text()));
    assert_eq!(file.signature, Some(dave.sign_order(file.id())));
}

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

fn names(object: &Map<String, Value>) -> BTreeSet<&str> {
    object.keys().map(String::as_str).collect()
}

/// The names that an object of the schema allows.
fn allowed(object: &Value) -> BTreeSet<&str> {
    assert_eq!(object["additionalProperties"], false, "{object}");
    names(object["properties"].as_object().unwrap())
}

#[test]
fn schema_and_documents_have_the_same_fields() {
    let schema = schema();
    for order in all() {
        let pair = Keypair::from_suri("//Alice").unwrap();
        let kind = kind_name(&order);
        let mut file = unsigned(order);
        file.signature = Some(pair.sign_order(file.id()));
        let json = file.to_json();
        assert_eq!(names(json.as_object().unwrap()), allowed(&schema), "{kind}");
        let fields = names(json["order"].as_object().unwrap());
        let definition = &schema["$defs"][format!("{kind}_order")];
        assert_eq!(fields, allowed(definition), "{kind}");
        let signature = names(json["signature"].as_object().unwrap());
        assert_eq!(signature, allowed(&schema["$defs"]["signature"]), "{kind}");
        for field in fields {
            assert!(PAGE.contains(&format!("| `{field}` |")), "{field}");
        }
    }
}

#[test]
fn schema_and_documents_know_the_same_words() {
    let schema = schema();
    let words = |value: &Value| -> BTreeSet<String> {
        let list = value.as_array().unwrap().iter();
        list.map(|word| word.as_str().unwrap().into()).collect()
    };
    let kinds = all().map(|order| kind_name(&order).to_owned());
    assert_eq!(
        words(&schema["properties"]["type"]["enum"]),
        kinds.into_iter().collect()
    );
    let json = unsigned(pool_order()).to_json();
    let ways = schema["$defs"]["verification"]["oneOf"].as_array().unwrap();
    let offered = json["order"]["verifications"].as_array().unwrap();
    assert_eq!(ways[0]["const"], offered[0]);
    for (way, offered) in ways.iter().zip(offered).skip(1) {
        let (pattern, offered) = (way["pattern"].as_str(), offered.as_str().unwrap());
        let (name, _) = offered.split_once(':').unwrap();
        assert!(
            pattern.unwrap().starts_with(&format!("^{name}:")),
            "{offered}"
        );
    }
    assert_eq!(ways.len(), offered.len());
    let schemes = [
        SignatureScheme::Ed25519,
        SignatureScheme::Sr25519,
        SignatureScheme::Ecdsa,
        SignatureScheme::Eth,
    ];
    let schemes = schemes.map(|scheme| serde_json::to_value(scheme).unwrap());
    assert_eq!(
        words(&schema["$defs"]["signature"]["properties"]["scheme"]["enum"]),
        words(&Value::from(schemes.to_vec()))
    );
    let forms = schema["$defs"]["restriction"]["oneOf"].as_array().unwrap();
    let forms: Vec<_> = forms[1..].iter().map(allowed).collect();
    assert_eq!(
        forms,
        [BTreeSet::from(["only"]), BTreeSet::from(["listed"])]
    );
    assert_eq!(
        schema["$defs"]["restriction"]["oneOf"][0]["const"],
        "anyone"
    );
}
