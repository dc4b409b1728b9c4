//! What a requester asks for: the options that `ergon run` and `ergon order request` share.

use crate::{
    CliError, Context,
    amount::Amount,
    context::{after, salt},
    files,
    span::Span,
    text::{CategoryName, id},
};
use clap::Args;
use ergon_client::{
    InputFile, TaskSpec, View,
    primitives::{
        AppId, Balance, Category, CategoryId, EXECUTION_VERSION_1, MAX_PRICE, Params, PoolId,
        RequestOrder, Tag,
    },
};
use std::{fs, path::Path, str::FromStr};

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
    #[arg(long, visible_alias = "tasks", value_name = "N", default_value_t = 1)]
    pub volume: u32,
    /// How sure the results must be: a dishonest group must be this many times less credible than
    /// the winners.
    #[arg(long, value_name = "T", default_value_t = 3)]
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
    #[arg(long, value_name = "AMOUNT")]
    pub max_app_price: Option<Amount>,
    /// Highest price per task for the pool, in ERG.
    #[arg(long, value_name = "AMOUNT")]
    pub max_pool_price: Option<Amount>,
    /// Longest time until every task has ended, one way or the other.
    #[arg(long, value_name = "TIME", default_value = "30d")]
    pub max_duration: Span,
    /// Features that the tasks need, as a number of 64 bits.
    #[arg(long, value_name = "BITS", default_value_t = 0)]
    pub tag: u64,
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
    /// The highest price of the app that is accepted.
    fn app_limit(&self) -> Balance {
        self.max_app_price.map_or(MAX_PRICE, |amount| amount.0)
    }

    /// The highest price of the pool that is accepted.
    fn pool_limit(&self) -> Balance {
        self.max_pool_price.map_or(MAX_PRICE, |amount| amount.0)
    }

    /// The request order of the key's account, valid for so long, all tasks in one deal.
    pub async fn order(
        &self,
        context: &Context,
        view: &View,
        (category_id, category): &(CategoryId, Category),
        validity: Span,
    ) -> Result<RequestOrder, CliError> {
        let requester = context.own_account()?;
        Ok(RequestOrder {
            app: self.app,
            max_app_price: self.app_limit(),
            pool: self.pool,
            max_pool_price: self.pool_limit(),
            payer: requester.clone(),
            matcher: None,
            volume: self.volume,
            min_volume: self.volume,
            tag: Tag(self.tag),
            category: *category_id,
            trust: self.trust,
            execution_version: EXECUTION_VERSION_1,
            max_duration: self.max_duration.0,
            beneficiary: requester.clone(),
            params: self.params(category).await?,
            valid_until: after(view.head().number, validity.0),
            salt: salt(),
            requester,
        })
    }

    /// What to run, with the digests of all inputs.
    async fn params(&self, category: &Category) -> Result<Params, CliError> {
        let mut spec = TaskSpec {
            args: self.args.clone(),
            inputs: Vec::new(),
        };
        for input in &self.inputs {
            spec.inputs.push(input.file().await?);
        }
        let (size, limit) = (spec.known_size(), category.input_limit);
        if size > limit {
            return Err(CliError::Usage(format!(
                "the inputs have {size} bytes, and the category allows {limit}: choose a larger one"
            )));
        }
        Ok(spec.to_params()?)
    }
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
        }
    }

    fn category(input_limit: u64) -> Category {
        let name = Default::default();
        Category {
            name,
            work_time: 20,
            input_limit,
            output_limit: 0,
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

        let params = args.params(&category(5)).await.unwrap();
        let spec = TaskSpec::parse(&params).unwrap();
        assert_eq!(spec.args, ["--tile", "{index}"]);
        let input = &spec.inputs[0];
        assert_eq!((input.name.as_str(), input.size), ("scene.txt", Some(5)));
        assert!(input.locator.starts_with("file:///"), "{}", input.locator);
        assert_eq!(
            hex::encode(input.sha256),
            "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
        );

        let error = args.params(&category(4)).await.unwrap_err();
        assert!(error.to_string().contains("5 bytes"), "{error}");
    }

    #[test]
    fn without_limits_any_price_is_accepted() {
        assert_eq!(args().app_limit(), MAX_PRICE);
        let limited = RequestArgs {
            max_pool_price: Some(Amount(7)),
            ..args()
        };
        assert_eq!(limited.pool_limit(), 7);
    }
}
