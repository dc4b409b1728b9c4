//! `render-assemble`: puts the tiles of a scene together to a PNG file.

use std::process::ExitCode;

#[cfg(target_family = "wasm")]
fn main() -> ExitCode {
    eprintln!("render-assemble: this tool runs outside the sandbox; use the native build of it");
    ExitCode::from(ergon_app_kit::program::REFUSED)
}

#[cfg(not(target_family = "wasm"))]
fn main() -> ExitCode {
    ergon_app_kit::program::run("render-assemble", native::USAGE, native::assemble_picture)
}

#[cfg(not(target_family = "wasm"))]
mod native {
    use ergon_app_kit::arguments::Arguments;
    use ergon_app_kit::program::{Failure, read_text, write_bytes};
    use ergon_app_render::{Image, Scene, Tile, assemble, render_whole};
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::process::ExitCode;

    pub const USAGE: &str = "\
render-assemble --scene FILE --tiles DIR --out PICTURE.png
render-assemble --scene FILE --local --out PICTURE.png

Puts DIR/0/tile.ppm, DIR/1/tile.ppm, ... together, or renders the whole scene here.
Exit code 1 if tiles are missing, 2 if something given cannot be used.";

    pub fn assemble_picture() -> Result<ExitCode, Failure> {
        let words = std::env::args().skip(1);
        let arguments = Arguments::read(words, &["scene", "tiles", "out"], &["local"])?;
        let scene = Scene::parse(&read_text(Path::new(arguments.required("scene")?))?)?;
        let out = Path::new(arguments.required("out")?);
        let picture = match (arguments.value("tiles"), arguments.given("local")) {
            (None, true) => render_whole(&scene),
            (Some(tiles), false) => {
                let files = tile_files(&scene, Path::new(tiles));
                if let Some(sentence) = missing(&files) {
                    eprintln!("render-assemble: {sentence}");
                    return Ok(ExitCode::FAILURE);
                }
                assemble(&scene, &read_tiles(&files)?)?
            }
            _ => return Err("give either '--tiles DIR' or '--local'".into()),
        };
        write_bytes(out, &encode(&picture)?)?;
        println!(
            "wrote {}, {} x {} pixels",
            out.display(),
            picture.width(),
            picture.height()
        );
        Ok(ExitCode::SUCCESS)
    }

    fn tile_files(scene: &Scene, tiles: &Path) -> Vec<PathBuf> {
        (0..scene.tiles())
            .map(|index| tiles.join(index.to_string()).join("tile.ppm"))
            .collect()
    }

    /// Says which tiles are not there, if any.
    fn missing(files: &[PathBuf]) -> Option<String> {
        let numbered = files.iter().enumerate().filter(|(_, file)| !file.is_file());
        let indices: Vec<String> = numbered.map(|(index, _)| index.to_string()).collect();
        (!indices.is_empty()).then(|| {
            format!(
                "{} of {} tiles are missing: {}; fetch their results and try again",
                indices.len(),
                files.len(),
                indices.join(", ")
            )
        })
    }

    fn read_tiles(files: &[PathBuf]) -> Result<Vec<Tile>, Failure> {
        files.iter().map(|file| read_tile(file)).collect()
    }

    fn read_tile(file: &Path) -> Result<Tile, Failure> {
        let bytes =
            fs::read(file).map_err(|error| format!("cannot read '{}': {error}", file.display()))?;
        Tile::from_ppm(&bytes).map_err(|error| {
            format!(
                "'{}' is no tile: {error}; fetch its result again",
                file.display()
            )
            .into()
        })
    }

    fn encode(picture: &Image) -> Result<Vec<u8>, Failure> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, picture.width(), picture.height());
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(picture.pixels())?;
        writer.finish()?;
        Ok(file)
    }
}
