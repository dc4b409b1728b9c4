//! From a scene to tiles, and from tiles to the picture.

use crate::image::{Image, Tile};
use crate::scene::{Scene, TileArea};
use crate::trace::pixel;
use std::fmt;

/// A tile was asked for that the scene does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchTile {
    /// The tile that was asked for.
    pub index: u32,
    /// How many tiles there are.
    pub tiles: u32,
}

impl fmt::Display for NoSuchTile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { index, tiles } = self;
        write!(
            formatter,
            "tile {index} is outside the picture, which has {tiles} tiles; \
             ask for one of 0 to {}",
            tiles.saturating_sub(1)
        )
    }
}

impl std::error::Error for NoSuchTile {}

/// Tiles that do not make the scene's picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssembleError {
    /// There are more or fewer tiles than the scene has.
    WrongCount {
        /// How many tiles the scene has.
        expected: u32,
        /// How many there are.
        found: usize,
    },
    /// A tile does not have the size of its place.
    WrongSize {
        /// Which tile.
        index: u32,
        /// The size of its place, width and height in pixels.
        expected: (u32, u32),
        /// The size it has, width and height in pixels.
        found: (u32, u32),
    },
}

impl fmt::Display for AssembleError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongCount { expected, found } => write!(
                formatter,
                "the scene has {expected} tiles, but {found} were given; give each tile once"
            ),
            Self::WrongSize {
                index,
                expected,
                found,
            } => write!(
                formatter,
                "tile {index} is {} x {} pixels, but its place is {} x {}; \
                 render it again with this scene",
                found.0, found.1, expected.0, expected.1
            ),
        }
    }
}

impl std::error::Error for AssembleError {}

/// Renders one tile; tiles are numbered from 0, row by row.
pub fn render_tile(scene: &Scene, index: u32) -> Result<Tile, NoSuchTile> {
    let area = scene.tile_area(index).ok_or(NoSuchTile {
        index,
        tiles: scene.tiles(),
    })?;
    Ok(render_area(scene, area))
}

/// Renders the whole picture without cutting it into tiles.
pub fn render_whole(scene: &Scene) -> Image {
    render_area(
        scene,
        TileArea {
            x: 0,
            y: 0,
            width: scene.width(),
            height: scene.height(),
        },
    )
}

fn render_area(scene: &Scene, area: TileArea) -> Image {
    let mut image = Image::black(area.width, area.height);
    for y in 0..area.height {
        for x in 0..area.width {
            image.set(x, y, pixel(scene, area.x + x, area.y + y));
        }
    }
    image
}

/// Puts all tiles of a scene, in the order of their numbers, together to the picture.
pub fn assemble(scene: &Scene, tiles: &[Tile]) -> Result<Image, AssembleError> {
    let expected = scene.tiles();
    if tiles.len() != expected as usize {
        return Err(AssembleError::WrongCount {
            expected,
            found: tiles.len(),
        });
    }
    let mut image = Image::black(scene.width(), scene.height());
    for (index, tile) in (0..expected).zip(tiles) {
        let Some(area) = scene.tile_area(index) else {
            continue;
        };
        let (expected, found) = ((area.width, area.height), (tile.width(), tile.height()));
        if expected != found {
            return Err(AssembleError::WrongSize {
                index,
                expected,
                found,
            });
        }
        image.paste(area.x, area.y, tile);
    }
    Ok(image)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A ball before a sky: 10 x 7 pixels in tiles of 4, so that both edges are ragged.
    const BALL: &str = "
        image 10 7
        tile 4
        samples 4
        sky horizon 0.9 0.9 1 zenith 0.2 0.4 1
        camera from 0 1 6 to 0 1 0 fov 40
        material red diffuse 0.9 0.1 0.1
        sphere 0 1 0 radius 1 material red";

    fn scene() -> Scene {
        Scene::parse(BALL).unwrap()
    }

    fn all_tiles(scene: &Scene) -> Vec<Tile> {
        (0..scene.tiles())
            .map(|index| render_tile(scene, index).unwrap())
            .collect()
    }

    #[test]
    fn tiles_at_the_edges_are_ragged() {
        let scene = scene();
        assert_eq!(scene.tiles(), 6);
        let area = |index| scene.tile_area(index).unwrap();
        assert_eq!(
            area(0),
            TileArea {
                x: 0,
                y: 0,
                width: 4,
                height: 4
            }
        );
        assert_eq!(
            area(2),
            TileArea {
                x: 8,
                y: 0,
                width: 2,
                height: 4
            }
        );
        assert_eq!(
            area(3),
            TileArea {
                x: 0,
                y: 4,
                width: 4,
                height: 3
            }
        );
        assert_eq!(
            area(5),
            TileArea {
                x: 8,
                y: 4,
                width: 2,
                height: 3
            }
        );
        assert_eq!(scene.tile_area(6), None);
    }

    #[test]
    fn tiles_cover_every_pixel_once() {
        let scene = scene();
        let mut covered = vec![0; 70];
        for area in (0..scene.tiles()).filter_map(|index| scene.tile_area(index)) {
            for y in area.y..area.y + area.height {
                for x in area.x..area.x + area.width {
                    covered[(y * 10 + x) as usize] += 1;
                }
            }
        }
        assert!(covered.iter().all(|count| *count == 1));
    }

    #[test]
    fn assembled_tiles_are_the_whole_picture() {
        let scene = scene();
        assert_eq!(
            assemble(&scene, &all_tiles(&scene)),
            Ok(render_whole(&scene))
        );
    }

    #[test]
    fn the_shipped_test_scene_assembles_to_the_whole_picture() {
        let scene = Scene::parse(include_str!("../scenes/small.txt")).unwrap();
        assert_eq!(scene.tiles(), 12);
        assert_eq!(
            assemble(&scene, &all_tiles(&scene)),
            Ok(render_whole(&scene))
        );
    }

    #[test]
    fn the_shipped_demo_scene_has_24_tiles() {
        let scene = Scene::parse(include_str!("../scenes/demo.txt")).unwrap();
        assert_eq!(
            (scene.width(), scene.height(), scene.tiles()),
            (480, 320, 24)
        );
    }

    #[test]
    fn the_ball_is_in_the_middle_and_the_sky_around_it() {
        let image = render_whole(&scene());
        let [red, green, blue] = image.get(5, 3);
        assert!(
            red > 100 && green < red / 2 && blue < red / 2,
            "{red} {green} {blue}"
        );
        let [red, _, blue] = image.get(0, 0);
        assert!(blue >= red, "the sky is blue: {red} {blue}");
    }

    #[test]
    fn rendering_twice_gives_the_same_bytes_and_another_seed_others() {
        let noisy = BALL.replace("diffuse 0.9 0.1 0.1", "metal 0.9 0.5 0.5 roughness 0.8");
        let first = render_whole(&Scene::parse(&noisy).unwrap());
        assert_eq!(first, render_whole(&Scene::parse(&noisy).unwrap()));
        let other = Scene::parse(&format!("{noisy}\nseed 2")).unwrap();
        assert_ne!(first, render_whole(&other));
    }

    /// The FNV-1a hash of a tile's file.
    fn fingerprint(tile: &Tile) -> u64 {
        tile.to_ppm()
            .iter()
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
            })
    }

    #[test]
    fn the_bytes_are_those_of_every_other_machine() {
        let scene = Scene::parse(include_str!("../scenes/small.txt")).unwrap();
        let tile = render_tile(&scene, 5).unwrap();
        // Changes only when the scene or the renderer changes, never with the machine.
        assert_eq!(
            fingerprint(&tile),
            0x29bb_f6ae_9308_6665,
            "{:#018x}",
            fingerprint(&tile)
        );
    }

    #[test]
    fn a_tile_outside_the_picture_is_refused() {
        let error = render_tile(&scene(), 6).unwrap_err();
        assert_eq!(error, NoSuchTile { index: 6, tiles: 6 });
        assert!(
            error.to_string().contains("ask for one of 0 to 5"),
            "{error}"
        );
    }

    #[test]
    fn tiles_that_do_not_fit_are_refused() {
        let scene = scene();
        let mut tiles = all_tiles(&scene);
        tiles.swap(1, 2);
        let error = assemble(&scene, &tiles).unwrap_err();
        assert_eq!(
            error,
            AssembleError::WrongSize {
                index: 1,
                expected: (4, 4),
                found: (2, 4)
            }
        );
        tiles.pop();
        let error = assemble(&scene, &tiles).unwrap_err();
        assert_eq!(
            error,
            AssembleError::WrongCount {
                expected: 6,
                found: 5
            }
        );
    }
}
