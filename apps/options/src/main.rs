//! `options`: prices one row of a sweep, inside the sandbox of a worker or by hand.

use ergon_app_kit::arguments::Arguments;
use ergon_app_kit::program::{Failure, read_text, run, write_bytes};
use ergon_app_options::closed_form::black_scholes;
use ergon_app_options::{Contract, Estimate, Sweep, price};
use std::process::ExitCode;

const USAGE: &str = "\
options --sweep FILE --row NUMBER [--input DIR] [--output DIR]

Prices row NUMBER (from 0, below the header) of the sweep DIR/FILE and writes DIR/price.csv.
The directories are /input and /output unless stated otherwise.";

fn main() -> ExitCode {
    run("options", USAGE, price_row)
}

fn price_row() -> Result<ExitCode, Failure> {
    let words = std::env::args().skip(1);
    let arguments = Arguments::read(words, &["sweep", "row", "input", "output"], &[])?;
    let index: u32 = arguments.whole("row")?;
    let text = read_text(&arguments.input_file(arguments.required("sweep")?))?;
    let sweep = Sweep::parse(&text)?;
    let contract = sweep.row(index as usize)?;
    println!(
        "pricing row {index}, a {}, with {} paths",
        contract.kind, contract.paths
    );
    let estimate = price(&contract, u64::from(index));
    write_bytes(
        &arguments.output_file("price.csv"),
        table(index, &contract, &estimate).as_bytes(),
    )?;
    println!(
        "price {:.6} +- {:.6}",
        estimate.price, estimate.standard_error
    );
    if let Some(exact) = black_scholes(&contract) {
        println!("closed form {:.6}", exact.price);
    }
    Ok(ExitCode::SUCCESS)
}

/// The result file. The exact decimal form of each number is part of the result's hash.
fn table(index: u32, contract: &Contract, estimate: &Estimate) -> String {
    format!(
        "row,kind,price,standard_error,delta,delta_standard_error\n\
         {index},{},{:.10},{:.10},{:.10},{:.10}\n",
        contract.kind,
        estimate.price,
        estimate.standard_error,
        estimate.delta,
        estimate.delta_standard_error
    )
}
