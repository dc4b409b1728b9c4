//! What happens for what was typed.

use crate::{
    chain_spec,
    cli::{Cli, Subcommand},
    genesis,
    sealing::Sealing,
    service::{self, Block, FullBackend, FullClient, Partial},
};
use sc_cli::{
    CheckBlockCmd, Error, ExportBlocksCmd, ImportBlocksCmd, Result, RevertCmd, SubstrateCli,
};
use sc_network::{Litep2pNetworkBackend, NetworkWorker, config::NetworkBackendType};
use sc_service::{ChainSpec, Configuration, Error as ServiceError, PartialComponents, TaskManager};
use sp_runtime::traits::NumberFor;
use std::{path::Path, process::ExitCode, sync::Arc};

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "Ergon Node".into()
    }

    fn impl_version() -> String {
        env!("SUBSTRATE_CLI_IMPL_VERSION").into()
    }

    fn description() -> String {
        env!("CARGO_PKG_DESCRIPTION").into()
    }

    fn author() -> String {
        env!("CARGO_PKG_AUTHORS").into()
    }

    fn support_url() -> String {
        "the issue tracker of the Ergon project".into()
    }

    fn copyright_start_year() -> i32 {
        2026
    }

    fn load_spec(&self, id: &str) -> std::result::Result<Box<dyn ChainSpec>, String> {
        Ok(Box::new(chain_spec::load(id)?))
    }
}

/// Does what was typed. Errors go to the standard error output, as text.
pub fn main() -> ExitCode {
    match run(&Cli::from_args()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<()> {
    match &cli.subcommand {
        None => run_node(cli),
        Some(Subcommand::Key(command)) => command.run(cli),
        Some(Subcommand::SessionKeys(command)) => command.run(cli),
        Some(Subcommand::BuildSpec(command)) => cli
            .create_runner(command)?
            .sync_run(|config| command.run(config.chain_spec, config.network)),
        Some(Subcommand::ExportChainSpec(command)) => command.run(cli.load_spec(&command.chain)?),
        Some(Subcommand::CheckBlock(command)) => check_block(cli, command),
        Some(Subcommand::ExportBlocks(command)) => export_blocks(cli, command),
        Some(Subcommand::ImportBlocks(command)) => import_blocks(cli, command),
        Some(Subcommand::Revert(command)) => revert(cli, command),
        Some(Subcommand::PurgeChain(command)) => cli
            .create_runner(command)?
            .sync_run(|config| command.run(config.database)),
        Some(Subcommand::ChainInfo(command)) => cli
            .create_runner(command)?
            .sync_run(|config| command.run::<Block>(&config)),
    }
}

fn run_node(cli: &Cli) -> Result<()> {
    let sealing = cli.sealing();
    cli.create_runner(&cli.run)?
        .run_node_until_exit(|config| async move { start_node(config, sealing) })
}

fn start_node(mut config: Configuration, sealing: Sealing) -> Result<TaskManager> {
    sealing.check_role(&config.role)?;
    sealing.check_chain(&config.chain_spec.chain_type())?;
    genesis::prepare(&mut config).map_err(application)?;
    log::info!("Sealing mode: {sealing}");
    let data = config.data_path.clone();
    let started = match config.network.network_backend {
        NetworkBackendType::Litep2p => service::new_full::<Litep2pNetworkBackend>(config, sealing),
        NetworkBackendType::Libp2p => service::new_full::<NetworkWorker<_, _>>(config, sealing),
    };
    started.map_err(|error| explain(error, &data))
}

fn check_block(cli: &Cli, command: &CheckBlockCmd) -> Result<()> {
    let sealing = Sealing::default_for(command.shared_params.is_dev());
    cli.create_runner(command)?.async_run(|mut config| {
        let PartialComponents {
            client,
            import_queue,
            task_manager,
            ..
        } = open(&mut config, sealing)?;
        Ok((command.run(client, import_queue), task_manager))
    })
}

fn export_blocks(cli: &Cli, command: &ExportBlocksCmd) -> Result<()> {
    let sealing = Sealing::default_for(command.shared_params.is_dev());
    cli.create_runner(command)?.async_run(|mut config| {
        let PartialComponents {
            client,
            task_manager,
            ..
        } = open(&mut config, sealing)?;
        Ok((command.run(client, config.database), task_manager))
    })
}

fn import_blocks(cli: &Cli, command: &ImportBlocksCmd) -> Result<()> {
    let sealing = Sealing::default_for(command.shared_params.is_dev());
    cli.create_runner(command)?.async_run(|mut config| {
        let PartialComponents {
            client,
            import_queue,
            task_manager,
            ..
        } = open(&mut config, sealing)?;
        Ok((command.run(client, import_queue), task_manager))
    })
}

/// Makes voters forget what they remember of reverted blocks.
type RevertVotes =
    Box<dyn FnOnce(Arc<FullClient>, Arc<FullBackend>, NumberFor<Block>) -> Result<()>>;

fn revert(cli: &Cli, command: &RevertCmd) -> Result<()> {
    let sealing = Sealing::default_for(command.shared_params.is_dev());
    cli.create_runner(command)?.async_run(|mut config| {
        let PartialComponents {
            client,
            backend,
            task_manager,
            ..
        } = open(&mut config, sealing)?;
        let revert_votes: RevertVotes = Box::new(|client, _, blocks| {
            Ok(sc_consensus_grandpa::revert::<Block, FullClient>(
                client, blocks,
            )?)
        });
        Ok((
            command.run::<Block, _, _>(client, backend, Some(revert_votes)),
            task_manager,
        ))
    })
}

/// Opens the chain without joining its network.
fn open(config: &mut Configuration, sealing: Sealing) -> Result<Partial> {
    genesis::prepare(config).map_err(application)?;
    service::new_partial(config, sealing).map_err(|error| explain(error, &config.data_path))
}

/// What the database says when another process has it open.
const IN_USE: &str = "Database file is in use";

/// Says what to do when another process uses this node's data; other errors stay as they are.
fn explain(error: ServiceError, data: &Path) -> Error {
    if !error.to_string().contains(IN_USE) {
        return error.into();
    }
    let advice = format!(
        "another process uses the database in {}, probably a node that is still running. Stop it, or \
         give this one another --base-path.",
        data.display()
    );
    Error::Application(advice.into())
}

/// An error whose text is shown as it is.
fn application(error: genesis::Error) -> Error {
    Error::Application(Box::new(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_in_use_is_explained_and_other_errors_are_not_touched() {
        let told = |text: &str| {
            let error = ServiceError::Other(text.into());
            explain(error, Path::new("/data/chains/dev")).to_string()
        };
        let in_use = told("Backend error: Database file is in use. (os error 11)");
        assert!(in_use.contains("/data/chains/dev"), "{in_use}");
        assert!(in_use.contains("--base-path"), "{in_use}");
        assert_eq!(told("disk on fire"), "Other: disk on fire");
    }
}
