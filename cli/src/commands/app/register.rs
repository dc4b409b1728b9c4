//! `ergon app register`: a new app.

use super::view::kind_name;
use crate::{
    CliError, Context,
    answer::{Answer, Render, Sent},
    files,
    table::Card,
    terms::{ConditionText, requirements},
    text::Hex,
};
use clap::{ValueEnum, builder::NonEmptyStringValueParser};
use ergon_client::{
    Event, RegistryEvent, bounded, calls,
    primitives::{AppKind, MAX_DESCRIPTION, MAX_LOCATOR, MAX_NAME, MAX_OUTPUT_PATH, OutputFiles},
};
use serde::Serialize;
use sp_core::H256;
use std::{
    fs::File,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    str::FromStr,
};

/// How every WebAssembly module in binary form begins: its mark and version 1.
const MODULE_HEADER: [u8; 8] = *b"\0asm\x01\0\0\0";

/// Register an app: its name, its digest, and where it can be fetched.
#[derive(clap::Args, Clone, PartialEq, Eq, Debug)]
pub struct Args {
    /// Name of the app, at most 64 bytes.
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    name: String,
    /// How it is executed: wasm (a WebAssembly module) or oci (a container image).
    #[arg(long, value_name = "KIND", value_enum, default_value = "wasm")]
    kind: KindText,
    /// The WebAssembly module (wasm).
    #[arg(long, value_name = "FILE", conflicts_with = "digest")]
    module: Option<PathBuf>,
    /// Digest of the image's manifest: sha256:… or 0x… (oci).
    #[arg(long, value_name = "DIGEST")]
    digest: Option<ManifestDigest>,
    /// Where workers fetch it (https://…, http://…, file://…); without it, this very module.
    #[arg(long, value_name = "URL")]
    locator: Option<String>,
    /// Pointer to documentation, at most 256 bytes.
    #[arg(long, default_value = "")]
    metadata: String,
    /// What machines that run it must be like: `TARGET.memory >= 4096`. See `ergon expression`.
    #[arg(long, value_name = "TEXT")]
    requirements: Option<ConditionText>,
    /// An output file that counts; can be given several times. Without any, every file counts.
    #[arg(long = "output", value_name = "PATH")]
    outputs: Vec<String>,
}

/// How an app is executed, as it is typed.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum KindText {
    /// A WebAssembly module with WASI preview 1.
    Wasm,
    /// A container image.
    Oci,
}

/// SHA-256 of an image's manifest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct ManifestDigest(H256);

impl FromStr for ManifestDigest {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.strip_prefix("sha256:").or(text.strip_prefix("0x"));
        let read = digits.and_then(|digits| format!("0x{digits}").parse::<Hex>().ok());
        read.map(|hash| Self(hash.0)).ok_or_else(|| {
            format!("`{text}` is no digest: write sha256: or 0x and 64 hexadecimal digits")
        })
    }
}

/// What an app consists of.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Content {
    /// A module in a file.
    Module(PathBuf),
    /// An image somewhere.
    Image(H256),
}

#[derive(Serialize)]
struct Registered {
    app: Hex,
    kind: &'static str,
    digest: Hex,
    locator: String,
    #[serde(flatten)]
    sent: Sent,
}

impl Render for Registered {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let card = Card::new()
            .line("app", self.app)
            .line("kind", self.kind)
            .line("digest", self.digest);
        self.sent
            .lines(card.line("locator", &self.locator))
            .write(out)
    }
}

/// Does what the command says.
pub(super) async fn run(args: Args, context: &Context) -> Result<Answer, CliError> {
    let kind = AppKind::from(args.kind);
    let (digest, locator) = match args.content()? {
        Content::Module(module) => checked_module(module, args.locator).await?,
        Content::Image(digest) => (digest, image_locator(args.locator)?),
    };
    let call = calls::registry::register_app(
        bounded::<u8, MAX_NAME>("name", args.name.as_bytes())?,
        kind,
        digest,
        bounded::<u8, MAX_LOCATOR>("locator", locator.as_bytes())?,
        bounded::<u8, MAX_DESCRIPTION>("metadata", args.metadata)?,
        requirements(None, args.requirements.as_ref())?,
        output_files(&args.outputs)?,
    );
    let purpose = format!("Register the app `{}`", args.name);
    let receipt = context.send(call, &purpose).await?;
    let app = receipt.events.iter().find_map(|event| match event {
        Event::Registry(RegistryEvent::AppRegistered { app, .. }) => Some(*app),
        _ => None,
    });
    let app = app.ok_or(CliError::Silent("which app was registered"))?;
    Ok(Answer::new(Registered {
        app: app.into(),
        kind: kind_name(kind),
        digest: Hex(digest),
        locator,
        sent: Sent::from(&receipt),
    }))
}

impl From<KindText> for AppKind {
    fn from(text: KindText) -> Self {
        match text {
            KindText::Wasm => Self::Wasm,
            KindText::Oci => Self::Oci,
        }
    }
}

impl Args {
    fn content(&self) -> Result<Content, CliError> {
        match (self.kind, &self.module, self.digest) {
            (KindText::Wasm, Some(module), _) => Ok(Content::Module(module.clone())),
            (KindText::Wasm, None, _) => Err(CliError::Usage(
                "give the WebAssembly module with --module FILE, or --kind oci with --digest and \
                 --locator"
                    .into(),
            )),
            (KindText::Oci, None, Some(ManifestDigest(digest))) => Ok(Content::Image(digest)),
            (KindText::Oci, _, _) => Err(CliError::Usage(
                "give the digest of the image's manifest with --digest sha256:…, and --locator; \
                 --module is for WebAssembly"
                    .into(),
            )),
        }
    }
}

/// Digest and locator of a module, which must serve it.
async fn checked_module(
    module: PathBuf,
    locator: Option<String>,
) -> Result<(H256, String), CliError> {
    let locator = match locator {
        Some(locator) => locator,
        None => files::file_locator(&module)?,
    };
    ensure_module(&module)?;
    let sha256 = files::local_digest(&module).await?;
    files::check_locator(&locator, sha256).await?;
    Ok((H256(sha256), locator))
}

/// Whoever names the wrong file shall learn it before it is paid for.
fn ensure_module(path: &Path) -> Result<(), CliError> {
    let mut header = Vec::new();
    let read = File::open(path).and_then(|file| {
        file.take(MODULE_HEADER.len() as u64)
            .read_to_end(&mut header)
    });
    read.map_err(|reason| CliError::File {
        action: "read",
        path: path.into(),
        reason,
    })?;
    if header == MODULE_HEADER {
        return Ok(());
    }
    Err(CliError::Usage(format!(
        "{} is no WebAssembly module in binary form: compile the program to WebAssembly, or \
         register a container image with --kind oci",
        path.display()
    )))
}

fn image_locator(locator: Option<String>) -> Result<String, CliError> {
    locator.ok_or_else(|| {
        CliError::Usage("say with --locator where workers can fetch the image".into())
    })
}

fn output_files(paths: &[String]) -> Result<OutputFiles, CliError> {
    let files = paths
        .iter()
        .map(|path| bounded::<u8, MAX_OUTPUT_PATH>("path of an output", path.as_bytes()))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(bounded("list of outputs", files)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args() -> Args {
        Args {
            name: "render".into(),
            kind: KindText::Wasm,
            module: None,
            digest: None,
            locator: None,
            metadata: String::new(),
            requirements: None,
            outputs: Vec::new(),
        }
    }

    #[test]
    fn a_module_is_a_file_and_an_image_a_digest() {
        let wasm = Args {
            module: Some("a.wasm".into()),
            ..args()
        };
        assert_eq!(wasm.content().unwrap(), Content::Module("a.wasm".into()));
        let digest = H256::repeat_byte(0xab);
        let oci = Args {
            kind: KindText::Oci,
            digest: Some(ManifestDigest(digest)),
            ..args()
        };
        assert_eq!(oci.content().unwrap(), Content::Image(digest));
        let error = args().content().unwrap_err().to_string();
        assert!(error.contains("--module FILE"), "{error}");
        let mixed = Args {
            kind: KindText::Oci,
            ..wasm
        };
        let error = mixed.content().unwrap_err().to_string();
        assert!(error.contains("--digest sha256:"), "{error}");
    }

    #[test]
    fn a_module_begins_as_modules_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wasm");
        std::fs::write(&path, [&MODULE_HEADER[..], b"more"].concat()).unwrap();
        ensure_module(&path).unwrap();
        for wrong in [&b""[..], b"(module)", b"\0asm"] {
            std::fs::write(&path, wrong).unwrap();
            let error = ensure_module(&path).unwrap_err();
            assert_eq!(error.explain().code, "usage");
        }
        let missing = ensure_module(&folder.path().join("b.wasm")).unwrap_err();
        assert_eq!(missing.explain().code, "file");
    }

    #[test]
    fn digests_have_two_forms() {
        let digits = "ab".repeat(32);
        for text in [format!("sha256:{digits}"), format!("0x{digits}")] {
            let read = text.parse::<ManifestDigest>().unwrap();
            assert_eq!(read.0, H256::repeat_byte(0xab), "{text}");
        }
        for text in [digits.as_str(), "sha256:ab", "sha512:ab", ""] {
            assert!(text.parse::<ManifestDigest>().is_err(), "{text}");
        }
    }

    #[test]
    fn outputs_are_bounded() {
        let files = output_files(&["tile.ppm".into(), "log/a.txt".into()]).unwrap();
        assert_eq!(files.len(), 2);
        assert!(output_files(&["a".repeat(129)]).is_err());
        assert!(output_files(&vec!["a".into(); 17]).is_err());
    }
}
