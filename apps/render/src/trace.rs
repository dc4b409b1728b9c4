//! Path tracing: the light that reaches the eye through one pixel.
//!
//! A path starts at the eye and bounces until it meets light, is absorbed, or grows too long. At
//! each diffuse surface the lights are also asked directly (next event estimation), so that small
//! lights make soft shadows and little noise; a path that has just been scattered therefore does
//! not count a light it happens to meet.

use crate::camera::Ray;
use crate::material::{Bounce, random_direction};
use crate::scene::Scene;
use crate::shapes::{NEAREST, Sphere};
use crate::vector::Vector;
use ergon_app_kit::maths::power;
use ergon_app_kit::random::Random;

/// Bounces before a dim path may be ended by chance.
const CERTAIN_BOUNCES: u32 = 3;

/// The most that one sample may add to a pixel, per colour. Rare bright paths (a light seen through
/// glass from a wall) would otherwise leave white dots.
const BRIGHTEST_SAMPLE: f64 = 4.0;

/// The colour of a pixel as it is stored: 8 bits each of red, green and blue (sRGB).
///
/// Everything random is seeded with the scene's seed and the pixel's place in the whole picture,
/// hence a pixel looks the same in whichever tile it is rendered.
pub(crate) fn pixel(scene: &Scene, x: u32, y: u32) -> [u8; 3] {
    let mut random = Random::seeded(&[scene.seed, u64::from(x), u64::from(y)]);
    let mut sum = Vector::ZERO;
    for sample in 0..scene.samples {
        let (across, down) = place(scene.samples, sample, &mut random);
        let across = (f64::from(x) + across) / f64::from(scene.width);
        let down = (f64::from(y) + down) / f64::from(scene.height);
        let ray = scene.camera.ray(across, down, &mut random);
        sum += radiance(scene, ray, &mut random).map(|part| part.min(BRIGHTEST_SAMPLE));
    }
    let mean = sum * (1.0 / f64::from(scene.samples));
    let shown = (mean * scene.exposure).map(|part| display(tone(part)));
    [shown.x, shown.y, shown.z].map(|part| (part * 255.0 + 0.5) as u8)
}

/// Where in the pixel a sample lies: one per cell of the largest square grid that the number of
/// samples fills, the rest anywhere.
fn place(samples: u32, sample: u32, random: &mut Random) -> (f64, f64) {
    let (across, down) = (random.unit(), random.unit());
    let side = samples.isqrt();
    if sample >= side * side {
        return (across, down);
    }
    let cell = 1.0 / f64::from(side);
    (
        (f64::from(sample % side) + across) * cell,
        (f64::from(sample / side) + down) * cell,
    )
}

/// The light that arrives along a ray, backwards.
fn radiance(scene: &Scene, mut ray: Ray, random: &mut Random) -> Vector {
    let mut light = Vector::ZERO;
    let mut share = Vector::ONE;
    let mut lights_asked = false;
    for bounces in 0..scene.depth {
        let Some(hit) = scene.hit(&ray) else {
            return light + share * scene.sky.colour(ray.direction);
        };
        let bounce =
            scene.materials[hit.material].bounce(ray.direction, hit.point, hit.normal, random);
        match bounce {
            Bounce::Absorbs => return light,
            Bounce::Shines(radiance) => {
                return if lights_asked {
                    light
                } else {
                    light + share * radiance
                };
            }
            Bounce::Sends {
                share: kept,
                direction,
            } => {
                share *= kept;
                lights_asked = false;
                ray = Ray {
                    origin: hit.point,
                    direction,
                };
            }
            Bounce::Scatters(kept) => {
                share *= kept;
                lights_asked = true;
                let normal = if ray.direction.dot(hit.normal) < 0.0 {
                    hit.normal
                } else {
                    -hit.normal
                };
                light += share * direct_light(scene, hit.point, normal, random);
                ray = Ray {
                    origin: hit.point,
                    direction: scattered(normal, random),
                };
            }
        }
        if bounces >= CERTAIN_BOUNCES && !survives(&mut share, random) {
            return light;
        }
    }
    light
}

/// Ends dim paths by chance and makes the survivors brighter by as much (Russian roulette).
fn survives(share: &mut Vector, random: &mut Random) -> bool {
    let chance = share.largest().min(1.0);
    if random.unit() >= chance {
        return false;
    }
    *share = *share * (1.0 / chance);
    true
}

/// A direction from a diffuse surface, each as likely as its cosine to the normal.
fn scattered(normal: Vector, random: &mut Random) -> Vector {
    let direction = normal + random_direction(random);
    if direction.length() < NEAREST {
        normal
    } else {
        direction.unit()
    }
}

/// The light that comes to a diffuse surface straight from the scene's lights, over pi.
fn direct_light(scene: &Scene, point: Vector, normal: Vector, random: &mut Random) -> Vector {
    let mut light = Vector::ZERO;
    for (sphere, radiance) in &scene.lights {
        light += *radiance * visible_share(scene, &scene.spheres[*sphere], point, normal, random);
    }
    light
}

/// The share of the hemisphere over a point, weighted with the cosine, that a light fills; one
/// random ray within the cone that the light subtends decides whether something is in between.
fn visible_share(
    scene: &Scene,
    sphere: &Sphere,
    point: Vector,
    normal: Vector,
    random: &mut Random,
) -> f64 {
    let towards = sphere.centre - point;
    let distance = towards.length();
    if distance <= sphere.radius {
        return 0.0;
    }
    let sine = sphere.radius / distance;
    let narrow = 1.0 - sine * sine;
    // 1 - cos, written so that far lights do not cancel to zero.
    let opening = sine * sine / (1.0 + narrow.sqrt());
    let direction = (towards * (1.0 / distance)).around(1.0 - opening * random.unit(), random);
    let cosine = direction.dot(normal);
    if cosine <= 0.0 {
        return 0.0;
    }
    let ray = Ray {
        origin: point,
        direction,
    };
    match sphere.hit(&ray, f64::INFINITY) {
        Some(reach) if !scene.is_blocked(&ray, reach - NEAREST) => 2.0 * opening * cosine,
        _ => 0.0,
    }
}

/// Squeezes any brightness into 0..=1 with soft shoulders (Narkowicz's fit of the ACES curve).
fn tone(brightness: f64) -> f64 {
    let above = brightness * (2.51 * brightness + 0.03);
    let below = brightness * (2.43 * brightness + 0.59) + 0.14;
    (above / below).clamp(0.0, 1.0)
}

/// From linear light to what displays expect (sRGB, IEC 61966-2-1).
fn display(linear: f64) -> f64 {
    if linear <= 0.003_130_8 {
        12.92 * linear
    } else {
        1.055 * power(linear, 1.0 / 2.4) - 0.055
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tone_and_display_rise_from_black_to_white() {
        assert_eq!((tone(0.0), display(0.0)), (0.0, 0.0));
        assert_eq!(tone(1e6), 1.0);
        assert!((display(1.0) - 1.0).abs() < 1e-12);
        let steps: Vec<f64> = (0..100)
            .map(|step| display(tone(f64::from(step) / 25.0)))
            .collect();
        assert!(steps.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn samples_fill_a_grid_and_then_anywhere() {
        let mut random = Random::seeded(&[]);
        for sample in 0..11 {
            let (across, down) = place(11, sample, &mut random);
            assert!((0.0..1.0).contains(&across) && (0.0..1.0).contains(&down));
            if sample < 9 {
                assert_eq!(
                    ((across * 3.0) as u32, (down * 3.0) as u32),
                    (sample % 3, sample / 3)
                );
            }
        }
    }

    #[test]
    fn a_light_fills_the_share_of_the_sky_that_geometry_says() {
        let text = "image 1 1\ncamera from 0 0 9 to 0 0 0 fov 40\n\
                    material lamp light 1 1 1\nsphere 0 5 0 radius 1 material lamp\n";
        let scene = Scene::parse(text).unwrap();
        let mut random = Random::seeded(&[]);
        let up = Vector::new(0.0, 1.0, 0.0);
        let count = 10_000;
        let sum: f64 = (0..count)
            .map(|_| visible_share(&scene, &scene.spheres[0], Vector::ZERO, up, &mut random))
            .sum();
        // The cosine-weighted share of a disc of angular radius a at the zenith is sin(a)^2.
        assert!(
            (sum / f64::from(count) - 0.04).abs() < 1e-4,
            "{}",
            sum / f64::from(count)
        );
    }
}
