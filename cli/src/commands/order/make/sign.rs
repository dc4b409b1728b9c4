//! `ergon order sign`, `text` and `attach`: signatures made away from the chain.

use super::{request::ensure_requester, signed, written};
use crate::{
    CliError, Context,
    answer::{Answer, Render},
    order_file::{OrderFile, SignatureScheme, signature},
    text::{Address, Hex},
};
use clap::Args;
use ergon_client::primitives::{AccountId, Order as AnyOrder};
use serde::Serialize;
use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

/// A signature that a wallet made.
#[derive(Args, Clone, PartialEq, Eq, Debug)]
pub struct AttachArgs {
    /// The order file.
    file: PathBuf,
    /// How the wallet signed.
    #[arg(long, value_name = "NAME", value_enum)]
    scheme: SignatureScheme,
    /// The signature: 0x and hexadecimal digits.
    #[arg(long, value_name = "HEX")]
    signature: String,
    /// Whose signature it must be: an offer does not name its owner, a request does.
    #[arg(long, value_name = "ACCOUNT")]
    owner: Option<String>,
    /// Where to put the signed order; without it, standard output.
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// What a wallet has to sign.
#[derive(Serialize)]
struct SigningText {
    order: Hex,
    text: String,
    signer: Option<Address>,
}

impl Render for SigningText {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.text)
    }
}

/// `ergon order sign`.
pub(in crate::commands::order) fn sign(
    context: &Context,
    path: &Path,
    out: Option<PathBuf>,
) -> Result<Answer, CliError> {
    let file = OrderFile::read(path)?;
    if let AnyOrder::Request(order) = &file.order {
        ensure_requester(order, &context.own_account()?)?;
    }
    signed(context, file, out)
}

/// `ergon order text`.
pub(in crate::commands::order) fn text(path: &Path) -> Result<Answer, CliError> {
    let file = OrderFile::read(path)?;
    Ok(Answer::new(SigningText {
        order: file.id().into(),
        text: file.text(),
        signer: named_owner(&file).map(Address),
    }))
}

/// `ergon order attach`.
pub(in crate::commands::order) fn attach(
    context: &Context,
    args: AttachArgs,
) -> Result<Answer, CliError> {
    let mut file = OrderFile::read(&args.file)?;
    let given = args.owner.as_deref().map(|text| context.account(text));
    let given = given.transpose()?;
    if let (AnyOrder::Request(order), Some(owner)) = (&file.order, &given) {
        ensure_requester(order, owner)?;
    }
    let wrong = |reason| CliError::Usage(format!("this is no signature: {reason}"));
    file.signature = Some(signature(args.scheme, &args.signature).map_err(wrong)?);
    let owner = given.or_else(|| named_owner(&file));
    match &owner {
        Some(owner) => ensure_signed(&file, owner)?,
        None => context.console.note(
            "The signature was not checked: an offer does not say who owns it. `--owner ACCOUNT` \
             or `ergon order verify FILE` checks it.",
        ),
    }
    written(file, owner, args.out)
}

/// Who must sign, if the order itself says so.
fn named_owner(file: &OrderFile) -> Option<AccountId> {
    match &file.order {
        AnyOrder::Request(order) => Some(order.requester.clone()),
        AnyOrder::App(_) | AnyOrder::Dataset(_) | AnyOrder::Pool(_) => None,
    }
}

fn ensure_signed(file: &OrderFile, owner: &AccountId) -> Result<(), CliError> {
    if file.is_signed_by(owner) {
        return Ok(());
    }
    let owner = Address::from(owner);
    Err(CliError::NotGenuine(format!(
        "the signature is not one of {owner} over the text of this order: check the account, the \
         scheme, and that the wallet signed exactly what `ergon order text` prints"
    )))
}
