//! `ergon gov list`: referenda, the newest first.

use super::{
    show::{call_words, chain, explain},
    standing::{Chain, Standing},
    tracks,
};
use crate::{
    CliError, Context,
    answer::{Answer, Render},
    table::Table,
};
use ergon_client::{Ongoing, Referendum, ReferendumIndex, View, primitives::BlockNumber};
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct ListView {
    referenda: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    referendum: ReferendumIndex,
    status: &'static str,
    track: Option<String>,
    approval: Option<String>,
    support: Option<String>,
    ends: Option<BlockNumber>,
    call: Option<String>,
}

impl Render for ListView {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new(&[
            ">ID",
            "STATUS",
            "TRACK",
            ">APPROVAL",
            ">SUPPORT",
            ">UNTIL BLOCK",
            "CALL",
        ]);
        for line in &self.referenda {
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            table.row([
                line.referendum.to_string(),
                line.status.into(),
                text(&line.track),
                text(&line.approval),
                text(&line.support),
                line.ends.map(|block| block.to_string()).unwrap_or_default(),
                text(&line.call),
            ]);
        }
        table.write(
            out,
            "There are no referenda; `ergon gov propose` begins one, `--all` shows those that ended.",
        )
    }
}

/// Lists referenda; those that have ended only when asked for.
pub(super) async fn list(context: &Context, all: bool) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let chain = chain(&view).await?;
    let mut referenda = Vec::new();
    for (index, referendum) in view.referenda().await? {
        let line = match &referendum {
            Referendum::Ongoing(ongoing) => ongoing_line(&view, index, ongoing, chain).await?,
            _ if !all => continue,
            Referendum::Approved(_) => ended_line(index, "approved"),
            Referendum::Rejected(_) => ended_line(index, "rejected"),
            Referendum::Cancelled(_) => ended_line(index, "cancelled"),
            Referendum::TimedOut(_) => ended_line(index, "timed-out"),
            Referendum::Killed(_) => ended_line(index, "killed"),
        };
        referenda.push(line);
    }
    Ok(Answer::new(ListView { referenda }))
}

async fn ongoing_line(
    view: &View,
    index: ReferendumIndex,
    referendum: &Ongoing,
    chain: Chain,
) -> Result<Line, CliError> {
    let track = tracks::by_id(view, referendum.track)?;
    let standing = Standing::of(referendum, &track, chain);
    let (status, ends, _) = explain(standing.progress, index, chain.now);
    Ok(Line {
        referendum: index,
        status,
        track: Some(track.name.to_string()),
        approval: Some(standing.approval.reached.to_string()),
        support: Some(standing.support.reached.to_string()),
        ends,
        call: Some(call_words(view, &referendum.proposal).await?),
    })
}

fn ended_line(index: ReferendumIndex, status: &'static str) -> Line {
    Line {
        referendum: index,
        status,
        track: None,
        approval: None,
        support: None,
        ends: None,
        call: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(referenda: Vec<Line>) -> String {
        let mut out = Vec::new();
        ListView { referenda }.render(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn ended_referenda_have_a_line_of_their_own() {
        let text = text(vec![ended_line(3, "rejected")]);
        assert!(text.ends_with("3  rejected\n"), "{text}");
    }

    #[test]
    fn an_empty_list_says_how_to_begin() {
        assert!(text(Vec::new()).contains("ergon gov propose"));
    }
}
