//! The file system by itself: what each operation does, and each error it can answer.

use super::*;
use std::io::Write;

const CREATE: Opening = Opening {
    create: true,
    exclusive: false,
    truncate: false,
    folder: false,
    write: true,
};
const READ: Opening = Opening {
    create: false,
    exclusive: false,
    truncate: false,
    folder: false,
    write: false,
};
const WRITE: Opening = Opening {
    write: true,
    ..READ
};

/// A file system with the inputs `scene` ("hello") and `data/row`, and room for 1,000 bytes and 20
/// nodes.
fn files() -> Files {
    let mut files = Files::new(1_000, 20);
    for (name, content) in [("scene", "hello"), ("data/row", "1;2")] {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(content.as_bytes()).unwrap();
        files.add_input(name, file, content.len() as u64).unwrap();
    }
    files
}

fn with_output(path: &str, content: &str) -> Files {
    let mut files = files();
    put(&mut files, path, content);
    files
}

fn put(files: &mut Files, path: &str, content: &str) {
    let inode = files.open(OUTPUT, path, CREATE).unwrap();
    files.write(inode, 0, content.as_bytes()).unwrap();
}

fn content(files: &Files, from: Inode, path: &str) -> String {
    let mut bytes = [0; 64];
    let count = files
        .read(files.resolve(from, path).unwrap(), 0, &mut bytes)
        .unwrap();
    String::from_utf8(bytes[..count].to_vec()).unwrap()
}

fn errno<T>(result: Result<T, Fault>) -> Errno {
    match result {
        Ok(_) => panic!("it must fail"),
        Err(fault) => fault.errno(),
    }
}

fn outputs(files: &Files) -> Vec<(String, &str)> {
    let text = |bytes| std::str::from_utf8(bytes).unwrap();
    files
        .outputs()
        .into_iter()
        .map(|(path, bytes)| (path, text(bytes)))
        .collect()
}

mod paths {
    use super::*;

    #[test]
    fn lead_to_files_and_folders() {
        let files = files();
        assert_eq!(content(&files, INPUT, "scene"), "hello");
        assert_eq!(content(&files, INPUT, "./data//row"), "1;2");
        assert_eq!(content(&files, INPUT, "data/../scene"), "hello");
        assert_eq!(files.resolve(INPUT, "."), Ok(INPUT));
        assert_eq!(files.resolve(INPUT, "data/.."), Ok(INPUT));
    }

    #[test]
    fn do_not_lead_out() {
        let files = files();
        let data = files.resolve(INPUT, "data").unwrap();
        assert_eq!(files.resolve(INPUT, ".."), Err(Errno::NotCapable));
        assert_eq!(
            files.resolve(INPUT, "data/../../etc/passwd"),
            Err(Errno::NotCapable)
        );
        assert_eq!(files.resolve(data, "../scene"), Err(Errno::NotCapable));
        assert_eq!(files.resolve(INPUT, "/etc/passwd"), Err(Errno::NotCapable));
    }

    #[test]
    fn need_folders_on_the_way() {
        let files = files();
        assert_eq!(files.resolve(INPUT, "scene/x"), Err(Errno::NotFolder));
        assert_eq!(files.resolve(INPUT, "scene/"), Err(Errno::NotFolder));
        assert_eq!(files.resolve(INPUT, "scene/.."), Err(Errno::NotFolder));
        assert_eq!(files.resolve(INPUT, "nothing/x"), Err(Errno::NotFound));
        assert_eq!(files.resolve(99, "x"), Err(Errno::BadDescriptor));
    }
}

mod open {
    use super::*;

    #[test]
    fn makes_missing_files_only_when_asked() {
        let mut files = files();
        assert_eq!(errno(files.open(OUTPUT, "a", WRITE)), Errno::NotFound);
        let made = files.open(OUTPUT, "a", CREATE).unwrap();
        assert_eq!(files.open(OUTPUT, "a", CREATE).unwrap(), made);
        let exclusive = Opening {
            exclusive: true,
            ..CREATE
        };
        assert_eq!(errno(files.open(OUTPUT, "a", exclusive)), Errno::Exists);
    }

    #[test]
    fn empties_files_when_asked() {
        let mut files = with_output("a", "content");
        files
            .open(
                OUTPUT,
                "a",
                Opening {
                    truncate: true,
                    ..WRITE
                },
            )
            .unwrap();
        assert_eq!(outputs(&files), [("a".to_string(), "")]);
    }

    #[test]
    fn inputs_are_read_only() {
        let mut files = files();
        assert!(files.open(INPUT, "scene", READ).is_ok());
        assert_eq!(errno(files.open(INPUT, "scene", WRITE)), Errno::ReadOnly);
        let truncate = Opening {
            truncate: true,
            ..READ
        };
        assert_eq!(errno(files.open(INPUT, "scene", truncate)), Errno::ReadOnly);
        assert_eq!(errno(files.open(INPUT, "new", CREATE)), Errno::ReadOnly);
        let scene = files.resolve(INPUT, "scene").unwrap();
        assert_eq!(errno(files.write(scene, 0, b"x")), Errno::ReadOnly);
        assert_eq!(errno(files.resize(scene, 0)), Errno::ReadOnly);
    }

    #[test]
    fn folders_are_folders() {
        let mut files = files();
        assert!(
            files
                .open(
                    INPUT,
                    "data",
                    Opening {
                        folder: true,
                        ..READ
                    }
                )
                .is_ok()
        );
        assert_eq!(errno(files.open(INPUT, "data", WRITE)), Errno::IsFolder);
        let folder = Opening {
            folder: true,
            ..READ
        };
        assert_eq!(errno(files.open(INPUT, "scene", folder)), Errno::NotFolder);
        assert_eq!(errno(files.open(OUTPUT, "new/", CREATE)), Errno::Invalid);
        assert_eq!(errno(files.open(OUTPUT, "no/new", CREATE)), Errno::NotFound);
    }
}

mod content {
    use super::*;

    #[test]
    fn gaps_are_zero_and_counted() {
        let mut files = with_output("a", "x");
        let file = files.resolve(OUTPUT, "a").unwrap();
        files.write(file, 4, b"y").unwrap();
        assert_eq!(outputs(&files), [("a".to_string(), "x\0\0\0y")]);
        assert_eq!(files.room.bytes, 995);
    }

    #[test]
    fn reads_end_at_the_end() {
        let files = with_output("a", "abc");
        let mut bytes = [0; 2];
        for (from, path) in [(OUTPUT, "a"), (INPUT, "data/row")] {
            let file = files.resolve(from, path).unwrap();
            assert_eq!(files.read(file, 1, &mut bytes).unwrap(), 2);
            assert_eq!(files.read(file, 2, &mut bytes).unwrap(), 1);
            assert_eq!(files.read(file, 3, &mut bytes).unwrap(), 0);
            assert_eq!(files.read(file, u64::MAX, &mut bytes).unwrap(), 0);
        }
        assert_eq!(errno(files.read(OUTPUT, 0, &mut bytes)), Errno::IsFolder);
    }

    #[test]
    fn input_that_shrank_is_no_answer() {
        let mut files = Files::new(0, 0);
        files
            .add_input("a", tempfile::tempfile().unwrap(), 5)
            .unwrap();
        let file = files.resolve(INPUT, "a").unwrap();
        let error = files.read(file, 0, &mut [0; 5]).unwrap_err();
        assert!(matches!(error, Fault::Stop(Stop::Io(_))));
    }

    #[test]
    fn too_many_bytes_end_the_app() {
        let mut files = with_output("a", "abc");
        let file = files.resolve(OUTPUT, "a").unwrap();
        files.resize(file, 1_000).unwrap();
        for result in [files.resize(file, 1_001), files.write(file, 1_000, b"x")] {
            assert!(matches!(result, Err(Fault::Stop(Stop::OutputLimit))));
        }
        let far = files.write(file, u64::MAX - 1, b"x");
        assert!(matches!(far, Err(Fault::Stop(Stop::OutputLimit))));
        assert_eq!(errno(files.write(file, u64::MAX, b"x")), Errno::TooBig);
    }

    #[test]
    fn freed_bytes_can_be_written_again() {
        let mut files = with_output("a", &"x".repeat(1_000));
        files.unlink(OUTPUT, "a").unwrap();
        put(&mut files, "b", &"y".repeat(1_000));
        let file = files.resolve(OUTPUT, "b").unwrap();
        files.resize(file, 10).unwrap();
        assert_eq!(files.room.bytes, 990);
        let Content::Bytes(bytes) = &files.nodes[&file].content else {
            panic!("a file")
        };
        assert!(
            bytes.capacity() < 100,
            "memory that is not counted must not be kept"
        );
    }
}

mod folders {
    use super::*;

    #[test]
    fn can_be_made_listed_and_removed() {
        let mut files = files();
        files.create_folder(OUTPUT, "b/").unwrap();
        put(&mut files, "b/z", "1");
        put(&mut files, "b/a", "2");
        let folder = files.resolve(OUTPUT, "b").unwrap();
        let names = files
            .list(folder)
            .unwrap()
            .into_iter()
            .map(|(_, name)| name);
        assert_eq!(names.collect::<Vec<_>>(), ["z", "a"]); // the order of creation
        assert_eq!(files.remove_folder(OUTPUT, "b"), Err(Errno::NotEmpty));
        files.unlink(OUTPUT, "b/z").unwrap();
        files.unlink(OUTPUT, "b/a").unwrap();
        files.remove_folder(OUTPUT, "b").unwrap();
        assert_eq!(files.resolve(OUTPUT, "b"), Err(Errno::NotFound));
        assert_eq!((files.room.bytes, files.room.nodes), (1_000, 20));
    }

    #[test]
    fn refuse_what_has_no_meaning() {
        let mut files = with_output("file", "");
        assert_eq!(errno(files.create_folder(OUTPUT, "file")), Errno::Exists);
        assert_eq!(errno(files.create_folder(OUTPUT, ".")), Errno::Exists);
        assert_eq!(
            errno(files.create_folder(OUTPUT, "no/new")),
            Errno::NotFound
        );
        assert_eq!(
            errno(files.create_folder(OUTPUT, "../x")),
            Errno::NotCapable
        );
        assert_eq!(errno(files.create_folder(INPUT, "new")), Errno::ReadOnly);
        assert_eq!(files.remove_folder(OUTPUT, "file"), Err(Errno::NotFolder));
        assert_eq!(files.remove_folder(OUTPUT, "no"), Err(Errno::NotFound));
        assert_eq!(files.remove_folder(OUTPUT, "."), Err(Errno::Invalid));
        assert_eq!(files.remove_folder(INPUT, "data"), Err(Errno::NotEmpty));
        assert_eq!(files.unlink(OUTPUT, "file/"), Err(Errno::NotFolder));
        assert_eq!(files.unlink(INPUT, "data"), Err(Errno::IsFolder));
        assert_eq!(files.unlink(INPUT, "scene"), Err(Errno::ReadOnly));
    }

    #[test]
    fn too_many_nodes_end_the_app() {
        let mut files = files();
        for number in 0..20 {
            files.create_folder(OUTPUT, &format!("f{number}")).unwrap();
        }
        let error = files.create_folder(OUTPUT, "one-more").unwrap_err();
        assert!(matches!(error, Fault::Stop(Stop::OutputLimit)));
    }

    #[test]
    fn removed_but_open_folder_takes_nothing() {
        let mut files = files();
        files.create_folder(OUTPUT, "a").unwrap();
        let folder = files.resolve(OUTPUT, "a").unwrap();
        files.retain(folder);
        files.remove_folder(OUTPUT, "a").unwrap();
        assert_eq!(errno(files.open(folder, "x", CREATE)), Errno::NotFound);
        files.release(folder);
        assert_eq!(files.list(folder), Err(Errno::BadDescriptor));
    }
}

mod names {
    use super::*;

    #[test]
    fn unlinked_file_stays_while_it_is_open() {
        let mut files = with_output("a", "abc");
        let file = files.resolve(OUTPUT, "a").unwrap();
        files.retain(file);
        files.unlink(OUTPUT, "a").unwrap();
        files.write(file, 3, b"d").unwrap();
        assert_eq!(files.status(file).unwrap().size, 4);
        assert!(outputs(&files).is_empty());
        files.release(file);
        assert_eq!(files.status(file), Err(Errno::BadDescriptor));
        assert_eq!(files.room.bytes, 1_000);
    }

    #[test]
    fn rename_moves_and_replaces() {
        let mut files = with_output("a", "new");
        put(&mut files, "b", "old");
        files.rename(OUTPUT, "a", OUTPUT, "b").unwrap();
        assert_eq!(outputs(&files), [("b".to_string(), "new")]);
        files.rename(OUTPUT, "b", OUTPUT, "b").unwrap();
        files.create_folder(OUTPUT, "d").unwrap();
        files.rename(OUTPUT, "b", OUTPUT, "d/c").unwrap();
        files.create_folder(OUTPUT, "e").unwrap();
        files.rename(OUTPUT, "d", OUTPUT, "e").unwrap();
        assert_eq!(outputs(&files), [("e/c".to_string(), "new")]);
        assert_eq!(files.room.bytes, 997);
    }

    #[test]
    fn rename_refuses_what_has_no_meaning() {
        let mut files = with_output("a", "");
        files.create_folder(OUTPUT, "d").unwrap();
        put(&mut files, "d/x", "");
        files.create_folder(OUTPUT, "e").unwrap();
        let cases = [
            ("no", "b", Errno::NotFound),
            ("a", "d", Errno::IsFolder),
            ("d", "a", Errno::NotFolder),
            ("e", "d", Errno::NotEmpty),
            ("d", "d/y", Errno::Invalid),
            ("a", "b/", Errno::NotFolder),
            ("a", "../b", Errno::NotCapable),
            ("a", "a/b", Errno::NotFolder),
            (".", "b", Errno::Invalid),
        ];
        for (path, new_path, expected) in cases {
            let result = files.rename(OUTPUT, path, OUTPUT, new_path);
            assert_eq!(result, Err(expected), "{path} to {new_path}");
        }
        assert_eq!(
            files.rename(INPUT, "scene", OUTPUT, "b"),
            Err(Errno::ReadOnly)
        );
        assert_eq!(files.rename(OUTPUT, "a", INPUT, "b"), Err(Errno::ReadOnly));
    }

    #[test]
    fn folder_does_not_move_below_itself_through_a_descriptor() {
        let mut files = files();
        files.create_folder(OUTPUT, "a").unwrap();
        files.create_folder(OUTPUT, "a/b").unwrap();
        let inner = files.resolve(OUTPUT, "a/b").unwrap();
        assert_eq!(files.rename(OUTPUT, "a", inner, "c"), Err(Errno::Invalid));
    }

    #[test]
    fn inputs_with_one_name_are_refused() {
        let mut files = files();
        let file = || tempfile::tempfile().unwrap();
        assert_eq!(files.add_input("scene", file(), 0), Err(Errno::Exists));
        assert_eq!(files.add_input("scene/x", file(), 0), Err(Errno::NotFolder));
        assert_eq!(files.add_input("/x", file(), 0), Err(Errno::NotCapable));
    }

    #[test]
    fn outputs_are_sorted_by_whole_paths() {
        let mut files = with_output("a-b", "1");
        files.create_folder(OUTPUT, "a").unwrap();
        files.create_folder(OUTPUT, "empty").unwrap();
        put(&mut files, "a/c", "2");
        assert_eq!(
            outputs(&files),
            [("a-b".to_string(), "1"), ("a/c".to_string(), "2")]
        );
    }
}
