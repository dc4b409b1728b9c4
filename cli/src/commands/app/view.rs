//! What is shown of an app.

use crate::{
    answer::Render,
    table::{Card, Table},
    terms::condition_text,
    text::{Address, Hex, shown},
};
use ergon_client::primitives::{App as AppRecord, AppId, AppKind, Curation};
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
pub(super) struct AppView {
    app: Hex,
    name: String,
    owner: Address,
    kind: &'static str,
    digest: Hex,
    locator: String,
    metadata: String,
    curation: CurationView,
    requirements: String,
    /// The output files that count; all of them when there is none.
    outputs: Vec<String>,
}

/// What governance says of an app.
#[derive(Serialize)]
struct CurationView {
    status: &'static str,
    /// Hash of the document on whose ground.
    document: Option<Hex>,
}

impl CurationView {
    fn new(curation: Option<&Curation>) -> Self {
        let (status, document) = match curation {
            None => ("unreviewed", None),
            Some(Curation::Proposed(document)) => ("proposed", Some(Hex(*document))),
            Some(Curation::Approved(document)) => ("approved", Some(Hex(*document))),
            Some(Curation::Revoked { harmful: false }) => ("revoked", None),
            Some(Curation::Revoked { harmful: true }) => ("revoked-harmful", None),
        };
        Self { status, document }
    }

    fn text(&self) -> String {
        match &self.document {
            Some(document) => format!("{} on the ground of {document}", self.status),
            None => self.status.into(),
        }
    }
}

/// How an app is executed, in one word.
pub(super) fn kind_name(kind: AppKind) -> &'static str {
    match kind {
        AppKind::Wasm => "wasm",
        AppKind::Oci => "oci",
    }
}

impl AppView {
    pub(super) fn new(id: AppId, app: &AppRecord, curation: Option<&Curation>) -> Self {
        Self {
            app: id.into(),
            name: shown(&app.name),
            owner: Address::from(&app.owner),
            kind: kind_name(app.kind),
            digest: Hex(app.digest),
            locator: shown(&app.locator),
            metadata: shown(&app.metadata),
            curation: CurationView::new(curation),
            requirements: shown(condition_text(&app.requirements).as_bytes()),
            outputs: app.outputs.iter().map(|path| shown(path)).collect(),
        }
    }
}

impl Render for AppView {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let or = |text: &str, nothing: &str| {
            if text.is_empty() {
                nothing.into()
            } else {
                text.to_owned()
            }
        };
        Card::new()
            .line("app", self.app)
            .line("name", &self.name)
            .line("owner", &self.owner)
            .line("kind", self.kind)
            .line("digest", self.digest)
            .line("locator", &self.locator)
            .line("metadata", &self.metadata)
            .line("curation", self.curation.text())
            .line("requirements", or(&self.requirements, "none"))
            .line("outputs", or(&self.outputs.join(", "), "every file counts"))
            .write(out)
    }
}

#[derive(Serialize)]
pub(super) struct AppList {
    pub(super) apps: Vec<AppView>,
}

impl Render for AppList {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new(&["APP", "NAME", "KIND", "CURATION", "OWNER"]);
        for app in &self.apps {
            table.row([
                app.app.to_string(),
                app.name.clone(),
                app.kind.into(),
                app.curation.status.into(),
                app.owner.short(),
            ]);
        }
        table.write(
            out,
            "There are no apps; `ergon app register` registers one.",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::condition_form;
    use ergon_client::{Keypair, bounded, primitives::MAX_OUTPUT_PATH};
    use sp_core::H256;

    fn record() -> AppRecord {
        let output = bounded::<u8, MAX_OUTPUT_PATH>("path", *b"tile.ppm").unwrap();
        AppRecord {
            owner: Keypair::from_suri("//Dave").unwrap().account(),
            name: b"re\x1bnder".to_vec().try_into().unwrap(),
            kind: AppKind::Wasm,
            digest: H256::repeat_byte(1),
            locator: b"file:///render.wasm".to_vec().try_into().unwrap(),
            metadata: Default::default(),
            requirements: condition_form("TARGET.cpus >= 2").unwrap(),
            outputs: vec![output].try_into().unwrap(),
        }
    }

    fn rendered(record: &AppRecord, curation: Option<Curation>) -> String {
        let mut out = Vec::new();
        AppView::new(AppId(H256::repeat_byte(2)), record, curation.as_ref())
            .render(&mut out)
            .unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_a_stranger_registered_is_shown_safely() {
        let text = rendered(&record(), None);
        assert!(text.contains("name          re·nder\n"), "{text}");
        assert!(
            text.contains("locator       file:///render.wasm\n"),
            "{text}"
        );
    }

    #[test]
    fn requirements_outputs_and_curation_are_shown() {
        let text = rendered(&record(), Some(Curation::Approved(H256::repeat_byte(9))));
        assert!(
            text.contains("curation      approved on the ground of 0x0909"),
            "{text}"
        );
        assert!(text.contains("requirements  TARGET.cpus >= 2\n"), "{text}");
        assert!(text.contains("outputs       tile.ppm\n"), "{text}");
        let plain = AppRecord {
            requirements: Default::default(),
            outputs: Default::default(),
            ..record()
        };
        let text = rendered(&plain, Some(Curation::Revoked { harmful: true }));
        assert!(text.contains("curation      revoked-harmful\n"), "{text}");
        assert!(text.contains("requirements  none\n"), "{text}");
        assert!(text.contains("outputs       every file counts\n"), "{text}");
    }
}
