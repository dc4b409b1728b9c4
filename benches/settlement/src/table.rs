//! The figures as Markdown.

use crate::{
    clock::Times,
    measure::Row,
    profile::Profile,
    references::{reference, target},
    setting::Setting,
};
use ergon_primitives::ERG;
use std::time::Duration;

/// Prints a table: a line of headings, then the lines.
fn print(headings: &[&str], lines: impl Iterator<Item = Vec<String>>) {
    println!("\n| {} |", headings.join(" | "));
    println!("|{}", "---|".repeat(headings.len()));
    for line in lines {
        println!("| {} |", line.join(" | "));
    }
}

/// What a row is about: tasks per deal, scheme, calls.
fn subject(setting: &Setting) -> Vec<String> {
    vec![
        setting.bag.to_string(),
        setting.scheme.to_string(),
        setting.calls.to_string(),
    ]
}

fn per_second(tasks: u32, time: Duration) -> f64 {
    f64::from(tasks) / time.as_secs_f64()
}

fn microseconds(time: Duration, count: f64) -> String {
    format!("{:.1}", time.as_secs_f64() * 1e6 / count)
}

fn rates(tasks: u32, times: Times) -> [String; 2] {
    [times.cpu, times.wall].map(|time| format!("{:.0}", per_second(tasks, time)))
}

/// How fast blocks are made and imported.
pub fn print_speed(rows: &[Row]) {
    println!("\n### Speed");
    let headings = [
        "tasks per deal",
        "scheme",
        "calls",
        "tasks",
        "transactions",
        "blocks",
        "authored per CPU-s",
        "authored per s",
        "imported per CPU-s",
        "imported per s",
        "µs of import per task",
        "µs of import per transaction",
        "µs of authoring per transaction",
        "fees paid by workers, ERG",
    ];
    print(&headings, rows.iter().map(speed));
    println!(
        "\nTasks settled per second of CPU time (all threads, closing of the database included) and of \
         wall time. Microseconds are of CPU time. Authoring: building blocks, every signature \
         checked, and storing them. Import: executing the same blocks in another chain through the \
         WebAssembly runtime, every signature checked, and storing them, final, in ParityDB. Neither \
         has anything in its caches at the beginning. Not measured: signing, pool, network, block \
         signatures, registering, bonding, matching."
    );
}

fn speed(row: &Row) -> Vec<String> {
    let tasks = row.setting.tasks();
    let (transactions, import) = (row.transactions as f64, row.import.cpu);
    let mut line = subject(&row.setting);
    line.extend([tasks.to_string(), row.transactions.to_string()]);
    line.push(row.blocks.to_string());
    line.extend(rates(tasks, row.authoring));
    line.extend(rates(tasks, row.import));
    line.push(microseconds(import, tasks.into()));
    line.push(microseconds(import, transactions));
    line.push(microseconds(row.authoring.cpu, transactions));
    line.push(format!("{:.6}", row.fees as f64 / ERG as f64));
    line
}

/// The figures beside those of the reference.
pub fn print_comparison(rows: &[Row]) {
    println!("\n### Beside the reference");
    let headings = [
        "tasks per deal",
        "scheme",
        "calls",
        "reference per CPU-s",
        "imported per CPU-s",
        "ratio",
        "target per CPU-s",
        "reached",
    ];
    print(&headings, rows.iter().map(comparison));
    println!(
        "\nReference: iExec PoCo 6.2 on anvil 1.7, tasks settled per CPU-second, single calls, signatures \
         checked, all state in memory; in a bag of 200, or with a deal per task. Measured once on a \
         machine with two cores. Rows of other bags stand beside the figure for 200."
    );
}

fn comparison(row: &Row) -> Vec<String> {
    let here = per_second(row.setting.tasks(), row.import.cpu);
    let (reference, target) = (reference(&row.setting), target(&row.setting));
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".into());
    let whole = |figure: Option<f64>| or_dash(figure.map(|figure| format!("{figure:.0}")));
    let is_reached = |target: f64| if here >= target { "yes" } else { "no" };
    let mut line = subject(&row.setting);
    line.push(whole(reference));
    line.push(format!("{here:.0}"));
    line.push(or_dash(
        reference.map(|reference| format!("{:.2}", here / reference)),
    ));
    line.push(whole(target));
    line.push(or_dash(target.map(|target| is_reached(target).into())));
    line
}

/// Bytes of state.
pub fn print_state(rows: &[Row]) {
    if rows.iter().all(|row| row.bytes.is_none()) {
        return;
    }
    println!("\n### Bytes of state");
    let headings = [
        "tasks per deal",
        "scheme",
        "tasks",
        "per open task",
        "per settled task",
        "per retired task",
        "left in all",
        "of it scores and price history",
    ];
    print(&headings, rows.iter().filter_map(state));
    println!(
        "\nKeys and values of the pallets Registry, Market, Escrow, WorkerStaking, Poco, Reputation and \
         Balances, less what was there before the deals were matched. Open: matched, without votes. \
         Retired: after the retention period, when neither deals nor used-up orders are on record."
    );
}

fn state(row: &Row) -> Option<Vec<String>> {
    let bytes = row.bytes?;
    let tasks = row.setting.tasks();
    let per_task = |bytes: i64| format!("{:.1}", bytes as f64 / f64::from(tasks));
    let unknown = || "not forgotten in time".to_owned();
    Some(vec![
        row.setting.bag.to_string(),
        row.setting.scheme.to_string(),
        tasks.to_string(),
        per_task(bytes.open),
        per_task(bytes.settled),
        bytes.retired.map_or_else(unknown, per_task),
        bytes.retired.map_or_else(unknown, |left| left.to_string()),
        bytes.kept.to_string(),
    ])
}

/// Where the time goes.
pub fn print_profile(profile: &Profile) {
    println!(
        "\n### Where the time of an import goes: {}",
        profile.setting
    );
    let tasks = f64::from(profile.setting.tasks());
    let share = |time: Duration| {
        let share = time.as_secs_f64() / profile.disk.as_secs_f64();
        format!("{:.1} %", share * 100.0)
    };
    let line = |(what, time, how): (&str, Duration, String)| {
        vec![what.to_owned(), microseconds(time, tasks), share(time), how]
    };
    let headings = ["part", "µs of CPU per task", "share", "how it was measured"];
    print(&headings, parts(profile).into_iter().map(line));
    println!(
        "\nParts are measured one by one, so that a difference can be off by the noise of both; one that \
         would be negative shows as 0."
    );
}

fn parts(profile: &Profile) -> [(&'static str, Duration, String); 6] {
    let Profile {
        disk,
        memory,
        execution,
        trie,
        signatures,
        signature_count,
        ..
    } = *profile;
    let rest = execution.saturating_sub(signatures + trie);
    let how = |text: &str| text.to_owned();
    [
        (
            "signatures",
            signatures,
            format!("{signature_count} checked natively, as the host does; each once"),
        ),
        (
            "WebAssembly",
            rest,
            how(
                "executing the blocks in memory, less signatures and root; with reads of the state and \
                 with signatures that are checked a second time",
            ),
        ),
        (
            "trie",
            trie,
            how("root of the state from the same changes, natively, caches warm"),
        ),
        (
            "storing",
            memory.saturating_sub(execution),
            how("import with the database in memory, less execution"),
        ),
        (
            "database",
            disk.saturating_sub(memory),
            how("import with ParityDB, less import in memory"),
        ),
        ("import", disk, how("everything, with ParityDB")),
    ]
}
