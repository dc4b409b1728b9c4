//! Spheres and planes, and where a ray meets them.

use crate::camera::Ray;
use crate::vector::Vector;

/// Distances shorter than this count as touching the surface the ray starts on.
pub(crate) const NEAREST: f64 = 1e-6;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sphere {
    pub centre: Vector,
    pub radius: f64,
    /// Which of the scene's materials it is made of.
    pub material: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Plane {
    pub point: Vector,
    /// The unit vector across the plane.
    pub normal: Vector,
    /// Which of the scene's materials it is made of.
    pub material: usize,
}

impl Sphere {
    /// The distance to the nearest intersection within `NEAREST..farthest`.
    ///
    /// The part of the centre's offset across the ray is computed first and squared second, which
    /// loses fewer digits for large spheres than the textbook's discriminant.
    pub fn hit(&self, ray: &Ray, farthest: f64) -> Option<f64> {
        let offset = self.centre - ray.origin;
        let along = offset.dot(ray.direction);
        let across = offset - ray.direction * along;
        let square = self.radius * self.radius - across.dot(across);
        if square < 0.0 {
            return None;
        }
        let half = square.sqrt();
        [along - half, along + half]
            .into_iter()
            .find(|d| *d > NEAREST && *d < farthest)
    }

    /// The unit vector out of the sphere at a point of its surface.
    pub fn normal(&self, point: Vector) -> Vector {
        (point - self.centre) * (1.0 / self.radius)
    }
}

impl Plane {
    /// The distance to the intersection within `NEAREST..farthest`.
    pub fn hit(&self, ray: &Ray, farthest: f64) -> Option<f64> {
        let approach = self.normal.dot(ray.direction);
        if approach == 0.0 {
            return None;
        }
        let distance = self.normal.dot(self.point - ray.origin) / approach;
        (distance > NEAREST && distance < farthest).then_some(distance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ray(x: f64, y: f64, z: f64) -> Ray {
        Ray {
            origin: Vector::new(x, y, z),
            direction: Vector::new(0.0, 0.0, -1.0),
        }
    }

    #[test]
    fn a_sphere_is_met_in_front_from_outside_and_from_inside() {
        let sphere = Sphere {
            centre: Vector::ZERO,
            radius: 2.0,
            material: 0,
        };
        assert_eq!(sphere.hit(&ray(0.0, 0.0, 5.0), f64::INFINITY), Some(3.0));
        assert_eq!(sphere.hit(&ray(0.0, 0.0, 0.0), f64::INFINITY), Some(2.0));
        assert_eq!(
            sphere.hit(&ray(0.0, 0.0, -5.0), f64::INFINITY),
            None,
            "behind"
        );
        assert_eq!(
            sphere.hit(&ray(0.0, 2.5, 5.0), f64::INFINITY),
            None,
            "beside"
        );
        assert_eq!(
            sphere.hit(&ray(0.0, 0.0, 5.0), 2.5),
            None,
            "something nearer was found"
        );
        assert_eq!(
            sphere.hit(&ray(0.0, 0.0, 2.0), f64::INFINITY),
            Some(4.0),
            "not itself"
        );
    }

    #[test]
    fn a_plane_is_met_from_both_sides_but_not_along_it() {
        let normal = Vector::new(0.0, 0.0, 1.0);
        let plane = Plane {
            point: Vector::ZERO,
            normal,
            material: 0,
        };
        assert_eq!(plane.hit(&ray(1.0, 1.0, 4.0), f64::INFINITY), Some(4.0));
        assert_eq!(
            plane.hit(&ray(0.0, 0.0, -4.0), f64::INFINITY),
            None,
            "behind"
        );
        let along = Plane {
            normal: Vector::new(0.0, 1.0, 0.0),
            ..plane
        };
        assert_eq!(along.hit(&ray(0.0, 1.0, 4.0), f64::INFINITY), None);
    }
}
