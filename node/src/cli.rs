//! What can be typed on the command line.

use crate::{sealing::Sealing, session_keys::SessionKeysCmd};
use sc_cli::RunCmd;

/// Arguments of `ergon-node`. Without a subcommand the node runs.
#[derive(Debug, clap::Parser)]
pub struct Cli {
    /// What to do instead of running.
    #[command(subcommand)]
    pub subcommand: Option<Subcommand>,

    /// Options that all Substrate nodes have.
    #[clap(flatten)]
    pub run: RunCmd,

    /// How blocks are made: aura (validators take turns), dev (when transactions arrive, and once a
    /// second), instant (when transactions arrive) or interval=MS (every MS milliseconds).
    ///
    /// All modes but aura make blocks alone and finalise them at once: they are for tests. The
    /// default is aura, and dev with --dev.
    #[arg(long, value_name = "MODE")]
    pub sealing: Option<Sealing>,
}

impl Cli {
    /// The mode that was asked for, or else the one that fits the other options.
    pub fn sealing(&self) -> Sealing {
        self.sealing
            .unwrap_or_else(|| Sealing::default_for(self.run.shared_params.is_dev()))
    }
}

/// What the program can do instead of running a node.
#[derive(Debug, clap::Subcommand)]
pub enum Subcommand {
    /// Make, look at and store keys.
    #[command(subcommand)]
    Key(sc_cli::KeySubcommand),

    /// Print a validator's session keys and the proof that it holds them.
    SessionKeys(SessionKeysCmd),

    /// Print a chain specification.
    BuildSpec(sc_cli::BuildSpecCmd),

    /// Write a chain specification to a file.
    ExportChainSpec(sc_cli::ExportChainSpecCmd),

    /// Execute a block of the database again.
    CheckBlock(sc_cli::CheckBlockCmd),

    /// Write blocks of the database to a file.
    ExportBlocks(sc_cli::ExportBlocksCmd),

    /// Read blocks from a file into the database.
    ImportBlocks(sc_cli::ImportBlocksCmd),

    /// Remove the newest blocks that are not final.
    Revert(sc_cli::RevertCmd),

    /// Remove the whole chain from the disk.
    PurgeChain(sc_cli::PurgeChainCmd),

    /// Print best and final block of the database.
    ChainInfo(sc_cli::ChainInfoCmd),
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;
    use std::time::Duration;

    fn sealing(arguments: &[&str]) -> Sealing {
        Cli::try_parse_from(arguments)
            .expect("arguments are valid")
            .sealing()
    }

    #[test]
    fn every_subcommand_can_be_typed() {
        let owner = format!("0x{}", "07".repeat(32));
        for line in [
            "key generate",
            &format!("session-keys --owner {owner} --seed //Alice --insert --chain local"),
            "build-spec --chain live",
            "export-chain-spec --chain live --raw",
            "check-block 1 --dev",
            "export-blocks blocks.bin --binary",
            "import-blocks blocks.bin --binary",
            "revert 2",
            "purge-chain -y --dev",
            "chain-info --chain local",
        ] {
            let words = ["ergon-node"].into_iter().chain(line.split(' '));
            let cli = Cli::try_parse_from(words).expect(line);
            assert!(cli.subcommand.is_some(), "{line}");
        }
    }

    #[test]
    fn the_default_is_aura_and_dev_for_development() {
        assert_eq!(sealing(&["ergon-node"]), Sealing::Aura);
        assert_eq!(
            sealing(&["ergon-node", "--chain", "dev", "--alice"]),
            Sealing::Aura
        );
        assert_eq!(sealing(&["ergon-node", "--dev"]), Sealing::Dev);
    }

    #[test]
    fn a_mode_that_is_asked_for_wins() {
        assert_eq!(
            sealing(&["ergon-node", "--dev", "--sealing", "aura"]),
            Sealing::Aura
        );
        assert_eq!(
            sealing(&["ergon-node", "--alice", "--sealing=interval=500"]),
            Sealing::Interval(Duration::from_millis(500)),
        );
    }

    #[test]
    fn an_unknown_mode_is_refused_with_the_allowed_ones() {
        let refusal = Cli::try_parse_from(["ergon-node", "--sealing", "fast"])
            .expect_err("there is no such mode")
            .to_string();
        assert!(refusal.contains("interval=MS"), "{refusal}");
    }
}
