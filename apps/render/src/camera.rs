//! A camera with a thin lens: from a place in the picture to a ray of light.

use crate::vector::Vector;
use ergon_app_kit::maths::{sin_cos, tan};
use ergon_app_kit::random::Random;
use std::f64::consts::{PI, TAU};

/// A half line along which light travels; the direction has length one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ray {
    pub origin: Vector,
    pub direction: Vector,
}

impl Ray {
    pub fn at(&self, distance: f64) -> Vector {
        self.origin + self.direction * distance
    }
}

/// What the scene file says about the camera.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct View {
    pub from: Vector,
    pub to: Vector,
    /// The vertical opening angle in degrees.
    pub fov: f64,
    /// The diameter of the lens; zero makes everything sharp.
    pub aperture: f64,
    /// The distance at which things are sharp.
    pub focus: f64,
}

/// The camera made ready: the sharp plane spanned by `right` and `up` from `corner`.
#[derive(Clone, Debug)]
pub(crate) struct Camera {
    origin: Vector,
    corner: Vector,
    right: Vector,
    up: Vector,
    lens_right: Vector,
    lens_up: Vector,
}

impl Camera {
    /// A camera for pictures of `width` times `height` pixels. The view is neither along the
    /// vertical axis nor of length zero: the parser saw to that.
    pub fn new(view: &View, width: u32, height: u32) -> Self {
        let forward = (view.to - view.from).unit();
        let right = forward.cross(Vector::new(0.0, 1.0, 0.0)).unit();
        let up = right.cross(forward);
        let half_height = view.focus * tan(view.fov * PI / 360.0);
        let half_width = half_height * f64::from(width) / f64::from(height);
        Self {
            origin: view.from,
            corner: forward * view.focus - right * half_width + up * half_height,
            right: right * (2.0 * half_width),
            up: up * (-2.0 * half_height),
            lens_right: right * (view.aperture / 2.0),
            lens_up: up * (view.aperture / 2.0),
        }
    }

    /// The ray through a place in the picture: `across` and `down` run from 0 to 1.
    pub fn ray(&self, across: f64, down: f64, random: &mut Random) -> Ray {
        let radius = random.unit().sqrt();
        let (sin, cos) = sin_cos(TAU * random.unit());
        let lens = self.lens_right * (radius * cos) + self.lens_up * (radius * sin);
        let target = self.corner + self.right * across + self.up * down;
        Ray {
            origin: self.origin + lens,
            direction: (target - lens).unit(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(aperture: f64) -> View {
        let from = Vector::new(0.0, 0.0, 5.0);
        View {
            from,
            to: Vector::ZERO,
            fov: 90.0,
            aperture,
            focus: 5.0,
        }
    }

    #[test]
    fn the_centre_looks_straight_ahead_and_the_top_looks_up() {
        let camera = Camera::new(&view(0.0), 200, 100);
        let mut random = Random::seeded(&[]);
        let centre = camera.ray(0.5, 0.5, &mut random).direction;
        assert!((centre - Vector::new(0.0, 0.0, -1.0)).length() < 1e-12);
        let top = camera.ray(0.5, 0.0, &mut random).direction;
        assert!(
            (top.y - 0.5_f64.sqrt()).abs() < 1e-12,
            "45 degrees up: {top:?}"
        );
        let right = camera.ray(1.0, 0.5, &mut random).direction;
        assert!(
            (right.x - 2.0 / 5.0_f64.sqrt()).abs() < 1e-12,
            "twice as wide: {right:?}"
        );
    }

    #[test]
    fn a_wide_lens_keeps_the_focus_sharp() {
        let camera = Camera::new(&view(1.0), 100, 100);
        let mut random = Random::seeded(&[]);
        for _ in 0..100 {
            let ray = camera.ray(0.5, 0.5, &mut random);
            let distance = -ray.origin.z / ray.direction.z;
            assert!((ray.origin - Vector::new(0.0, 0.0, 5.0)).length() <= 0.5 + 1e-12);
            assert!(
                ray.at(distance).length() < 1e-12,
                "all rays meet in the point looked at"
            );
        }
    }
}
