//! What is fetched, what is refused, and what is voted.

use super::*;
use ergon_client::primitives::AccountId;
use sha2::{Digest, Sha256};
use sp_core::H256;

const NO_PATIENCE: Duration = Duration::ZERO;

fn rules() -> LocatorRules {
    LocatorRules::new(vec![LocatorKind::File, LocatorKind::Http], vec!["/".into()])
}

/// A folder with a cache in it, and files beside the cache.
struct Place {
    folder: tempfile::TempDir,
    cache: Cache,
}

impl Place {
    fn new(limit: u64, rules: LocatorRules) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(&folder.path().join("data"), limit, rules).unwrap();
        Self { folder, cache }
    }

    fn file(&self, name: &str, content: &[u8]) -> InputFile {
        let path = self.folder.path().join(name);
        fs::write(&path, content).unwrap();
        InputFile {
            name: name.into(),
            sha256: Sha256::digest(content).into(),
            locator: path.display().to_string(),
            size: None,
        }
    }

    fn app(&self) -> App {
        let file = self.file("module.wasm", b"\0asm");
        App {
            owner: AccountId::new([0; 32]),
            name: Default::default(),
            kind: AppKind::Wasm,
            digest: H256(file.sha256),
            locator: file.locator.into_bytes().try_into().unwrap(),
            metadata: Default::default(),
            requirements: Default::default(),
            outputs: Default::default(),
        }
    }

    fn dataset(&self, content: &[u8]) -> Dataset {
        let file = self.file("prices.csv", content);
        Dataset {
            owner: AccountId::new([0; 32]),
            name: Default::default(),
            digest: H256(file.sha256),
            locator: file.locator.into_bytes().try_into().unwrap(),
            metadata: Default::default(),
            encryption: None,
            allowed_apps: Default::default(),
        }
    }

    async fn prepare(&self, inputs: Vec<InputFile>) -> Result<Files, Failure> {
        self.prepare_with(None, inputs).await
    }

    async fn prepare_with(
        &self,
        dataset: Option<&Dataset>,
        inputs: Vec<InputFile>,
    ) -> Result<Files, Failure> {
        let spec = TaskSpec {
            args: vec![],
            inputs,
        };
        self.cache
            .prepare(&self.app(), dataset, &spec, 10, NO_PATIENCE)
            .await
    }
}

#[tokio::test]
async fn files_are_fetched_verified_and_found_again() {
    let place = Place::new(1_000, rules());
    let input = place.file("a", b"12345");
    let files = place.prepare(vec![input.clone()]).await.unwrap();
    assert_eq!(fs::read(&files.module).unwrap(), b"\0asm");
    assert_eq!(files.inputs[0].0, "a");
    assert_eq!(fs::read(&files.inputs[0].1).unwrap(), b"12345");
    fs::remove_file(&input.locator).unwrap();
    assert_eq!(place.prepare(vec![input]).await.unwrap(), files);
}

#[tokio::test]
async fn dataset_is_one_more_input() {
    let place = Place::new(1_000, rules());
    let dataset = place.dataset(b"123456");
    let input = place.file("a", b"7890");
    let files = place
        .prepare_with(Some(&dataset), vec![input])
        .await
        .unwrap();
    let names: Vec<_> = files.inputs.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["dataset", "a"]);
    assert_eq!(fs::read(&files.inputs[0].1).unwrap(), b"123456");
}

#[tokio::test]
async fn dataset_counts_as_input_and_is_verified() {
    let place = Place::new(1_000, rules());
    let dataset = place.dataset(b"123456");
    let large = place.file("a", b"78901");
    let failure = place
        .prepare_with(Some(&dataset), vec![large])
        .await
        .unwrap_err();
    assert!(matches!(failure, Failure::Unavailable(_)), "{failure:?}");
    let mut changed = dataset;
    changed.digest = H256::zero();
    let failure = place
        .prepare_with(Some(&changed), vec![])
        .await
        .unwrap_err();
    assert!(matches!(failure, Failure::Unavailable(_)), "{failure:?}");
}

#[tokio::test]
async fn container_images_are_no_vote() {
    let place = Place::new(1_000, rules());
    let mut app = place.app();
    app.kind = AppKind::Oci;
    let failure = place
        .cache
        .prepare(&app, None, &TaskSpec::default(), 10, NO_PATIENCE)
        .await
        .unwrap_err();
    assert!(matches!(failure, Failure::Skip(_)), "{failure:?}");
}

#[tokio::test]
async fn damaged_cache_is_not_trusted() {
    let place = Place::new(1_000, rules());
    let input = place.file("a", b"12345");
    let files = place.prepare(vec![input.clone()]).await.unwrap();
    fs::write(&files.inputs[0].1, b"54321").unwrap();
    let data = place.folder.path().join("data");
    let restarted = Cache::open(&data, 1_000, rules()).unwrap();
    let spec = TaskSpec {
        args: vec![],
        inputs: vec![input],
    };
    restarted
        .prepare(&place.app(), None, &spec, 10, NO_PATIENCE)
        .await
        .unwrap();
    assert_eq!(fs::read(&files.inputs[0].1).unwrap(), b"12345");
}

#[tokio::test]
async fn wrong_content_and_missing_files_are_unavailable() {
    let place = Place::new(1_000, rules());
    let mut changed = place.file("a", b"12345");
    changed.sha256 = [0; 32];
    let failure = place.prepare(vec![changed]).await.unwrap_err();
    assert!(matches!(failure, Failure::Unavailable(_)), "{failure:?}");
    let missing = place.file("b", b"1");
    fs::remove_file(&missing.locator).unwrap();
    let failure = place.prepare(vec![missing]).await.unwrap_err();
    assert!(matches!(failure, Failure::Unavailable(_)), "{failure:?}");
}

#[tokio::test]
async fn inputs_beyond_the_category_are_unavailable_cached_or_not() {
    let place = Place::new(1_000, rules());
    let (one, other) = (place.file("a", b"123456"), place.file("b", b"654321"));
    place.prepare(vec![one.clone()]).await.unwrap();
    place.prepare(vec![other.clone()]).await.unwrap();
    let failure = place.prepare(vec![one, other]).await.unwrap_err();
    assert!(matches!(failure, Failure::Unavailable(_)), "{failure:?}");
    let mut announced = place.file("c", b"1");
    announced.size = Some(11);
    let failure = place.prepare(vec![announced]).await.unwrap_err();
    assert!(matches!(failure, Failure::Unavailable(_)), "{failure:?}");
}

#[tokio::test]
async fn locators_that_are_not_allowed_are_no_vote() {
    let only_http = LocatorRules::new(vec![LocatorKind::Http], vec![]);
    let place = Place::new(1_000, only_http);
    let failure = place.prepare(vec![]).await.unwrap_err();
    assert!(matches!(failure, Failure::Skip(_)), "{failure:?}");
}

#[test]
fn rules_know_kinds_and_roots() {
    let folder = tempfile::tempdir().unwrap();
    let shared = folder.path().join("shared");
    fs::create_dir(&shared).unwrap();
    fs::write(folder.path().join("secret"), b"s").unwrap();
    let secret = folder.path().join("secret");
    std::os::unix::fs::symlink(&secret, shared.join("link")).unwrap();
    let rules = LocatorRules::new(
        vec![LocatorKind::File, LocatorKind::Https],
        vec![shared.clone()],
    );
    let root = shared.display();
    let allowed = [
        format!("{root}/a"),
        format!("file://{root}/a"),
        "https://host/a".into(),
    ];
    for locator in allowed {
        assert_eq!(rules.refuse(&locator), None, "{locator}");
    }
    let refused = [
        format!("{root}/../secret"),
        format!("{root}/link"),
        format!("file://{root}/%2e%2e/secret"),
        secret.display().to_string(),
        "http://host/a".into(),
    ];
    for locator in refused {
        assert!(rules.refuse(&locator).is_some(), "{locator}");
    }
    assert_eq!(
        rules.refuse("ipfs:abc"),
        None,
        "it is unavailable to everyone"
    );
}

#[test]
fn each_failure_has_its_consequence() {
    let locator = || "https://host/a".to_string();
    let other = |status| FetchError::Refused {
        locator: locator(),
        status,
    };
    let unreachable = FetchError::Unreachable {
        locator: locator(),
        reason: "gone".into(),
    };
    let large = FetchError::TooLarge {
        locator: locator(),
        limit: 1,
    };
    let own = own_fault(Path::new("/a"), io::Error::other("full"));
    let missing = FetchError::NotFound { locator: locator() };
    // How it ends after the first, and after the fourth failure, in time and out of time.
    let (unavailable, skip) = (Some('u'), Some('s'));
    let table = [
        (large, [unavailable, unavailable, unavailable, unavailable]),
        (missing, [None, None, unavailable, unavailable]),
        (other(403), [None, None, unavailable, unavailable]),
        (other(503), [None, None, None, unavailable]),
        (unreachable, [None, None, None, unavailable]),
        (own, [None, None, skip, skip]),
    ];
    for (error, expected) in table {
        let cases = [(1, false), (1, true), (4, false), (4, true)];
        for ((failures, over), expected) in cases.into_iter().zip(expected) {
            let letter =
                next(judge(&error), failures, over).map(|failure| match failure(String::new()) {
                    Failure::Unavailable(_) => 'u',
                    Failure::Skip(_) => 's',
                });
            assert_eq!(letter, expected, "{error} {failures} {over}");
        }
    }
}

#[test]
fn pruning_takes_the_oldest_and_spares_what_is_in_use() {
    let place = Place::new(10, rules());
    let folder = place.folder.path().join("data");
    let hours_ago = |hours: u64| SystemTime::now() - Duration::from_secs(3_600 * hours);
    let files = [
        ("cache/a", 3),
        ("compiled/b", 2),
        ("cache/c", 1),
        ("cache/d", 0),
    ];
    for (name, hours) in files {
        let path = folder.join(name);
        fs::write(&path, [0; 6]).unwrap();
        File::options()
            .append(true)
            .open(path)
            .unwrap()
            .set_modified(hours_ago(hours))
            .unwrap();
    }
    place.cache.prune().unwrap();
    let left: Vec<_> = files
        .iter()
        .filter(|(name, _)| folder.join(name).exists())
        .collect();
    assert_eq!(left, [&("cache/d", 0)], "12 bytes were still too many");

    let busy = Place::new(1, rules());
    let path = busy.folder.path().join("data/cache/a");
    fs::write(&path, [0; 6]).unwrap();
    busy.cache.prune().unwrap();
    assert!(path.exists());
}
