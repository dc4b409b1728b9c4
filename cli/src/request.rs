//! What a requester asks for: the options that `ergon run` and `ergon order request` share.

use crate::{
    CliError,
    amount::Amount,
    context::salt,
    files, limits,
    span::Span,
    terms::{ConditionText, TierName, requirements},
    text::{CategoryName, id},
    verification::VerificationName,
};
use clap::{Args, value_parser};
use ergon_client::{
    InputFile, TaskSpec,
    primitives::{
        AccountId, AppId, AppKind, Balance, BlockNumber, Callback, CategoryId, DatasetId,
        EXECUTION_VERSION_1, ExecutionVersion, FIRST_CONTAINER_VERSION, MAX_PRICE, Params, PoolId,
        RequestOrder, Tag, needed,
    },
};
use std::{fs, path::Path, str::FromStr};

/// Least trust at which a request for a container image needs sealed votes.
const MIN_SEALED_TRUST: u32 = 3;

/// What a requester asks for.
#[derive(Args, Clone, PartialEq, Eq, Debug)]
pub struct RequestArgs {
    /// The app to run.
    #[arg(value_parser = id::<AppId>)]
    pub app: AppId,
    /// The pool to run in; without it, any.
    #[arg(long, value_name = "ID", value_parser = id::<PoolId>)]
    pub pool: Option<PoolId>,
    /// How many tasks.
    #[arg(
        long,
        visible_alias = "tasks",
        value_name = "N",
        default_value_t = 1,
        value_parser = value_parser!(u32).range(1..)
    )]
    pub volume: u32,
    /// How sure the results must be: a dishonest group must be this many times less credible than
    /// the winners.
    #[arg(
        long,
        value_name = "T",
        default_value_t = 3,
        value_parser = value_parser!(u32).range(limits::TRUST)
    )]
    pub trust: u32,
    /// Category of work, by name or number; see `ergon chain categories`.
    #[arg(long, value_name = "NAME", default_value = "XS")]
    pub category: CategoryName,
    /// An argument of the program; can be given several times. {index} in it becomes the task's
    /// index.
    #[arg(long = "arg", value_name = "TEXT", allow_hyphen_values = true)]
    pub args: Vec<String>,
    /// An input file: its name for the program, and a local path or where workers can fetch it; can
    /// be given several times.
    #[arg(long = "input", value_name = "NAME=PATH-OR-URL")]
    pub inputs: Vec<InputArg>,
    /// Highest price per task for the app, in ERG.
    #[arg(long, value_name = "AMOUNT", value_parser = limits::price, allow_negative_numbers = true)]
    pub max_app_price: Option<Amount>,
    /// Highest price per task for the pool, in ERG.
    #[arg(long, value_name = "AMOUNT", value_parser = limits::price, allow_negative_numbers = true)]
    pub max_pool_price: Option<Amount>,
    /// Longest time until every task has ended, one way or the other.
    #[arg(long, value_name = "TIME", default_value = "30d")]
    pub max_duration: Span,
    /// Features that the tasks need, as a number of 64 bits.
    #[arg(long, value_name = "BITS", default_value = "0", value_parser = limits::tag)]
    pub tag: u64,
    /// The dataset to use; the program finds it as the input file `dataset`.
    #[arg(long, value_name = "ID", value_parser = id::<DatasetId>)]
    pub dataset: Option<DatasetId>,
    /// Highest price per task for the dataset, in ERG.
    #[arg(
        long,
        value_name = "AMOUNT",
        requires = "dataset",
        value_parser = limits::price,
        allow_negative_numbers = true
    )]
    pub max_dataset_price: Option<Amount>,
    /// What the machines must be like: `TARGET.cpus >= 8 && TARGET.os == "linux"`. See
    /// `ergon expression`.
    #[arg(long, value_name = "TEXT")]
    pub requirements: Option<ConditionText>,
    /// Least class of the machines, like T2.small; see `ergon expression tiers`.
    #[arg(long, value_name = "NAME")]
    pub tier: Option<TierName>,
    /// Take no app that governance has not approved.
    #[arg(long)]
    pub approved_only: bool,
    /// How the results are verified: replication, blind:VOTERS (nobody sees a vote before so many
    /// have voted) or race:REFEREES (two workers and so many referees).
    #[arg(long, value_name = "HOW", default_value = "replication")]
    pub verification: VerificationName,
    /// The execution version that votes; without it, 1 for WebAssembly and 2147483648 for container
    /// images.
    #[arg(long, value_name = "N")]
    pub execution_version: Option<ExecutionVersion>,
    /// A call in SCALE, as 0x and hexadecimal digits, that the chain makes for the requester when a
    /// task has settled; prepaid with the request.
    #[arg(long, value_name = "HEX", value_parser = limits::callback)]
    pub callback: Option<Callback>,
}

/// Who asks, in which category, and until when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Occasion {
    /// Who asks.
    pub requester: AccountId,
    /// The category of work.
    pub category: CategoryId,
    /// What the inputs of a task may be in all, in bytes, if that is known.
    pub input_limit: Option<u64>,
    /// How the app is executed, if that is known.
    pub kind: Option<AppKind>,
    /// Last block in which the request may match.
    pub valid_until: BlockNumber,
}

/// An input file as it is typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InputArg {
    /// Its name for the program.
    pub name: String,
    /// Where it is.
    pub source: String,
}

impl FromStr for InputArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, source)) if !name.is_empty() && !source.is_empty() => Ok(Self {
                name: name.into(),
                source: source.into(),
            }),
            _ => Err("write NAME=PATH or NAME=URL, like scene.txt=./scenes/demo.txt".into()),
        }
    }
}

impl RequestArgs {
    /// The request order, all tasks in one deal.
    pub async fn order(&self, occasion: &Occasion) -> Result<RequestOrder, CliError> {
        let requester = &occasion.requester;
        let execution_version = self.execution_version(occasion.kind);
        self.ensure_verifiable(execution_version)?;
        Ok(RequestOrder {
            app: self.app,
            max_app_price: limit(self.max_app_price),
            dataset: self.dataset,
            max_dataset_price: self.dataset.map_or(0, |_| limit(self.max_dataset_price)),
            pool: self.pool,
            max_pool_price: limit(self.max_pool_price),
            requester: requester.clone(),
            payer: requester.clone(),
            matcher: None,
            volume: self.volume,
            min_volume: self.volume,
            tag: Tag(self.tag),
            category: occasion.category,
            trust: self.trust,
            verification: self.verification.into(),
            execution_version,
            max_duration: self.max_duration.0,
            beneficiary: requester.clone(),
            callback: self.callback.clone(),
            params: self.params(occasion.input_limit).await?,
            approved_only: self.approved_only,
            requirements: requirements(self.tier.as_ref(), self.requirements.as_ref())?,
            valid_until: occasion.valid_until,
            salt: salt(),
        })
    }

    /// The chain would refuse the request; say so before anybody signs it.
    fn ensure_verifiable(&self, version: ExecutionVersion) -> Result<(), CliError> {
        let (how, trust) = (self.verification, self.trust);
        if !how.0.admits(trust) {
            let least = needed(trust);
            return Err(CliError::Usage(format!(
                "--verification {how} awaits too few votes for --trust {trust}: write blind:{least} \
                 or more voters, or lower --trust"
            )));
        }
        if version >= FIRST_CONTAINER_VERSION && trust >= MIN_SEALED_TRUST && !how.0.is_sealed() {
            let least = needed(trust);
            return Err(CliError::Usage(format!(
                "workers could guess the answers of a container image by each other's votes: with \
                 --trust {trust}, give --verification blind:{least} (or more voters) or race:1"
            )));
        }
        Ok(())
    }

    fn execution_version(&self, kind: Option<AppKind>) -> ExecutionVersion {
        let usual = match kind {
            Some(AppKind::Oci) => FIRST_CONTAINER_VERSION,
            Some(AppKind::Wasm) | None => EXECUTION_VERSION_1,
        };
        self.execution_version.unwrap_or(usual)
    }

    /// What to run, with the digests of all inputs.
    async fn params(&self, input_limit: Option<u64>) -> Result<Params, CliError> {
        let mut spec = TaskSpec {
            args: self.args.clone(),
            inputs: Vec::new(),
        };
        for input in &self.inputs {
            spec.inputs.push(input.file().await?);
        }
        let size = spec.known_size();
        if let Some(limit) = input_limit.filter(|limit| size > *limit) {
            return Err(CliError::Usage(format!(
                "the inputs have {size} bytes, and the category allows {limit}: choose a larger one"
            )));
        }
        Ok(spec.to_params()?)
    }
}

/// The highest price that is accepted; without a limit, any.
fn limit(typed: Option<Amount>) -> Balance {
    typed.map_or(MAX_PRICE, |amount| amount.0)
}

impl InputArg {
    async fn file(&self) -> Result<InputFile, CliError> {
        let name = self.name.clone();
        if files::is_locator(&self.source) {
            let found = files::fingerprint(&self.source).await?;
            let (sha256, size) = (found.sha256, Some(found.size));
            return Ok(InputFile {
                name,
                sha256,
                locator: self.source.clone(),
                size,
            });
        }
        let path = Path::new(&self.source);
        let locator = files::file_locator(path)?;
        let failed = |reason| CliError::File {
            action: "read",
            path: path.into(),
            reason,
        };
        let size = Some(fs::metadata(path).map_err(failed)?.len());
        Ok(InputFile {
            name,
            sha256: files::local_digest(path).await?,
            locator,
            size,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_client::primitives::Verification;

    fn args() -> RequestArgs {
        RequestArgs {
            app: AppId(sp_core::H256::zero()),
            pool: None,
            volume: 1,
            trust: 3,
            category: CategoryName::Number(0),
            args: vec!["--tile".into(), "{index}".into()],
            inputs: Vec::new(),
            max_app_price: None,
            max_pool_price: None,
            max_duration: Span(10),
            tag: 0,
            dataset: None,
            max_dataset_price: None,
            requirements: None,
            tier: None,
            approved_only: false,
            verification: VerificationName(Verification::Replication),
            execution_version: None,
            callback: None,
        }
    }

    fn occasion(kind: Option<AppKind>) -> Occasion {
        Occasion {
            requester: AccountId::new([1; 32]),
            category: 2,
            input_limit: Some(1),
            kind,
            valid_until: 9,
        }
    }

    #[test]
    fn inputs_have_a_name_and_a_place() {
        let input: InputArg = "scene.txt=a=b.txt".parse().unwrap();
        assert_eq!(
            (input.name.as_str(), input.source.as_str()),
            ("scene.txt", "a=b.txt")
        );
        for wrong in ["", "scene.txt", "=a", "a="] {
            assert!(wrong.parse::<InputArg>().is_err(), "{wrong}");
        }
    }

    #[tokio::test]
    async fn local_inputs_become_locators_with_digests() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("scene.txt");
        fs::write(&path, "hello").unwrap();
        let source = path.to_str().unwrap().to_owned();
        let inputs = vec![InputArg {
            name: "scene.txt".into(),
            source,
        }];
        let args = RequestArgs { inputs, ..args() };

        let params = args.params(Some(5)).await.unwrap();
        let spec = TaskSpec::parse(&params).unwrap();
        assert_eq!(spec.args, ["--tile", "{index}"]);
        let input = &spec.inputs[0];
        assert_eq!((input.name.as_str(), input.size), ("scene.txt", Some(5)));
        assert!(input.locator.starts_with("file:///"), "{}", input.locator);
        assert_eq!(
            hex::encode(input.sha256),
            "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
        );

        let error = args.params(Some(4)).await.unwrap_err();
        assert!(error.to_string().contains("5 bytes"), "{error}");
    }

    #[tokio::test]
    async fn without_limits_any_price_is_accepted() {
        let order = args().order(&occasion(None)).await.unwrap();
        assert_eq!(
            (order.max_app_price, order.max_dataset_price),
            (MAX_PRICE, 0)
        );
        let limited = RequestArgs {
            max_pool_price: Some(Amount(7)),
            dataset: Some(DatasetId(sp_core::H256::zero())),
            ..args()
        };
        let order = limited.order(&occasion(None)).await.unwrap();
        assert_eq!(
            (order.max_pool_price, order.max_dataset_price),
            (7, MAX_PRICE)
        );
    }

    #[tokio::test]
    async fn the_execution_version_follows_from_the_app() {
        let args = args();
        for (kind, version) in [
            (None, EXECUTION_VERSION_1),
            (Some(AppKind::Wasm), EXECUTION_VERSION_1),
            (Some(AppKind::Oci), FIRST_CONTAINER_VERSION),
        ] {
            let args = RequestArgs {
                trust: 2,
                ..args.clone()
            };
            let order = args.order(&occasion(kind)).await.unwrap();
            assert_eq!(order.execution_version, version);
        }
    }

    #[tokio::test]
    async fn a_verification_that_the_chain_would_refuse_is_not_asked_for() {
        let asked = |how: Verification, trust| RequestArgs {
            verification: VerificationName(how),
            trust,
            ..args()
        };
        let (two, race) = (
            Verification::Blind { voters: 2 },
            Verification::Race { referees: 0 },
        );
        let wasm = occasion(Some(AppKind::Wasm));
        let error = asked(two, 9).order(&wasm).await.unwrap_err();
        assert!(error.to_string().contains("blind:4"), "{error}");
        let order = asked(two, 4).order(&wasm).await.unwrap();
        assert_eq!(order.verification, two);

        let image = occasion(Some(AppKind::Oci));
        let open = Verification::Replication;
        let error = asked(open, 3).order(&image).await.unwrap_err();
        assert!(error.to_string().contains("blind:2"), "{error}");
        for (how, trust) in [(open, 2), (two, 3), (race, 3)] {
            let order = asked(how, trust).order(&image).await.unwrap();
            assert_eq!(order.verification, how);
        }
    }
}
