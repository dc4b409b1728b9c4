//! Each shape of each field, and what is refused.

use super::*;
use ergon_client::primitives::MILLI_ERG;

fn parse(text: &str) -> Result<Settings, ConfigError> {
    Settings::parse(text, Path::new("/etc/worker.toml"))
}

/// A configuration in a folder of its own.
fn config(text: &str) -> Result<Config, ConfigError> {
    parse(text)?.settle(Path::new("/var/worker"))?.try_into()
}

fn refusal(text: &str) -> String {
    config(text).unwrap_err().to_string()
}

#[test]
fn written_file_says_the_defaults() {
    assert_eq!(parse(DEFAULT_FILE).unwrap(), Settings::default());
    assert_eq!(parse("").unwrap(), Settings::default());
}

#[test]
fn written_file_names_every_field() {
    let full = Settings {
        genesis: Some("g".into()),
        pool: Some("p".into()),
        parallel: Some(1),
        memory_mib: Some(1),
        max_stake: Some("1".into()),
        output_url: Some("u".into()),
        ..Settings::default()
    };
    for line in full.to_text().lines() {
        let (field, _) = line.split_once(" = ").unwrap();
        let set = format!("\n{field} = ");
        let unset = format!("\n# {field} = ");
        assert!(
            DEFAULT_FILE.contains(&set) || DEFAULT_FILE.contains(&unset),
            "{field}"
        );
    }
}

#[test]
fn readme_has_the_written_file() {
    let readme = include_str!("../../README.md");
    assert!(readme.contains(&format!("```toml\n{DEFAULT_FILE}```")));
}

#[test]
fn effective_configuration_can_be_read_back() {
    let settings = Settings {
        pool: Some(format!("0x{}", "ab".repeat(32))),
        ..Settings::default()
    };
    assert_eq!(parse(&settings.to_text()).unwrap(), settings);
}

#[test]
fn paths_start_at_the_folder_of_the_data() {
    let plain = parse("").unwrap().settle(Path::new("/var/worker")).unwrap();
    assert_eq!(plain.data_dir, Path::new("/var/worker"));
    assert_eq!(plain.key_file, Path::new("/var/worker/worker.key"));
    assert_eq!(plain.output_dir, Path::new("/var/worker/outputs"));
    let moved = parse("data_dir = 'data'\nkey_file = '/etc/key'").unwrap();
    let moved = moved.settle(Path::new("/var/worker")).unwrap();
    assert_eq!(moved.data_dir, Path::new("/var/worker/data"));
    assert_eq!(moved.key_file, Path::new("/etc/key"));
    assert_eq!(moved.output_dir, Path::new("/var/worker/data/outputs"));
}

#[test]
fn command_line_has_the_last_word() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("any.toml");
    fs::write(&path, "node = 'ws://file'\nparallel = 7").unwrap();
    let mut overrides = Overrides {
        config: Some(path),
        ..Overrides::default()
    };
    let settings = Settings::load(&overrides).unwrap();
    assert_eq!(
        (settings.node.as_str(), settings.parallel),
        ("ws://file", Some(7))
    );
    assert_eq!(settings.data_dir, folder.path());

    overrides.node = Some("ws://line".into());
    overrides.parallel = Some(2);
    overrides.data = Some("/elsewhere".into());
    overrides.key = Some("/key".into());
    let settings = Settings::load(&overrides).unwrap();
    assert_eq!(
        (settings.node.as_str(), settings.parallel),
        ("ws://line", Some(2))
    );
    assert_eq!(settings.data_dir, Path::new("/elsewhere"));
    assert_eq!(settings.key_file, Path::new("/key"));
}

#[test]
fn file_in_the_data_folder_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let overrides = Overrides {
        data: Some(folder.path().into()),
        ..Overrides::default()
    };
    assert_eq!(Settings::load(&overrides).unwrap().cache_mib, 4_096);
    fs::write(folder.path().join(FILE_NAME), "cache_mib = 1").unwrap();
    assert_eq!(Settings::load(&overrides).unwrap().cache_mib, 1);
}

#[test]
fn missing_file_is_an_error_that_names_it() {
    let overrides = Overrides {
        config: Some("/nowhere/worker.toml".into()),
        ..Overrides::default()
    };
    let error = Settings::load(&overrides).unwrap_err().to_string();
    assert!(
        error.contains("/nowhere/worker.toml") && error.contains("init"),
        "{error}"
    );
}

#[test]
fn unknown_fields_and_wrong_types_are_named() {
    let unknown = refusal("paralel = 2");
    assert!(
        unknown.contains("paralel") && unknown.contains("/etc/worker.toml"),
        "{unknown}"
    );
    for text in [
        "parallel = 'two'",
        "locators = ['ftp']",
        "log_format = 'xml'",
        "node = 1",
    ] {
        let field = text.split(' ').next().unwrap();
        let error = refusal(text);
        assert!(error.contains(field), "{text}: {error}");
    }
}

#[test]
fn values_out_of_range_are_refused_with_the_field() {
    for text in [
        "node = 'http://127.0.0.1'",
        "genesis = '0x12'",
        "pool = 'mine'",
        "parallel = 0",
        "wall_clock_factor = 0.0",
        "wall_clock_factor = nan",
        "max_stake = '1,5'",
        "max_stake = '-1'",
        "locators = []",
        "file_roots = ['srv']",
        "retention_days = 40000",
        "output_url = 'ftp://host'",
    ] {
        let field = text.split(' ').next().unwrap();
        let error = refusal(text);
        assert!(error.contains(&format!("`{field}`")), "{text}: {error}");
    }
}

#[test]
fn values_mean_what_they_say() {
    let config = config(
        "max_stake = '2.5'\ncache_mib = 3\nretention_days = 2\nparallel = 8\nmemory_mib = 1100",
    )
    .unwrap();
    assert_eq!(config.max_stake, 2_500 * MILLI_ERG);
    assert_eq!(config.cache_limit, 3 << 20);
    assert_eq!(config.retention, Duration::from_secs(172_800));
    assert_eq!(config.parallel, 2);
}

#[test]
fn little_memory_still_runs_one_task() {
    assert_eq!(config("memory_mib = 1").unwrap().parallel, 1);
    assert!(config("").unwrap().parallel >= 1);
}

#[test]
fn hashes_are_read() {
    let digits = "0f".repeat(32);
    let text = format!("genesis = '0x{digits}'\npool = '0x{digits}'");
    let config = config(&text).unwrap();
    assert_eq!(config.genesis, Some(H256::repeat_byte(15)));
    assert_eq!(config.pool, Some(PoolId(H256::repeat_byte(15))));
}

#[test]
fn amounts_are_exact() {
    assert_eq!(read_erg("0"), Some(0));
    assert_eq!(read_erg("1"), Some(ERG));
    assert_eq!(read_erg("0.000000000001"), Some(1));
    for wrong in ["", ".", "1.", ".5", "1.0000000000000", "x", "1e3"] {
        assert_eq!(read_erg(wrong), None, "{wrong}");
    }
}
