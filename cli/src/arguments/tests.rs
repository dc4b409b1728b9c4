use super::*;
use clap::CommandFactory;

const ID: &str = "0xabababababababababababababababababababababababababababababababab";

/// Parses a line; `_` stands for a space inside of an argument.
fn parse(line: &str) -> Result<Cli, clap::Error> {
    let line = line.replace("ID", ID);
    let words = line.split_whitespace().map(|word| word.replace('_', " "));
    Cli::try_parse_from(std::iter::once("ergon".to_owned()).chain(words))
}

fn fails(line: &str) -> String {
    match parse(line) {
        Ok(cli) => panic!("{line} should be refused, but is {cli:?}"),
        Err(error) => error.render().to_string(),
    }
}

/// Does something with every command that has no commands below it.
fn each_leaf(command: &clap::Command, path: &str, check: &mut impl FnMut(&str, &clap::Command)) {
    let below: Vec<_> = command
        .get_subcommands()
        .filter(|sub| sub.get_name() != "help")
        .collect();
    if below.is_empty() {
        check(path, command);
    }
    for sub in below {
        each_leaf(sub, &format!("{path} {}", sub.get_name()), check);
    }
}

#[test]
fn the_definition_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn every_command_says_what_it_does_and_gives_an_example() {
    let mut count = 0;
    each_leaf(&Cli::command(), "ergon", &mut |path, command| {
        count += 1;
        assert!(command.get_about().is_some(), "{path} has no description");
        let example = command
            .get_after_help()
            .map(ToString::to_string)
            .unwrap_or_default();
        assert!(
            example.starts_with("Example: ergon "),
            "{path} has no example"
        );
        let words = path.split_whitespace().skip(1);
        assert!(
            words.clone().all(|word| example.contains(word)),
            "{path}: {example}"
        );
        for argument in command.get_arguments() {
            assert!(
                argument.get_help().is_some(),
                "{path}: {argument} has no help"
            );
        }
    });
    assert!(count > 40, "only {count} commands");
}

#[test]
fn a_commands_own_options_stand_before_the_shared_ones() {
    let mut count = 0;
    each_leaf(&Cli::command(), "ergon", &mut |path, _| {
        let words = path.split_whitespace().chain(["--help"]);
        let Err(help) = Cli::try_parse_from(words) else {
            panic!("{path} --help is no help")
        };
        let help = help.render().to_string();
        let own = help.split("Options of all commands:").next().unwrap_or("");
        assert!(!own.contains("--node <URL>"), "{path}: {help}");
        count += 1;
    });
    assert!(count > 40, "only {count} commands");
}

#[test]
fn the_help_tells_the_exit_statuses() {
    let help = Cli::command().render_long_help().to_string();
    assert!(
        help.contains("Exit status:") && help.contains("10  timed out"),
        "{help}"
    );
    assert!(
        help.contains("ERGON_NODE") && help.contains("ERGON_KEY"),
        "{help}"
    );
}

#[test]
fn the_commands_of_the_demonstration_are_understood() {
    for line in [
        "--node ws://127.0.0.1:9944 --key //Bob --yes --json pool create --description demo \
         --worker 5A --worker 5B --parallelism 4",
        "--key //Charlie --yes worker bond 5A 100 --proof 0x00",
        "--key //Charlie --yes worker join 5A ID",
        "--key //Dave --yes --json app register --name render --module M.wasm",
        "--key //Dave --yes --json order app --app ID --price 0.1 --volume 100000 --publish",
        "--key //Bob --yes --json order pool --pool ID --price 1 --volume 100000 --category XS \
         --trust 4 --publish",
        "--key //Alice --yes run ID --pool ID --volume 24 --trust 3 --category XS --arg --scene \
         --arg scene.txt --arg --tile --arg {index} --input scene.txt=PATH --out DIR",
    ] {
        parse(line).unwrap_or_else(|error| panic!("{line}: {error}"));
    }
}

#[test]
fn the_commands_of_the_market_are_understood() {
    for line in [
        "dataset register --name genome --file F --encryption age --allow-app ID --allow-app ID",
        "dataset update ID --locator https://example.org/a",
        "app register --name a --kind oci --digest sha256:00ab --locator docker://a",
        "app register --name a --module F --requirements TARGET.cpus_>=_8 --output a --output b/c",
        "app propose ID --document review.pdf",
        "app curate approve ID --document ID",
        "app curate revoke ID --harmful",
        "app curate clear ID",
        "pool register --description d --access public --authoriser 5A --scheduling authorised",
        "pool register --description d --access ID --scheduling open",
        "pool update ID --access public --scheduling authorised",
        "pool set-authoriser ID 5A",
        "list create 5A 5B",
        "list add ID 5A",
        "list delete ID",
        "order dataset --dataset ID --price 1 --volume 1 --restrict-app list:ID",
        "order app --app ID --price 1 --volume 1 --restrict-dataset ID",
        "order pool --pool ID --price 1 --volume 1 --attributes [_cpus_=_8;_memory_=_16384_] \
         --requirements TARGET.volume_>=_10 --verification replication --verification blind:8 \
         --verification race:3 --execution-version 1",
        "order request ID --requirements TARGET.cpus_>=_8 --tier T2.small --dataset ID \
         --max-dataset-price 1 --approved-only --verification blind:5",
        "order request ID --verification race:1",
        "order app --app ID --price 1 --volume 1 --offline --genesis ID --valid-until 9 -o F",
        "order app --app ID --price 1 --volume 1 --unsigned -o F",
        "order sign F -o G",
        "order text F",
        "order attach F --scheme eth --signature 0x00 --owner 5A",
        "order match --app ID --dataset ID --pool ID --request F",
        "order list --category XS --max-price 2 --limit 5",
        "order list --app ID --requests",
        "order why --request F --app ID --pool G",
        "deal cancel ID",
        "price --app ID",
        "price --category XS",
        "run ID --estimate --dataset ID --dataset-order F --tier t2.nano --approved-only",
        "expression check MY.a_>_1 --my [_a_=_2_] --target []",
        "expression tiers",
    ] {
        let line = line.replace("sha256:00ab", &format!("sha256:{}", "ab".repeat(32)));
        parse(&line).unwrap_or_else(|error| panic!("{line}: {error}"));
    }
}

#[test]
fn global_options_stand_before_or_after_the_command() {
    for line in [
        "--json --key //Eve -y balance",
        "balance --json --key //Eve -y",
    ] {
        let options = parse(line).unwrap().options;
        assert!(options.json && options.yes && !options.quiet, "{line}");
        assert_eq!(options.key.as_deref(), Some("//Eve"), "{line}");
    }
}

#[test]
fn arguments_of_programs_may_begin_with_hyphens() {
    let cli = parse("run ID --arg --tile --arg {index} --arg -5 --tasks 3").unwrap();
    let Command::Run(args) = cli.command else {
        panic!("another command")
    };
    let text = format!("{args:?}");
    assert!(
        text.contains(r#"["--tile", "{index}", "-5"]"#) && text.contains("volume: 3"),
        "{text}"
    );
}

#[test]
fn wrong_values_are_refused_with_the_reason() {
    for (line, reason) in [
        ("transfer 5A 1,5", "is not an amount"),
        ("transfer 5A -- -1", "is not an amount"),
        ("app show 0x12", "is not an identifier"),
        ("run ID --timeout soon", "is not a length of time"),
        ("run ID --input scene.txt", "NAME=PATH"),
        ("key new a --scheme rsa", "choose sr25519"),
        ("order app --app ID --price 1", "--volume"),
        (
            "order app --app ID --price 1 --volume 1 --publish --out f",
            "cannot be used with",
        ),
        ("pool create --description d", "required"),
        (
            "pool create --description d --worker a --list ID",
            "cannot be used with",
        ),
        ("worker bond 5A 1", "required"),
        (
            "worker bond 5A 1 --proof 0x --worker-key f",
            "cannot be used with",
        ),
        ("run ID --dry-run --no-wait", "cannot be used with"),
        ("run ID --dry-run --estimate", "cannot be used with"),
        ("run ID --requirements cpus_>=_&&_3", "^"),
        ("run ID --tier T9.huge", "T2.nano"),
        ("run ID --max-dataset-price 1", "--dataset"),
        ("expression check cpus_==", "line 1"),
        ("expression check true --my [_a_=_]", "line 1"),
        ("price", "required"),
        ("price --app ID --category XS", "cannot be used with"),
        (
            "pool create --description d --access friends",
            "public or the id",
        ),
        (
            "app register --name a --kind oci --digest md5:00",
            "sha256:",
        ),
        (
            "order app --app ID --price 1 --volume 1 --offline",
            "--genesis",
        ),
        (
            "order app --app ID --price 1 --volume 1 --offline --genesis ID --valid-until 9 --publish",
            "cannot be used with",
        ),
        (
            "order app --app ID --price 1 --volume 1 --expires 7d --valid-until 9",
            "cannot be used with",
        ),
        (
            "order app --app ID --price 1 --volume 1 --publish --unsigned",
            "cannot be used with",
        ),
        ("order request ID --requester 5A", "--unsigned"),
        (
            "order app --app ID --price -1 --volume 1",
            "is not an amount",
        ),
        (
            "order app --app ID --price 79228162514264338 --volume 1",
            "no price is higher",
        ),
        ("order app --app ID --price 1 --volume 0", "0 is not in 1.."),
        (
            "order app --app ID --price 1 --volume 1 --expires 181d",
            "180 d at most",
        ),
        (
            "order app --app ID --price 1 --volume 1 --tag 1",
            "attested",
        ),
        (
            "order pool --pool ID --price 1 --volume 1 --trust 4097",
            "4097 is not in 1..",
        ),
        ("run ID --volume 0", "0 is not in 1.."),
        ("run ID --requirements 1_+_2", "is no condition"),
        (
            "pool create --description d --worker a --stake-ratio 101",
            "101 is not in 0..",
        ),
        ("dataset register --name= --file F", "--name"),
        ("order list --pool ID --requests", "cannot be used with"),
        ("order attach F --scheme rsa --signature 0x", "sr25519"),
    ] {
        let error = fails(line);
        assert!(error.contains(reason), "{line}: {error}");
    }
}
