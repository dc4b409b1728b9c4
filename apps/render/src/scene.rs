//! A scene: what is in the picture and how the picture is cut into tiles.

use crate::camera::{Camera, Ray};
use crate::material::Material;
use crate::shapes::{Plane, Sphere};
use crate::vector::Vector;

/// A scene ready to be rendered. [`Scene::parse`] makes one from text.
#[derive(Clone, Debug)]
pub struct Scene {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) tile: u32,
    pub(crate) samples: u32,
    pub(crate) depth: u32,
    pub(crate) seed: u64,
    pub(crate) exposure: f64,
    pub(crate) camera: Camera,
    pub(crate) sky: Sky,
    pub(crate) materials: Vec<Material>,
    pub(crate) spheres: Vec<Sphere>,
    pub(crate) planes: Vec<Plane>,
    /// Which spheres shine, and how brightly.
    pub(crate) lights: Vec<(usize, Vector)>,
}

/// The light that comes from where nothing is: a gradient from the horizon upwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sky {
    pub horizon: Vector,
    pub zenith: Vector,
}

impl Sky {
    pub fn colour(&self, direction: Vector) -> Vector {
        let height = if direction.y > 0.0 {
            direction.y.sqrt()
        } else {
            0.0
        };
        self.horizon * (1.0 - height) + self.zenith * height
    }
}

/// Where a ray met a surface.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hit {
    pub point: Vector,
    /// The unit vector out of the body.
    pub normal: Vector,
    pub material: usize,
}

/// Where a tile lies in the picture, in pixels from the upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TileArea {
    /// The leftmost column.
    pub x: u32,
    /// The uppermost row.
    pub y: u32,
    /// How many columns; fewer than the tile size at the right edge.
    pub width: u32,
    /// How many rows; fewer than the tile size at the lower edge.
    pub height: u32,
}

impl Scene {
    /// The width of the picture in pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// The height of the picture in pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// How many tiles the picture is cut into. They are numbered from 0, row by row.
    pub fn tiles(&self) -> u32 {
        self.tiles_across() * self.height.div_ceil(self.tile)
    }

    /// Where a tile lies, if there is one with this number.
    pub fn tile_area(&self, index: u32) -> Option<TileArea> {
        if index >= self.tiles() {
            return None;
        }
        let x = index % self.tiles_across() * self.tile;
        let y = index / self.tiles_across() * self.tile;
        let (width, height) = (
            self.tile.min(self.width - x),
            self.tile.min(self.height - y),
        );
        Some(TileArea {
            x,
            y,
            width,
            height,
        })
    }

    fn tiles_across(&self) -> u32 {
        self.width.div_ceil(self.tile)
    }

    /// The nearest surface along a ray.
    pub(crate) fn hit(&self, ray: &Ray) -> Option<Hit> {
        let mut nearest = f64::INFINITY;
        let mut sphere = None;
        for candidate in &self.spheres {
            if let Some(distance) = candidate.hit(ray, nearest) {
                nearest = distance;
                sphere = Some(candidate);
            }
        }
        let mut plane = None;
        for candidate in &self.planes {
            if let Some(distance) = candidate.hit(ray, nearest) {
                nearest = distance;
                plane = Some(candidate);
            }
        }
        let point = ray.at(nearest);
        match (plane, sphere) {
            (Some(plane), _) => Some(Hit {
                point,
                normal: plane.normal,
                material: plane.material,
            }),
            (None, Some(sphere)) => Some(Hit {
                point,
                normal: sphere.normal(point),
                material: sphere.material,
            }),
            (None, None) => None,
        }
    }

    /// Whether anything lies on the ray nearer than `distance`.
    pub(crate) fn is_blocked(&self, ray: &Ray, distance: f64) -> bool {
        self.spheres
            .iter()
            .any(|sphere| sphere.hit(ray, distance).is_some())
            || self
                .planes
                .iter()
                .any(|plane| plane.hit(ray, distance).is_some())
    }
}
