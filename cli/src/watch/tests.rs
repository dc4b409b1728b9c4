use super::*;
use crate::{console::Console, watch::fixtures::deal};
use ergon_client::primitives::FaultKind;
use sp_core::H256;

fn settled(outcome: Outcome, locator: &str) -> Task {
    let locator = locator.as_bytes().to_vec().try_into().unwrap();
    Task {
        status: TaskStatus::Settled {
            outcome,
            locator,
            at: 7,
        },
        ..Task::default()
    }
}

fn failed() -> Task {
    Task {
        status: TaskStatus::Failed { at: 7 },
        ..Task::default()
    }
}

fn console() -> Console {
    Console::new(Box::new(io::sink()), Box::new(io::empty()), false, true)
}

fn follower<'a>(deal: &'a Deal, out: Option<&'a Path>) -> Follower<'a> {
    Follower {
        deal,
        out,
        output_limit: 1_000,
        ended: BTreeMap::new(),
        reports: BTreeMap::new(),
        attempts: BTreeMap::new(),
    }
}

#[tokio::test]
async fn a_deal_is_done_when_every_task_has_ended() {
    let (deal, console) = (deal(3), console());
    let meter = Meter::new(&console, 3);
    let mut follower = follower(&deal, None);
    let fault = settled(Outcome::AppFault(FaultKind::Trap), "");
    let good = settled(Outcome::Success(H256::zero()), "");
    assert_eq!(follower.open(), [0, 1, 2]);
    let tasks = vec![Some(good), Some(fault), Some(Task::default())];
    assert_eq!(follower.sort_out(vec![0, 1, 2], tasks), [Task::default()]);
    follower.take(Some(DealStatus::Open), &meter).await;
    assert!(!follower.is_done());
    assert_eq!(follower.open(), [2], "nothing else is asked for again");
    follower.sort_out(vec![2], vec![Some(failed())]);
    follower.take(Some(DealStatus::Ended(7)), &meter).await;
    assert!(follower.is_done());
    let exits: Vec<_> = follower
        .reports
        .values()
        .map(|report| report.exit.code())
        .collect();
    assert_eq!(exits, [0, 8, 8]);
}

#[tokio::test]
async fn a_result_that_is_gone_is_final() {
    let folder = tempfile::tempdir().unwrap();
    let (deal, console) = (deal(1), console());
    let meter = Meter::new(&console, 1);
    let mut follower = follower(&deal, Some(folder.path()));
    let task = settled(Outcome::Success(H256::zero()), "file:///nowhere/0.bundle");
    follower.sort_out(vec![0], vec![Some(task)]);
    follower.take(Some(DealStatus::Ended(7)), &meter).await;
    let report = &follower.reports[&0];
    assert_eq!(
        (report.status, report.exit),
        ("settled", ExitStatus::TaskFailed)
    );
    assert!(report.error.as_ref().unwrap().contains("/nowhere/0.bundle"));
}

#[tokio::test]
async fn forgotten_tasks_are_reported() {
    let (deal, console) = (deal(2), console());
    let meter = Meter::new(&console, 2);
    let mut follower = follower(&deal, None);
    follower.sort_out(vec![0, 1], vec![None, Some(failed())]);
    follower.take(None, &meter).await;
    let statuses: Vec<_> = follower
        .reports
        .values()
        .map(|report| report.status)
        .collect();
    assert_eq!(statuses, ["pruned", "failed"]);
}

fn report() -> DealReport {
    let good = ended(0, &settled(Outcome::Success(H256::zero()), "")).unwrap();
    let good = TaskReport {
        files: vec!["/out/0/tile.ppm".into()],
        ..good
    };
    let tasks = vec![good, ended(1, &failed()).unwrap()];
    DealReport {
        deal: Hex::default(),
        tasks,
        out: Some("/out".into()),
    }
}

#[test]
fn a_report_is_a_table_with_a_summary() {
    let mut out = Vec::new();
    report().render(&mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(
        text.starts_with("TASK  STATUS   OUTCOME  FILES  REMARK\n"),
        "{text}"
    );
    assert!(text.contains("   0  settled  success      1\n"), "{text}");
    assert!(
        text.contains("   1  failed   -            0  the workers came to no"),
        "{text}"
    );
    assert!(
        text.ends_with("1 of 2 tasks succeeded; verified outputs are in /out.\n"),
        "{text}"
    );
}

#[test]
fn a_report_in_json_has_the_fields_that_programs_read() {
    let json = serde_json::to_value(report()).unwrap();
    assert_eq!(json["tasks"][0]["index"], 0);
    assert_eq!(json["tasks"][0]["status"], "settled");
    assert_eq!(json["tasks"][0]["outcome"], "success");
    assert_eq!(json["tasks"][0]["files"][0], "/out/0/tile.ppm");
    assert_eq!(json["tasks"][1]["status"], "failed");
    assert_eq!(json["out"], "/out");
}

#[test]
fn the_worst_task_decides_the_exit_status() {
    assert_eq!(report().status(), ExitStatus::TaskFailed);
    let mut forged = report();
    forged.tasks[0] = without_files(forged.tasks[0].clone(), &CliError::NotGenuine("no".into()));
    assert_eq!(forged.status(), ExitStatus::VerificationFailed);
    let none = DealReport {
        tasks: Vec::new(),
        ..report()
    };
    assert_eq!(none.status(), ExitStatus::Success);
}

#[test]
fn the_way_on_is_a_command() {
    let id = DealId(H256::repeat_byte(1));
    assert_eq!(resume_command(id, None), format!("ergon deal watch {id}"));
    let command = resume_command(id, Some(Path::new("/out")));
    assert_eq!(command, format!("ergon deal watch {id} --out /out"));
}
