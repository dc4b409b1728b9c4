//! The client against a real node: order, gaps, restarts, refusals.

use anyhow::{Context, Result, ensure};
use ergon_client::{
    At, BlockItem, Client, ClientError, Keypair, TransactionError, TransactionQueue, Wait, calls,
    primitives::{AppId, ERG},
};
use ergon_tests::processes::{Node, free_port};
use futures::future::try_join_all;
use sp_core::H256;
use std::time::Duration;

async fn queue(node: &Node, key: &str) -> Result<TransactionQueue> {
    Ok(TransactionQueue::new(
        node.client().await?,
        Keypair::from_suri(key)?,
    ))
}

#[tokio::test(flavor = "multi_thread")]
async fn one_queue_sends_many_transactions_in_order() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let node = Node::start(folder.path()).await?;
    let alice = queue(&node, "//Alice").await?;
    let receiver = Keypair::from_suri("//a new account")?.account();
    let transfers = (0..20).map(|_| {
        alice.submit(
            calls::balances::transfer_keep_alive(&receiver, ERG),
            Wait::Finalised,
        )
    });
    let receipts = try_join_all(transfers).await?;
    ensure!(receipts.iter().all(|receipt| receipt.fee > 0));
    let view = alice.client().at(At::Finalised).await?;
    ensure!(view.account(&receiver).await?.free == 20 * ERG);
    ensure!(view.account(alice.account()).await?.nonce == 20);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_say_which_pallet_and_why() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let node = Node::start(folder.path()).await?;
    let alice = queue(&node, "//Alice").await?;
    let unknown = calls::registry::remove_app(AppId(H256::repeat_byte(7)));
    match alice.submit(unknown.clone(), Wait::InBlock).await {
        Err(TransactionError::Refused {
            pallet,
            error,
            documentation,
            ..
        }) => {
            ensure!((pallet.as_str(), error.as_str()) == ("Registry", "NoSuchApp"));
            ensure!(!documentation.is_empty());
        }
        other => anyhow::bail!("{other:?}"),
    }
    let poor = queue(&node, "//nobody gave me anything").await?;
    let refused = poor.submit(unknown, Wait::InBlock).await;
    ensure!(
        matches!(refused, Err(TransactionError::CannotPay { .. })),
        "{refused:?}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn unreachable_node_is_said_so() -> Result<()> {
    let url = format!("ws://127.0.0.1:{}", free_port()?);
    let error = Client::connect(&url)
        .await
        .err()
        .context("nobody listens there")?;
    ensure!(
        matches!(error, ClientError::NodeUnreachable { .. }),
        "{error:?}"
    );
    ensure!(error.to_string().contains(&url), "{error}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn another_chain_is_refused() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let node = Node::start(folder.path()).await?;
    let client = node.client().await?;
    client.expect_genesis(client.genesis())?;
    let error = client
        .expect_genesis(H256::repeat_byte(1))
        .err()
        .context("another genesis")?;
    ensure!(matches!(error, ClientError::OtherChain { .. }), "{error:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn finalised_blocks_have_no_gaps_across_a_restart_of_the_node() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut node = Node::start(folder.path()).await?;
    let client = node.client().await?;
    let mut blocks = client.finalised_blocks(Some(1));
    let mut next = 1;
    let mut take = async |count: u32| -> Result<u32> {
        for _ in 0..count {
            let item = tokio::time::timeout(Duration::from_secs(60), blocks.next()).await?;
            match item.context("the stream goes on")?? {
                BlockItem::Block(block) => {
                    ensure!(block.number == next, "{} is not {next}", block.number)
                }
                pruned => anyhow::bail!("{pruned:?}"),
            }
            next += 1;
        }
        Ok(next)
    };
    take(3).await?;
    node.kill_and_restart().await?;
    let next = take(5).await?;
    ensure!(next == 9);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn transaction_sent_while_the_node_is_down_lands_once() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut node = Node::start(folder.path()).await?;
    let alice = queue(&node, "//Alice").await?;
    let receiver = Keypair::from_suri("//another new account")?.account();
    let transfer = || calls::balances::transfer_keep_alive(&receiver, ERG);
    alice.submit(transfer(), Wait::Finalised).await?;

    node.process.kill()?;
    let pending = alice.submit(transfer(), Wait::Finalised);
    let restart = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        node.start_again().await
    };
    let (receipt, restarted) = tokio::join!(pending, restart);
    restarted?;
    receipt?;
    let free = alice
        .client()
        .at(At::Finalised)
        .await?
        .account(&receiver)
        .await?
        .free;
    ensure!(free == 2 * ERG, "the receiver has {free}");
    Ok(())
}
