//! `ergon gov tracks`: how referenda are decided.

use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Render},
    span::Span,
    table::Table,
};
use ergon_client::{Share, Track, TrackId, View, primitives::BlockNumber};
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct TracksView {
    governance_day: BlockNumber,
    submission_deposit: Amount,
    tracks: Vec<TrackView>,
}

#[derive(Serialize)]
struct TrackView {
    track: TrackId,
    name: String,
    decided_at_a_time: u32,
    decision_deposit: Amount,
    prepare_period: BlockNumber,
    decision_period: BlockNumber,
    confirm_period: BlockNumber,
    min_enactment_period: BlockNumber,
    /// At the end of the decision.
    approval: String,
    /// At the end of the decision.
    support: String,
}

impl From<&Track> for TrackView {
    fn from(track: &Track) -> Self {
        let end = Share::percent(100);
        Self {
            track: track.id,
            name: track.name.to_string(),
            decided_at_a_time: track.max_deciding,
            decision_deposit: Amount(track.decision_deposit),
            prepare_period: track.prepare_period,
            decision_period: track.decision_period,
            confirm_period: track.confirm_period,
            min_enactment_period: track.min_enactment_period,
            approval: track.min_approval.threshold(end).to_string(),
            support: track.min_support.threshold(end).to_string(),
        }
    }
}

impl Render for TracksView {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new(&[
            ">TRACK",
            "NAME",
            ">DEPOSIT",
            ">PREPARES",
            ">DECIDES IN",
            ">MUST STAND",
            ">ENACTED AFTER",
            ">APPROVAL",
            ">SUPPORT",
        ]);
        for track in &self.tracks {
            table.row([
                track.track.to_string(),
                track.name.clone(),
                track.decision_deposit.to_string(),
                Span(track.prepare_period).to_string(),
                Span(track.decision_period).to_string(),
                Span(track.confirm_period).to_string(),
                Span(track.min_enactment_period).to_string(),
                track.approval.clone(),
                track.support.clone(),
            ]);
        }
        table.write(out, "There are no tracks.")?;
        writeln!(
            out,
            "\nThe thresholds are those at the end of a decision; they fall until then. A referendum \
             costs {} beside the deposit of its decision. A governance day has {} blocks ({}).",
            self.submission_deposit,
            self.governance_day,
            Span(self.governance_day)
        )
    }
}

/// Shows the tracks.
pub(super) async fn show(context: &Context) -> Result<Answer, CliError> {
    let view = context.view().await?;
    Ok(Answer::new(TracksView {
        governance_day: view.governance_day().await?,
        submission_deposit: Amount(view.submission_deposit()?),
        tracks: view.tracks()?.iter().map(TrackView::from).collect(),
    }))
}

/// A track by its number.
pub(super) fn by_id(view: &View, id: TrackId) -> Result<Track, CliError> {
    find(view.tracks()?, &id.to_string())
}

/// A track by its name or number.
pub(super) fn by_name(view: &View, name: &str) -> Result<Track, CliError> {
    find(view.tracks()?, name)
}

fn find(tracks: Vec<Track>, wanted: &str) -> Result<Track, CliError> {
    let name = wanted.replace('-', "_");
    let fits = |track: &Track| track.name.0 == name || track.id.to_string() == wanted;
    tracks
        .into_iter()
        .find(fits)
        .ok_or_else(|| CliError::NotFound {
            what: "track",
            id: wanted.to_owned(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::gov::standing::tests::track;

    #[test]
    fn tracks_are_found_by_name_and_number() {
        for name in ["tribunal", "12"] {
            assert_eq!(find(vec![track()], name).unwrap().id, 12, "{name}");
        }
        let error = find(vec![track()], "pope").unwrap_err();
        assert!(error.to_string().contains("pope"));
    }

    #[test]
    fn a_track_says_what_is_enough_at_the_end() {
        let view = TracksView {
            governance_day: 30,
            submission_deposit: Amount(10_000_000_000_000),
            tracks: vec![(&track()).into()],
        };
        let mut out = Vec::new();
        view.render(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("100 ERG") && text.contains("10 %"), "{text}");
        assert!(text.contains("30 blocks (1 min)"), "{text}");
    }
}
