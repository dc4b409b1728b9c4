//! The scene file: one statement per line, in words.
//!
//! Every number has a range, so that a scene that parses can be rendered.

use crate::camera::{Camera, View};
use crate::material::Material;
use crate::scene::{Scene, Sky};
use crate::shapes::{Plane, Sphere};
use crate::vector::Vector;
use crate::words::{Result, SceneError, Words};
use std::ops::RangeInclusive;

const COORDINATE: RangeInclusive<f64> = -1e6..=1e6;
const SHARE: RangeInclusive<f64> = 0.0..=1.0;
const LENGTH: RangeInclusive<f64> = 1e-3..=1e6;
const RADIANCE: RangeInclusive<f64> = 0.0..=1e4;

const STATEMENTS: &str = "image, tile, samples, depth, seed, exposure, camera, sky, material, \
                          sphere, plane and ground";

impl Scene {
    /// Reads a scene from text. The format is described at the top of this crate.
    pub fn parse(text: &str) -> Result<Self> {
        let mut draft = Draft::default();
        for (line, content) in (1..).zip(text.lines()) {
            let content = content.split('#').next().unwrap_or_default();
            let mut words = Words::new(line, content);
            if !words.is_empty() {
                draft.statement(&mut words)?;
                words.end()?;
            }
        }
        draft.finish()
    }
}

/// What has been read so far.
#[derive(Default)]
struct Draft {
    image: Option<(u32, u32)>,
    tile: Option<u32>,
    samples: Option<u32>,
    depth: Option<u32>,
    seed: Option<u32>,
    exposure: Option<f64>,
    camera: Option<View>,
    sky: Option<Sky>,
    materials: Vec<(String, Material)>,
    spheres: Vec<Sphere>,
    planes: Vec<Plane>,
}

impl Draft {
    fn statement(&mut self, words: &mut Words<'_>) -> Result<()> {
        match words.word("a statement")? {
            "image" => once(&mut self.image, "image", words, size),
            "tile" => once(&mut self.tile, "tile", words, |w| {
                w.whole("tile", 1..=16_384)
            }),
            "samples" => once(&mut self.samples, "samples", words, |w| {
                w.whole("samples", 1..=65_536)
            }),
            "depth" => once(&mut self.depth, "depth", words, |w| {
                w.whole("depth", 1..=1_000)
            }),
            "seed" => once(&mut self.seed, "seed", words, |w| {
                w.whole("seed", 0..=u32::MAX)
            }),
            "exposure" => once(&mut self.exposure, "exposure", words, |w| {
                w.number("exposure", 1e-3..=1e3)
            }),
            "camera" => once(&mut self.camera, "camera", words, view),
            "sky" => once(&mut self.sky, "sky", words, sky),
            "material" => self.material(words),
            "sphere" => self.sphere(words),
            "plane" => self.plane(words),
            "ground" => self.ground(words),
            other => Err(words.error(format!(
                "'{other}' is not a statement; the statements are {STATEMENTS}"
            ))),
        }
    }

    fn material(&mut self, words: &mut Words<'_>) -> Result<()> {
        let name = words.word("the material's name")?;
        if self.materials.iter().any(|(known, _)| known == name) {
            return Err(words.error(format!(
                "there is a material '{name}' already; give this one another name"
            )));
        }
        words.room(self.materials.len(), "materials")?;
        self.materials.push((name.to_owned(), material(words)?));
        Ok(())
    }

    fn sphere(&mut self, words: &mut Words<'_>) -> Result<()> {
        words.room(self.spheres.len() + self.planes.len(), "spheres and planes")?;
        let centre = words.vector("the centre", COORDINATE)?;
        words.key("radius")?;
        let radius = words.number("the radius", LENGTH)?;
        let (material, _) = self.made_of(words)?;
        self.spheres.push(Sphere {
            centre,
            radius,
            material,
        });
        Ok(())
    }

    fn plane(&mut self, words: &mut Words<'_>) -> Result<()> {
        let point = words.vector("a point of the plane", COORDINATE)?;
        words.key("normal")?;
        let normal = words.vector("the normal", COORDINATE)?;
        if normal.length() < 1e-3 {
            return Err(words.error("the normal is too short to have a direction; try '0 1 0'"));
        }
        self.add_plane(point, normal.unit(), words)
    }

    fn ground(&mut self, words: &mut Words<'_>) -> Result<()> {
        let height = words.number("the height of the ground", COORDINATE)?;
        self.add_plane(
            Vector::new(0.0, height, 0.0),
            Vector::new(0.0, 1.0, 0.0),
            words,
        )
    }

    fn add_plane(&mut self, point: Vector, normal: Vector, words: &mut Words<'_>) -> Result<()> {
        words.room(self.spheres.len() + self.planes.len(), "spheres and planes")?;
        let (index, material) = self.made_of(words)?;
        match material {
            Material::Light(_) => Err(words.error("a plane cannot be a light; use a sphere")),
            Material::Glass { .. } => Err(words.error("a plane cannot be glass; use a sphere")),
            _ => {
                self.planes.push(Plane {
                    point,
                    normal,
                    material: index,
                });
                Ok(())
            }
        }
    }

    /// `material NAME`, with a name declared on an earlier line.
    fn made_of(&self, words: &mut Words<'_>) -> Result<(usize, Material)> {
        words.key("material")?;
        let name = words.word("the name of a material")?;
        let known = self.materials.iter().position(|(known, _)| known == name);
        known
            .map(|index| (index, self.materials[index].1))
            .ok_or_else(|| {
                words.error(format!(
                "there is no material '{name}' above this line; declare it with 'material {name}'"
            ))
            })
    }

    fn finish(self) -> Result<Scene> {
        let (width, height) = self
            .image
            .ok_or_else(|| missing("image", "image 480 320 for the size in pixels"))?;
        let view = self
            .camera
            .ok_or_else(|| missing("camera", "camera from 0 1 6 to 0 1 0 fov 40 for the view"))?;
        let materials: Vec<Material> = self
            .materials
            .into_iter()
            .map(|(_, material)| material)
            .collect();
        let lights = lights(&self.spheres, &materials);
        Ok(Scene {
            width,
            height,
            tile: self.tile.unwrap_or(64),
            samples: self.samples.unwrap_or(16),
            depth: self.depth.unwrap_or(8),
            seed: self.seed.unwrap_or(1).into(),
            exposure: self.exposure.unwrap_or(1.0),
            camera: Camera::new(&view, width, height),
            sky: self.sky.unwrap_or(Sky {
                horizon: Vector::ONE,
                zenith: BLUE,
            }),
            materials,
            spheres: self.spheres,
            planes: self.planes,
            lights,
        })
    }
}

const BLUE: Vector = Vector::new(0.5, 0.7, 1.0);

fn lights(spheres: &[Sphere], materials: &[Material]) -> Vec<(usize, Vector)> {
    let radiance = |sphere: &Sphere| match materials[sphere.material] {
        Material::Light(radiance) => Some(radiance),
        _ => None,
    };
    let numbered = spheres.iter().enumerate();
    numbered
        .filter_map(|(index, sphere)| Some((index, radiance(sphere)?)))
        .collect()
}

fn missing(statement: &str, example: &str) -> SceneError {
    SceneError {
        line: 0,
        message: format!("there is no '{statement}' line; add for example '{example}'"),
    }
}

/// Reads what may be stated only once.
fn once<T>(
    place: &mut Option<T>,
    name: &str,
    words: &mut Words<'_>,
    read: impl FnOnce(&mut Words<'_>) -> Result<T>,
) -> Result<()> {
    if place.is_some() {
        return Err(words.error(format!(
            "'{name}' is stated a second time; keep one of the lines"
        )));
    }
    *place = Some(read(words)?);
    Ok(())
}

fn size(words: &mut Words<'_>) -> Result<(u32, u32)> {
    Ok((
        words.whole("width", 1..=16_384)?,
        words.whole("height", 1..=16_384)?,
    ))
}

fn view(words: &mut Words<'_>) -> Result<View> {
    words.key("from")?;
    let from = words.vector("where the camera is", COORDINATE)?;
    words.key("to")?;
    let to = words.vector("where the camera looks", COORDINATE)?;
    words.key("fov")?;
    let fov = words.number("the opening angle in degrees", 1.0..=150.0)?;
    let aperture = words.optional("aperture", 0.0..=1e3)?.unwrap_or(0.0);
    let gaze = to - from;
    let focus = words.optional("focus", LENGTH)?.unwrap_or(gaze.length());
    if gaze.length() < 1e-3 {
        return Err(words.error("the camera looks at its own place; move 'from' or 'to'"));
    }
    if gaze.cross(Vector::new(0.0, 1.0, 0.0)).length() < 1e-3 * gaze.length() {
        return Err(words.error(
            "the camera looks straight up or down, so that no side of the picture is up; \
             move 'to' a little sideways",
        ));
    }
    Ok(View {
        from,
        to,
        fov,
        aperture,
        focus,
    })
}

fn sky(words: &mut Words<'_>) -> Result<Sky> {
    words.key("horizon")?;
    let horizon = words.vector("the horizon's colour", RADIANCE)?;
    words.key("zenith")?;
    Ok(Sky {
        horizon,
        zenith: words.vector("the zenith's colour", RADIANCE)?,
    })
}

fn material(words: &mut Words<'_>) -> Result<Material> {
    match words.word("the kind of material")? {
        "diffuse" => Ok(Material::Diffuse(words.vector("the colour", SHARE)?)),
        "checker" => {
            let even = words.vector("the first colour", SHARE)?;
            let odd = words.vector("the second colour", SHARE)?;
            let size = words.optional("size", LENGTH)?.unwrap_or(1.0);
            Ok(Material::Checker { even, odd, size })
        }
        "metal" => {
            let colour = words.vector("the colour", SHARE)?;
            let roughness = words.optional("roughness", SHARE)?.unwrap_or(0.0);
            Ok(Material::Metal { colour, roughness })
        }
        "glass" => {
            let tint = words.vector("the colour", SHARE)?;
            let index = words.optional("index", 1.0..=4.0)?.unwrap_or(1.5);
            Ok(Material::Glass { tint, index })
        }
        "light" => Ok(Material::Light(words.vector("the radiance", RADIANCE)?)),
        other => Err(words.error(format!(
            "'{other}' is not a kind of material; the kinds are diffuse, checker, metal, glass \
             and light"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::MOST_THINGS;

    const START: &str = "image 64 48\ncamera from 0 1 6 to 0 1 0 fov 40\n";

    /// The error that `statement` causes on the third line.
    fn third_line(statement: &str) -> SceneError {
        Scene::parse(&format!("{START}{statement}\n")).unwrap_err()
    }

    #[test]
    fn a_scene_needs_an_image_and_a_camera_and_has_defaults_for_the_rest() {
        let scene = Scene::parse(START).unwrap();
        assert_eq!((scene.width, scene.height, scene.tile), (64, 48, 64));
        assert_eq!((scene.samples, scene.depth, scene.seed), (16, 8, 1));
        let error = Scene::parse("image 64 48").unwrap_err();
        assert_eq!(error.line, 0);
        assert!(error.to_string().contains("no 'camera' line"), "{error}");
        let error = Scene::parse("").unwrap_err();
        assert!(error.to_string().contains("no 'image' line"), "{error}");
    }

    #[test]
    fn comments_blank_lines_and_windows_line_ends_do_not_matter() {
        let text = "# a scene\r\n\r\nimage 4 4 # small\r\n  camera from 0 1 6 to 0 1 0 fov 40\r\n";
        assert_eq!(Scene::parse(text).unwrap().width, 4);
    }

    #[test]
    fn everything_declared_is_in_the_scene() {
        let text = format!(
            "{START}tile 7\nsamples 3\ndepth 5\nseed 9\nexposure 2\n\
             sky horizon 1 1 1 zenith 0 0 1\n\
             material floor checker 1 1 1 0 0 0 size 2\nmaterial lamp light 9 8 7\n\
             material clear glass 1 1 1 index 1.3\nmaterial steel metal 0.5 0.5 0.5 roughness 0.2\n\
             ground 0 material floor\nplane 0 0 -9 normal 0 0 2 material steel\n\
             sphere 0 1 0 radius 1 material clear\nsphere 0 9 0 radius 2 material lamp\n"
        );
        let scene = Scene::parse(&text).unwrap();
        assert_eq!(
            (scene.tile, scene.samples, scene.depth, scene.seed),
            (7, 3, 5, 9)
        );
        assert_eq!(
            (scene.exposure, scene.sky.zenith),
            (2.0, Vector::new(0.0, 0.0, 1.0))
        );
        let clear = Material::Glass {
            tint: Vector::ONE,
            index: 1.3,
        };
        assert_eq!(scene.materials[scene.spheres[0].material], clear);
        assert_eq!(scene.planes[1].normal, Vector::new(0.0, 0.0, 1.0));
        assert_eq!(scene.lights, [(1, Vector::new(9.0, 8.0, 7.0))]);
    }

    #[test]
    fn mistakes_are_answered_with_their_line() {
        for (statement, part) in [
            (
                "spere 0 0 0",
                "'spere' is not a statement; the statements are image, tile",
            ),
            ("image 1 1", "'image' is stated a second time"),
            (
                "camera from 0 0 1 to 0 0 0 fov 40",
                "'camera' is stated a second time",
            ),
            (
                "tile 0",
                "'0' stands where tile should, a whole number 1 to 16384",
            ),
            ("tile 1.5", "'1.5' stands where tile should"),
            ("samples", "the line ends where samples should stand"),
            ("samples many", "'many' stands where samples should"),
            ("seed -1", "'-1' stands where seed should"),
            (
                "exposure nan",
                "'nan' stands where exposure should, a number 0.001 to 1000",
            ),
            ("depth 4 5", "'5' is more than the statement takes"),
            ("sky zenith 1 1 1", "'zenith' stands where 'horizon' should"),
            (
                "material red",
                "the line ends where the kind of material should stand",
            ),
            ("material red velvet", "'velvet' is not a kind of material"),
            (
                "material red diffuse 1 0",
                "the line ends where the colour should stand",
            ),
            (
                "material red diffuse 2 0 0",
                "'2' stands where the colour should, a number 0 to 1",
            ),
            (
                "sphere 0 0 inf radius 1",
                "'inf' stands where the centre should",
            ),
            (
                "sphere 0 0 0 radius 0",
                "'0' stands where the radius should",
            ),
            (
                "sphere 0 0 0 radius 1 material gold",
                "there is no material 'gold' above",
            ),
            (
                "plane 0 0 0 normal 0 0 0 material a",
                "the normal is too short",
            ),
            (
                "ground low",
                "'low' stands where the height of the ground should",
            ),
        ] {
            let error = third_line(statement);
            assert_eq!(error.line, 3, "{statement}");
            assert!(error.message.contains(part), "{statement}: {error}");
        }
    }

    #[test]
    fn mistakes_between_lines_are_answered_with_the_later_one() {
        for (statements, part) in [
            (
                "material a diffuse 1 1 1\nmaterial a light 1 1 1",
                "there is a material 'a' already",
            ),
            (
                "material a light 1 1 1\nground 0 material a",
                "a plane cannot be a light",
            ),
            (
                "material a glass 1 1 1\nground 0 material a",
                "a plane cannot be glass",
            ),
        ] {
            let error = third_line(statements);
            assert_eq!(error.line, 4, "{statements}");
            assert!(error.message.contains(part), "{statements}: {error}");
        }
    }

    #[test]
    fn cameras_without_an_upright_picture_are_refused() {
        for (to, part) in [("0 1 6", "its own place"), ("0 9 6", "straight up or down")] {
            let text = format!("image 4 4\ncamera from 0 1 6 to {to} fov 40");
            let error = Scene::parse(&text).unwrap_err();
            assert_eq!(error.line, 2);
            assert!(error.message.contains(part), "{error}");
        }
    }

    #[test]
    fn a_scene_has_a_largest_number_of_things() {
        let sphere = "sphere 0 0 0 radius 1 material a\n";
        let text = format!(
            "{START}material a diffuse 1 1 1\n{}",
            sphere.repeat(MOST_THINGS + 1)
        );
        let error = Scene::parse(&text).unwrap_err();
        assert_eq!(error.line, 3 + MOST_THINGS + 1);
        assert!(
            error
                .to_string()
                .contains("more than 10000 spheres and planes"),
            "{error}"
        );
    }
}
