//! `render`: renders one tile of a scene, inside the sandbox of a worker or by hand.

use ergon_app_kit::arguments::Arguments;
use ergon_app_kit::program::{Failure, read_text, run, write_bytes};
use ergon_app_render::{Scene, render_tile};
use std::process::ExitCode;

const USAGE: &str = "\
render --scene FILE --tile NUMBER [--input DIR] [--output DIR]

Renders tile NUMBER (from 0, row by row) of the scene DIR/FILE and writes DIR/tile.ppm.
The directories are /input and /output unless stated otherwise.";

fn main() -> ExitCode {
    run("render", USAGE, render)
}

fn render() -> Result<ExitCode, Failure> {
    let words = std::env::args().skip(1);
    let arguments = Arguments::read(words, &["scene", "tile", "input", "output"], &[])?;
    let index = arguments.whole("tile")?;
    let scene = Scene::parse(&read_text(
        &arguments.input_file(arguments.required("scene")?),
    )?)?;
    println!(
        "rendering tile {index}; the picture has {} tiles",
        scene.tiles()
    );
    let tile = render_tile(&scene, index)?;
    write_bytes(&arguments.output_file("tile.ppm"), &tile.to_ppm())?;
    println!(
        "wrote tile.ppm, {} x {} pixels",
        tile.width(),
        tile.height()
    );
    Ok(ExitCode::SUCCESS)
}
