use crate::{
    CliError, Context, ExitStatus, arguments::Cli, commands, console::Console, key_store::KeyStore,
    order_file::OrderFile,
};
use clap::Parser;
use ergon_client::{
    Keypair, Scheme, account_to_ss58,
    primitives::{AccountId, Order, Signature, Verification},
};
use serde_json::Value;
use std::{io, path::Path};

const ID: &str = "0xabababababababababababababababababababababababababababababababab";
const OFFLINE: &str = "--offline --genesis ID --valid-until 1000";
const LIMITS: &str = "--max-app-price 1 --max-pool-price 1";

/// Runs a command against a node that does not exist; keys are in `folder`.
async fn run(folder: &Path, line: &str) -> Result<Value, CliError> {
    let line = line.replace("OFFLINE", OFFLINE).replace("LIMITS", LIMITS);
    let line = line.replace("ID", ID);
    let folder_name = folder.to_str().unwrap();
    let words = line
        .split_whitespace()
        .map(|word| word.replace('_', " ").replace("DIR", folder_name));
    let start = ["ergon", "--node", "ws://127.0.0.1:1", "--json"];
    let start = start.into_iter().map(String::from);
    let cli = Cli::try_parse_from(start.chain(words)).unwrap_or_else(|error| panic!("{error}"));
    let console = Console::new(Box::new(io::sink()), Box::new(io::empty()), false, true);
    let context = Context::new(cli.options, console, KeyStore::new(folder.join("keys")));
    let answer = commands::run(cli.command, &context).await?;
    let mut out = Vec::new();
    answer.write(&mut out, true)?;
    Ok(serde_json::from_slice(&out).unwrap())
}

fn alice() -> AccountId {
    Keypair::from_suri("//Alice").unwrap().account()
}

/// The order in the document of an answer.
fn file(answer: &Value) -> OrderFile {
    OrderFile::parse(&answer["document"].to_string()).unwrap()
}

#[tokio::test]
async fn orders_of_every_kind_are_signed_without_a_node() {
    let folder = tempfile::tempdir().unwrap();
    for line in [
        "app --app ID --price 0.1 --volume 10",
        "dataset --dataset ID --price 0.1 --volume 10 --restrict-app ID",
        "pool --pool ID --price 1 --volume 10 --category 0 --attributes [_cpus_=_8_]",
        "request ID --volume 10 --category 0 --tier T2.small --dataset ID --max-dataset-price 1 \
         LIMITS",
    ] {
        let line = format!("--key //Alice order {line} OFFLINE");
        let answer = run(folder.path(), &line).await.unwrap();
        let file = file(&answer);
        assert!(file.is_signed_by(&alice()), "{line}");
        assert_eq!(file.order.valid_until(), 1_000, "{line}");
        assert_eq!(file.order.volume(), 10, "{line}");
        assert_eq!(answer["signer"], account_to_ss58(&alice()), "{line}");
    }
}

#[tokio::test]
async fn what_only_a_node_knows_must_be_given() {
    let folder = tempfile::tempdir().unwrap();
    let line = "--key //Alice order pool --pool ID --price 1 --volume 10 --category XS OFFLINE";
    let error = run(folder.path(), line).await.unwrap_err();
    assert!(error.to_string().contains("give its number"), "{error}");
    let line = "--key //Alice order app --app ID --price 1 --volume 10";
    let error = run(folder.path(), line).await.unwrap_err();
    assert_eq!(error.explain().status, ExitStatus::Node);
}

#[tokio::test]
async fn a_request_says_what_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let line = "--key //Alice order request ID --volume 10 --category 3 --approved-only \
                --requirements TARGET.cpus_>=_8 --verification blind:4 --min-volume 5 \
                --callback 0x0a00 LIMITS OFFLINE";
    let Order::Request(order) = file(&run(folder.path(), line).await.unwrap()).order else {
        panic!("another order")
    };
    assert_eq!((order.category, order.min_volume), (3, 5));
    assert!(order.approved_only && !order.requirements.is_empty());
    assert_eq!(order.verification, Verification::Blind { voters: 4 });
    assert_eq!(
        order.callback.map(|call| call.to_vec()),
        Some(vec![0x0a, 0])
    );
    assert_eq!((order.dataset, order.max_dataset_price), (None, 0));
}

#[tokio::test]
async fn a_request_that_others_could_abuse_or_nobody_use_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    for (options, reason) in [
        ("--key //Alice", "--max-app-price and --max-pool-price"),
        (
            "--key //Alice --dataset ID LIMITS",
            "give --max-dataset-price",
        ),
        (
            "--key //Alice --volume 3 --min-volume 4 LIMITS",
            "lower --min-volume",
        ),
        ("--unsigned LIMITS", "--requester"),
        (
            "--key //Alice --verification blind:2 --trust 9 LIMITS",
            "blind:4",
        ),
        (
            "--key //Alice --execution-version 2147483648 LIMITS",
            "blind:2",
        ),
    ] {
        let line = format!("order request ID --category 0 {options} OFFLINE");
        let error = run(folder.path(), &line).await.unwrap_err();
        assert_eq!(error.explain().status, ExitStatus::Usage, "{options}");
        assert!(error.to_string().contains(reason), "{options}: {error}");
    }
}

#[test]
fn an_order_that_is_over_is_not_made() {
    assert!(super::ensure_not_over(6, 5).is_ok());
    let error = super::ensure_not_over(5, 5).unwrap_err();
    assert!(error.to_string().contains("--valid-until"), "{error}");
}

#[tokio::test]
async fn another_key_signs_what_was_written_unsigned() {
    let folder = tempfile::tempdir().unwrap();
    for scheme in [Scheme::Sr25519, Scheme::Ed25519, Scheme::Ecdsa] {
        let store = KeyStore::new(folder.path().join("keys"));
        let (_, pair) = store.store(&scheme.to_string(), "//Eve", scheme).unwrap();
        let line = format!(
            "order request ID --category 0 --unsigned --requester {scheme} --out DIR/order LIMITS \
             OFFLINE"
        );
        let answer = run(folder.path(), &line).await.unwrap();
        assert_eq!(
            (&answer["signer"], file(&answer).signature),
            (&Value::Null, None)
        );

        let line = format!("--key {scheme} order sign DIR/order -o DIR/signed");
        let answer = run(folder.path(), &line).await.unwrap();
        assert!(file(&answer).is_signed_by(&pair.account()), "{scheme}");
        let kept = OrderFile::read(&folder.path().join("order")).unwrap();
        assert_eq!(kept.signature, None, "the unsigned file stays as it is");
        let error = run(folder.path(), "--key //Bob order sign DIR/order").await;
        assert!(
            error
                .unwrap_err()
                .to_string()
                .contains("only the requester")
        );
    }
}

#[tokio::test]
async fn a_wallets_signature_is_checked_and_attached() {
    let folder = tempfile::tempdir().unwrap();
    let line = "order app --app ID --price 1 --volume 1 --unsigned --out DIR/order OFFLINE";
    run(folder.path(), line).await.unwrap();
    let text = run(folder.path(), "order text DIR/order").await.unwrap();
    let text = text["text"].as_str().unwrap().to_owned();
    assert!(
        text.starts_with("<Bytes>ergon order 0x") && text.ends_with("</Bytes>"),
        "{text}"
    );

    let pair = Keypair::from_suri_with("//Alice", Scheme::Ed25519).unwrap();
    let Signature::Ed25519(signature) = pair.sign(text.as_bytes()) else {
        panic!("another scheme")
    };
    let digits = hex::encode(signature.0);
    let owner = account_to_ss58(&pair.account());
    let attach =
        format!("order attach DIR/order --scheme ed25519 --signature 0x{digits} --owner {owner}");
    let answer = run(folder.path(), &attach).await.unwrap();
    assert!(file(&answer).is_signed_by(&pair.account()));

    let wrong = attach.replace("ed25519", "sr25519");
    let error = run(folder.path(), &wrong).await.unwrap_err();
    assert_eq!(error.explain().status, ExitStatus::VerificationFailed);
    let unchecked = attach.replace(&format!("--owner {owner}"), "");
    let answer = run(folder.path(), &unchecked).await.unwrap();
    assert_eq!(answer["signer"], Value::Null);
}
