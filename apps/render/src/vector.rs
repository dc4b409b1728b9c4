//! Vectors of three numbers: places, directions and colours (linear red, green, blue).

use ergon_app_kit::maths::sin_cos;
use ergon_app_kit::random::Random;
use std::f64::consts::TAU;
use std::ops::{Add, AddAssign, Mul, MulAssign, Neg, Sub};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Vector {
    pub x: f64,
    pub y: f64,
    pub z: f64,
}

impl Vector {
    pub const ZERO: Self = Self::new(0.0, 0.0, 0.0);
    pub const ONE: Self = Self::new(1.0, 1.0, 1.0);

    pub const fn new(x: f64, y: f64, z: f64) -> Self {
        Self { x, y, z }
    }

    pub fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y + self.z * other.z
    }

    pub fn cross(self, other: Self) -> Self {
        Self::new(
            self.y * other.z - self.z * other.y,
            self.z * other.x - self.x * other.z,
            self.x * other.y - self.y * other.x,
        )
    }

    pub fn length(self) -> f64 {
        self.dot(self).sqrt()
    }

    /// The same direction with length one. The vector must not be zero.
    pub fn unit(self) -> Self {
        self * (1.0 / self.length())
    }

    /// The largest of the three numbers.
    pub fn largest(self) -> f64 {
        let larger = if self.x > self.y { self.x } else { self.y };
        if larger > self.z { larger } else { self.z }
    }

    /// Applies a function to each number.
    pub fn map(self, function: impl Fn(f64) -> f64) -> Self {
        Self::new(function(self.x), function(self.y), function(self.z))
    }

    /// The mirror image of a direction at a surface with this unit normal.
    pub fn mirrored(self, normal: Self) -> Self {
        self - normal * (2.0 * self.dot(normal))
    }

    /// Two unit vectors that make a right-handed frame with this unit vector.
    ///
    /// Without branches on nearly equal numbers, after Duff and others, "Building an orthonormal
    /// basis, revisited" (JCGT 2017).
    pub fn frame(self) -> (Self, Self) {
        let sign = if self.z < 0.0 { -1.0 } else { 1.0 };
        let a = -1.0 / (sign + self.z);
        let b = self.x * self.y * a;
        (
            Self::new(1.0 + sign * self.x * self.x * a, sign * b, -sign * self.x),
            Self::new(b, sign + self.y * self.y * a, -self.y),
        )
    }

    /// A direction whose cosine to this unit vector is given, at a random angle around it.
    pub fn around(self, cosine: f64, random: &mut Random) -> Self {
        let (right, up) = self.frame();
        let (sin, cos) = sin_cos(TAU * random.unit());
        let off_axis = 1.0 - cosine * cosine;
        let sine = if off_axis > 0.0 { off_axis.sqrt() } else { 0.0 };
        right * (cos * sine) + up * (sin * sine) + self * cosine
    }
}

impl Add for Vector {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::new(self.x + other.x, self.y + other.y, self.z + other.z)
    }
}

impl Sub for Vector {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y, self.z - other.z)
    }
}

impl Neg for Vector {
    type Output = Self;

    fn neg(self) -> Self {
        Self::new(-self.x, -self.y, -self.z)
    }
}

impl Mul<f64> for Vector {
    type Output = Self;

    fn mul(self, factor: f64) -> Self {
        Self::new(self.x * factor, self.y * factor, self.z * factor)
    }
}

/// Number by number: what a surface of one colour does to light of another.
impl Mul for Vector {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Self::new(self.x * other.x, self.y * other.y, self.z * other.z)
    }
}

impl AddAssign for Vector {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl MulAssign for Vector {
    fn mul_assign(&mut self, other: Self) {
        *self = *self * other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_orthonormal_and_right_handed() {
        let mut random = Random::seeded(&[3]);
        let axis = Vector::new(0.0, 0.0, -1.0);
        let mut directions = vec![axis, -axis, Vector::new(0.0, 1.0, 0.0)];
        directions.extend((0..1_000).map(|_| {
            let cosine = 2.0 * random.unit() - 1.0;
            axis.around(cosine, &mut random)
        }));
        for direction in directions {
            let (right, up) = direction.frame();
            assert!((direction.length() - 1.0).abs() < 1e-12);
            assert!((right.length() - 1.0).abs() < 1e-12 && (up.length() - 1.0).abs() < 1e-12);
            assert!(
                (right.cross(up) - direction).length() < 1e-12,
                "{direction:?}"
            );
        }
    }

    #[test]
    fn mirrors_keep_the_tangent_and_turn_the_normal() {
        let mirrored = Vector::new(1.0, -2.0, 3.0).mirrored(Vector::new(0.0, 1.0, 0.0));
        assert_eq!(mirrored, Vector::new(1.0, 2.0, 3.0));
    }
}
