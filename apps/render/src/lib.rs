#![doc = include_str!("../README.md")]

mod camera;
mod image;
mod material;
mod parse;
mod scene;
mod shapes;
mod tiles;
mod trace;
mod vector;
mod words;

pub use image::{Image, PpmError, Tile};
pub use scene::{Scene, TileArea};
pub use tiles::{AssembleError, NoSuchTile, assemble, render_tile, render_whole};
pub use words::SceneError;
