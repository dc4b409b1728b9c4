//! What surfaces do to the light that meets them.

use crate::vector::Vector;
use ergon_app_kit::random::Random;

/// A material as the scene file declares it. Colours are shares of light, 0 to 1 each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Material {
    /// Scatters evenly in all directions.
    Diffuse(Vector),
    /// Diffuse with two colours in squares of `size`, seen from above.
    Checker {
        even: Vector,
        odd: Vector,
        size: f64,
    },
    /// Reflects; `roughness` from 0 (mirror) to 1 (brushed) blurs.
    Metal { colour: Vector, roughness: f64 },
    /// Refracts and reflects; `index` is the refractive index.
    Glass { tint: Vector, index: f64 },
    /// Shines with this radiance.
    Light(Vector),
}

/// What happens to light at a surface, seen from the eye backwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Bounce {
    /// The surface shines by itself.
    Shines(Vector),
    /// Scattered evenly; this share is not absorbed.
    Scatters(Vector),
    /// Sent on in one direction; this share is not absorbed.
    Sends { share: Vector, direction: Vector },
    /// Nothing comes back.
    Absorbs,
}

impl Material {
    /// What happens to a ray with this direction at a point with this unit normal, which points
    /// out of the body.
    pub fn bounce(
        &self,
        direction: Vector,
        point: Vector,
        normal: Vector,
        random: &mut Random,
    ) -> Bounce {
        match *self {
            Self::Diffuse(colour) => Bounce::Scatters(colour),
            Self::Checker { even, odd, size } => Bounce::Scatters(if is_even_square(point, size) {
                even
            } else {
                odd
            }),
            Self::Metal { colour, roughness } => {
                reflect(direction, normal, colour, roughness, random)
            }
            Self::Glass { tint, index } => refract(direction, normal, tint, index, random),
            Self::Light(radiance) => Bounce::Shines(radiance),
        }
    }
}

fn is_even_square(point: Vector, size: f64) -> bool {
    let square = (point.x / size).floor() + (point.z / size).floor();
    square - 2.0 * (square / 2.0).floor() == 0.0
}

fn reflect(
    direction: Vector,
    normal: Vector,
    colour: Vector,
    roughness: f64,
    random: &mut Random,
) -> Bounce {
    let normal = facing(direction, normal);
    let mirrored = direction.mirrored(normal);
    // A random point of a ball around the mirrored direction's tip: the cube root of a uniform
    // radius would be even in volume; the plain radius is sharper at the centre, like real metal.
    let blur = random_direction(random) * (roughness * random.unit());
    let blurred = mirrored + blur;
    if blurred.dot(normal) <= 0.0 {
        return Bounce::Absorbs;
    }
    Bounce::Sends {
        share: colour,
        direction: blurred.unit(),
    }
}

fn refract(
    direction: Vector,
    normal: Vector,
    tint: Vector,
    index: f64,
    random: &mut Random,
) -> Bounce {
    let enters = direction.dot(normal) < 0.0;
    let normal = facing(direction, normal);
    let ratio = if enters { 1.0 / index } else { index };
    let cosine = -direction.dot(normal);
    let square = 1.0 - ratio * ratio * (1.0 - cosine * cosine);
    let chance = random.unit();
    if square <= 0.0 {
        // Total reflection.
        return Bounce::Sends {
            share: Vector::ONE,
            direction: direction.mirrored(normal),
        };
    }
    let inner_cosine = square.sqrt();
    if chance < fresnel(cosine, inner_cosine, ratio) {
        return Bounce::Sends {
            share: Vector::ONE,
            direction: direction.mirrored(normal),
        };
    }
    let bent = direction * ratio + normal * (ratio * cosine - inner_cosine);
    Bounce::Sends {
        share: tint,
        direction: bent.unit(),
    }
}

/// The share of unpolarised light that a clear surface reflects (Fresnel). `ratio` is the
/// refractive index before the surface over the one behind it.
fn fresnel(cosine: f64, inner_cosine: f64, ratio: f64) -> f64 {
    let across = (ratio * cosine - inner_cosine) / (ratio * cosine + inner_cosine);
    let along = (cosine - ratio * inner_cosine) / (cosine + ratio * inner_cosine);
    (across * across + along * along) / 2.0
}

/// The normal on the side the ray comes from.
fn facing(direction: Vector, normal: Vector) -> Vector {
    if direction.dot(normal) < 0.0 {
        normal
    } else {
        -normal
    }
}

/// A direction, all equally likely.
pub(crate) fn random_direction(random: &mut Random) -> Vector {
    let cosine = 2.0 * random.unit() - 1.0;
    Vector::new(0.0, 0.0, 1.0).around(cosine, random)
}

#[cfg(test)]
mod tests {
    use super::*;

    const UP: Vector = Vector::new(0.0, 1.0, 0.0);

    fn slanted() -> Vector {
        Vector::new(0.6, -0.8, 0.0)
    }

    #[test]
    fn checkers_alternate_across_the_origin() {
        let even = |x, z| is_even_square(Vector::new(x, 0.0, z), 2.0);
        assert!(even(1.0, 1.0) && even(-1.0, -1.0) && even(3.0, 3.0));
        assert!(!even(-1.0, 1.0) && !even(3.0, 1.0));
    }

    #[test]
    fn a_polished_metal_is_a_mirror() {
        let metal = Material::Metal {
            colour: Vector::ONE,
            roughness: 0.0,
        };
        let bounce = metal.bounce(slanted(), Vector::ZERO, UP, &mut Random::seeded(&[]));
        let Bounce::Sends { direction, .. } = bounce else {
            panic!("{bounce:?}")
        };
        assert!((direction - Vector::new(0.6, 0.8, 0.0)).length() < 1e-12);
    }

    #[test]
    fn glass_bends_by_the_law_of_snell() {
        let glass = Material::Glass {
            tint: Vector::ONE,
            index: 1.5,
        };
        let mut random = Random::seeded(&[]);
        let mut bent = 0;
        for _ in 0..1_000 {
            let bounce = glass.bounce(slanted(), Vector::ZERO, UP, &mut random);
            let Bounce::Sends { direction, .. } = bounce else {
                panic!("{bounce:?}")
            };
            if direction.y < 0.0 {
                assert!((direction.x - 0.6 / 1.5).abs() < 1e-12, "{direction:?}");
                bent += 1;
            }
        }
        assert!(
            (900..1_000).contains(&bent),
            "about 4 in 100 are reflected, {bent} were bent"
        );
    }

    #[test]
    fn glass_reflects_totally_from_inside_at_a_flat_angle() {
        let glass = Material::Glass {
            tint: Vector::ZERO,
            index: 1.5,
        };
        let inside = Vector::new(0.8, 0.6, 0.0);
        let bounce = glass.bounce(inside, Vector::ZERO, UP, &mut Random::seeded(&[]));
        let direction = Vector::new(0.8, -0.6, 0.0);
        assert_eq!(
            bounce,
            Bounce::Sends {
                share: Vector::ONE,
                direction
            }
        );
    }

    #[test]
    fn fresnel_reflects_four_percent_straight_on_and_everything_at_grazing_angles() {
        assert!((fresnel(1.0, 1.0, 1.0 / 1.5) - 0.04).abs() < 1e-12);
        assert!((fresnel(0.0, 0.745, 1.0 / 1.5) - 1.0).abs() < 1e-12);
    }
}
