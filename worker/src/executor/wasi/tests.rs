//! Calls as an app makes them: addresses in its memory in, numbers out.

use super::{
    descriptor_calls::{APPEND, FD_READ, FD_WRITE},
    errno::Errno,
    guest::Buffer,
    *,
};
use std::io::Write;

/// Where tests put a path.
const PATH: u32 = 0;
/// Where they put a list of buffers.
const LIST: u32 = 256;
/// Where they expect numbers.
const RESULT: u32 = 512;
/// Where they put and expect bytes.
const BYTES: u32 = 1_024;
/// An address at the end of all addresses.
const FAR: u32 = u32::MAX - 3;
const INPUT: u32 = 3;
const OUTPUT: u32 = 4;
const CREATE: u32 = 1;

/// A system, a memory and plenty of fuel.
struct App {
    wasi: Wasi,
    memory: Vec<u8>,
    fuel: u64,
}

impl App {
    fn new() -> Self {
        let mut files = Files::new(10_000, 10);
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"hello").unwrap();
        files.add_input("scene", file, 5).unwrap();
        let args = vec!["app".to_string(), "ä".to_string()];
        Self {
            wasi: Wasi::with_files(args, files, 8),
            memory: vec![0; 8_192],
            fuel: 1_000_000,
        }
    }

    fn call(&mut self, call: impl FnOnce(&mut Wasi, &mut Guest<'_>) -> Answer) -> Answer {
        let mut guest = Guest::new(&mut self.memory, self.fuel);
        let answer = call(&mut self.wasi, &mut guest);
        self.fuel = guest.fuel();
        answer
    }

    fn put(&mut self, at: u32, bytes: &[u8]) {
        self.memory[at as usize..][..bytes.len()].copy_from_slice(bytes);
    }

    fn bytes(&self, at: u32, length: usize) -> &[u8] {
        &self.memory[at as usize..][..length]
    }

    fn u32(&self, at: u32) -> u32 {
        u32::from_le_bytes(self.bytes(at, 4).try_into().unwrap())
    }

    fn u64(&self, at: u32) -> u64 {
        u64::from_le_bytes(self.bytes(at, 8).try_into().unwrap())
    }

    fn list(&mut self, buffers: &[Buffer]) -> u32 {
        for (number, buffer) in (0..).zip(buffers) {
            self.put(LIST + 8 * number, &buffer.at.to_le_bytes());
            self.put(LIST + 8 * number + 4, &buffer.length.to_le_bytes());
        }
        buffers.len() as u32
    }

    fn open(&mut self, folder: u32, path: &str, how: u32, rights: u64) -> Result<u32, Errno> {
        self.put(PATH, path.as_bytes());
        let length = path.len() as u32;
        self.call(|wasi, guest| {
            wasi.path_open(guest, folder, 0, PATH, length, how, rights, 0, 0, RESULT)
        })
        .map_err(Fault::errno)?;
        Ok(self.u32(RESULT))
    }

    fn write(&mut self, fd: u32, bytes: &[u8]) -> Result<u32, Errno> {
        self.put(BYTES, bytes);
        let count = self.list(&[Buffer {
            at: BYTES,
            length: bytes.len() as u32,
        }]);
        self.call(|wasi, guest| wasi.fd_write(guest, fd, LIST, count, RESULT))
            .map_err(Fault::errno)?;
        Ok(self.u32(RESULT))
    }

    fn read(&mut self, fd: u32, length: u32) -> Result<Vec<u8>, Errno> {
        let count = self.list(&[
            Buffer {
                at: BYTES,
                length: length.min(1),
            },
            Buffer {
                at: BYTES + 1,
                length: length.saturating_sub(1),
            },
        ]);
        self.call(|wasi, guest| wasi.fd_read(guest, fd, LIST, count, RESULT))
            .map_err(Fault::errno)?;
        Ok(self.bytes(BYTES, self.u32(RESULT) as usize).to_vec())
    }

    fn seek(&mut self, fd: u32, by: i64, whence: u32) -> Result<u64, Errno> {
        self.call(|wasi, guest| wasi.fd_seek(guest, fd, by, whence, RESULT))
            .map_err(Fault::errno)?;
        Ok(self.u64(RESULT))
    }

    fn errno(&mut self, call: impl FnOnce(&mut Wasi, &mut Guest<'_>) -> Answer) -> Errno {
        self.call(call).unwrap_err().errno()
    }

    /// Names and kinds in a folder, read with a small buffer, entry after entry.
    fn names(&mut self, fd: u32) -> Vec<(String, u8)> {
        let (mut names, mut cookie) = (Vec::new(), 0);
        loop {
            self.call(|wasi, guest| wasi.fd_readdir(guest, fd, BYTES, 40, cookie, RESULT))
                .unwrap();
            if self.u32(RESULT) == 0 {
                return names;
            }
            let length = self.u32(BYTES + 16) as usize;
            let name = String::from_utf8(self.bytes(BYTES + 24, length).to_vec()).unwrap();
            names.push((name, self.bytes(BYTES + 20, 1)[0]));
            cookie = self.u64(BYTES);
        }
    }
}

#[test]
fn arguments_are_given_and_environment_is_empty() {
    let mut app = App::new();
    app.call(|wasi, guest| wasi.args_sizes_get(guest, RESULT, RESULT + 4))
        .unwrap();
    assert_eq!((app.u32(RESULT), app.u32(RESULT + 4)), (2, 7));
    app.call(|wasi, guest| wasi.args_get(guest, LIST, BYTES))
        .unwrap();
    assert_eq!((app.u32(LIST), app.u32(LIST + 4)), (BYTES, BYTES + 4));
    assert_eq!(app.bytes(BYTES, 7), "app\0ä\0".as_bytes());
    app.put(RESULT, &[1; 8]);
    app.call(|wasi, guest| wasi.environ_sizes_get(guest, RESULT, RESULT + 4))
        .unwrap();
    assert_eq!(app.u64(RESULT), 0);
    app.call(|wasi, guest| wasi.environ_get(guest, LIST, BYTES))
        .unwrap();
}

#[test]
fn given_folders_are_found_as_programs_look_for_them() {
    let mut app = App::new();
    for (fd, name) in [(INPUT, "/input"), (OUTPUT, "/output")] {
        app.call(|wasi, guest| wasi.fd_prestat_get(guest, fd, RESULT))
            .unwrap();
        assert_eq!(
            (app.u32(RESULT), app.u32(RESULT + 4)),
            (0, name.len() as u32)
        );
        let length = name.len() as u32;
        app.call(|wasi, guest| wasi.fd_prestat_dir_name(guest, fd, BYTES, length))
            .unwrap();
        assert_eq!(app.bytes(BYTES, name.len()), name.as_bytes());
    }
    assert_eq!(
        app.errno(|wasi, guest| wasi.fd_prestat_get(guest, 5, RESULT)),
        Errno::BadDescriptor
    );
    assert_eq!(
        app.errno(|wasi, guest| wasi.fd_prestat_get(guest, 1, RESULT)),
        Errno::BadDescriptor
    );
    let short = app.errno(|wasi, guest| wasi.fd_prestat_dir_name(guest, INPUT, BYTES, 5));
    assert_eq!(short, Errno::NameTooLong);
}

#[test]
fn files_are_written_sought_and_read() {
    let mut app = App::new();
    let fd = app.open(OUTPUT, "a", CREATE, FD_READ | FD_WRITE).unwrap();
    assert_eq!(app.write(fd, b"abcdef"), Ok(6));
    assert_eq!(app.seek(fd, -4, 1), Ok(2));
    assert_eq!(app.read(fd, 3), Ok(b"cde".to_vec()));
    assert_eq!(app.read(fd, 3), Ok(b"f".to_vec()));
    assert_eq!(app.read(fd, 3), Ok(vec![]));
    assert_eq!(app.seek(fd, 1, 2), Ok(7));
    assert_eq!(app.write(fd, b"h"), Ok(1));
    assert_eq!(app.seek(fd, 5, 0), Ok(5));
    assert_eq!(app.read(fd, 9), Ok(b"f\0h".to_vec()));
    app.call(|wasi, guest| wasi.fd_tell(guest, fd, RESULT))
        .unwrap();
    assert_eq!(app.u64(RESULT), 8);
    assert_eq!(app.seek(fd, -1, 0), Err(Errno::Invalid));
    assert_eq!(app.seek(fd, 0, 3), Err(Errno::Invalid));
    assert_eq!(app.seek(1, 0, 0), Err(Errno::NoPosition));
}

#[test]
fn positioned_calls_leave_the_position() {
    let mut app = App::new();
    let fd = app.open(OUTPUT, "a", CREATE, FD_READ | FD_WRITE).unwrap();
    app.write(fd, b"abc").unwrap();
    app.put(BYTES, b"X");
    let count = app.list(&[Buffer {
        at: BYTES,
        length: 1,
    }]);
    app.call(|wasi, guest| wasi.fd_pwrite(guest, fd, LIST, count, 1, RESULT))
        .unwrap();
    app.call(|wasi, guest| wasi.fd_pread(guest, fd, LIST, count, 2, RESULT))
        .unwrap();
    assert_eq!((app.u32(RESULT), app.bytes(BYTES, 1)), (1, b"c".as_slice()));
    assert_eq!(app.seek(fd, 0, 1), Ok(3));
    assert_eq!(
        app.wasi.outputs().unwrap(),
        [("a".to_string(), b"aXc".as_slice())]
    );
}

#[test]
fn appending_writes_go_to_the_end() {
    let mut app = App::new();
    let fd = app.open(OUTPUT, "a", CREATE, FD_WRITE).unwrap();
    app.write(fd, b"abc").unwrap();
    app.call(|wasi, guest| wasi.fd_fdstat_set_flags(guest, fd, APPEND))
        .unwrap();
    app.seek(fd, 0, 0).unwrap();
    app.write(fd, b"d").unwrap();
    assert_eq!(app.wasi.outputs().unwrap()[0].1, b"abcd");
    app.call(|wasi, guest| wasi.fd_fdstat_set_flags(guest, 1, 4))
        .unwrap();
    let error = app.errno(|wasi, guest| wasi.fd_fdstat_set_flags(guest, OUTPUT, APPEND));
    assert_eq!(error, Errno::BadDescriptor);
}

#[test]
fn descriptors_do_only_what_they_were_opened_for() {
    let mut app = App::new();
    let reader = app.open(INPUT, "scene", 0, FD_READ).unwrap();
    assert_eq!(app.write(reader, b"x"), Err(Errno::BadDescriptor));
    assert_eq!(app.read(reader, 9), Ok(b"hello".to_vec()));
    let writer = app.open(OUTPUT, "a", CREATE, FD_WRITE).unwrap();
    assert_eq!(app.read(writer, 1), Err(Errno::BadDescriptor));
    let resized = app.errno(|wasi, guest| wasi.fd_filestat_set_size(guest, reader, 1));
    assert_eq!(resized, Errno::BadDescriptor);
    assert_eq!(app.write(0, b"x"), Err(Errno::BadDescriptor));
    assert_eq!(app.write(OUTPUT, b"x"), Err(Errno::BadDescriptor));
    assert_eq!(app.read(1, 1), Err(Errno::BadDescriptor));
    assert_eq!(app.read(OUTPUT, 1), Err(Errno::BadDescriptor));
    assert_eq!(app.read(0, 1), Ok(vec![]));
    assert_eq!(app.open(INPUT, "scene", 0, FD_WRITE), Err(Errno::ReadOnly));
    assert_eq!(app.open(1, "scene", 0, FD_READ), Err(Errno::NotFolder));
    assert_eq!(app.open(INPUT, "../x", 0, FD_READ), Err(Errno::NotCapable));
}

#[test]
fn streams_keep_their_ends_only() {
    let mut app = App::new();
    assert_eq!(app.write(1, b"0123456789"), Ok(10));
    assert_eq!(app.write(2, b"no"), Ok(2));
    let (stdout, stderr) = app.wasi.logs();
    assert_eq!((stdout, stderr), (b"6789".to_vec(), b"no".to_vec()));
}

#[test]
fn closing_and_renumbering_release_files() {
    let mut app = App::new();
    let (a, b) = (
        app.open(OUTPUT, "a", CREATE, FD_WRITE).unwrap(),
        app.open(OUTPUT, "b", CREATE, FD_WRITE).unwrap(),
    );
    for path in ["a", "b"] {
        app.put(PATH, path.as_bytes());
        app.call(|wasi, guest| wasi.path_unlink_file(guest, OUTPUT, PATH, 1))
            .unwrap();
    }
    app.write(a, b"still").unwrap();
    app.call(|wasi, guest| wasi.fd_renumber(guest, a, b))
        .unwrap();
    assert_eq!(app.write(a, b"x"), Err(Errno::BadDescriptor));
    app.write(b, b" here").unwrap();
    app.call(|wasi, guest| wasi.fd_close(guest, b)).unwrap();
    assert_eq!(
        app.errno(|wasi, guest| wasi.fd_close(guest, b)),
        Errno::BadDescriptor
    );
    assert_eq!(app.wasi.files.list(files::OUTPUT).unwrap().len(), 0);
}

#[test]
fn status_has_no_times() {
    let mut app = App::new();
    app.put(PATH, b"scene");
    app.put(BYTES, &[9; 64]);
    app.call(|wasi, guest| wasi.path_filestat_get(guest, INPUT, 1, PATH, 5, BYTES))
        .unwrap();
    let inode = app.u64(BYTES + 8);
    assert_eq!((app.u64(BYTES), app.bytes(BYTES + 16, 1)[0]), (0, 4));
    assert_eq!((app.u64(BYTES + 24), app.u64(BYTES + 32)), (1, 5));
    assert_eq!(app.bytes(BYTES + 40, 24), [0; 24]);
    let fd = app.open(INPUT, "scene", 0, FD_READ).unwrap();
    app.call(|wasi, guest| wasi.fd_filestat_get(guest, fd, BYTES))
        .unwrap();
    assert_eq!(app.u64(BYTES + 8), inode);
    app.call(|wasi, guest| wasi.fd_filestat_get(guest, 1, BYTES))
        .unwrap();
    assert_eq!(app.bytes(BYTES, 64), [0; 64]);
    app.call(|wasi, guest| wasi.fd_filestat_set_times(guest, fd, 1, 1, 15))
        .unwrap();
}

#[test]
fn rights_tell_how_a_descriptor_was_opened() {
    let mut app = App::new();
    let fd = app.open(INPUT, "scene", 0, FD_READ).unwrap();
    for (fd, kind, rights) in [
        (fd, 4, FD_READ),
        (0, 0, FD_READ),
        (1, 0, FD_WRITE),
        (OUTPUT, 3, FD_READ | FD_WRITE),
    ] {
        app.call(|wasi, guest| wasi.fd_fdstat_get(guest, fd, BYTES))
            .unwrap();
        assert_eq!(app.bytes(BYTES, 1)[0], kind);
        assert_eq!(app.u64(BYTES + 8) & (FD_READ | FD_WRITE), rights);
    }
    let error = app.errno(|wasi, guest| wasi.fd_fdstat_set_rights(guest, fd, 0, 0));
    assert_eq!(error, Errno::NotSupported);
}

#[test]
fn sizes_can_be_set_and_allocated() {
    let mut app = App::new();
    let fd = app.open(OUTPUT, "a", CREATE, FD_WRITE).unwrap();
    app.write(fd, b"abc").unwrap();
    app.call(|wasi, guest| wasi.fd_filestat_set_size(guest, fd, 1))
        .unwrap();
    app.call(|wasi, guest| wasi.fd_allocate(guest, fd, 1, 2))
        .unwrap();
    app.call(|wasi, guest| wasi.fd_allocate(guest, fd, 0, 1))
        .unwrap();
    assert_eq!(app.wasi.outputs().unwrap()[0].1, b"a\0\0");
    let error = app.errno(|wasi, guest| wasi.fd_allocate(guest, fd, 1, u64::MAX));
    assert_eq!(error, Errno::TooBig);
    let error = app.call(|wasi, guest| wasi.fd_allocate(guest, fd, 0, 10_001));
    assert!(matches!(error, Err(Fault::Stop(Stop::OutputLimit))));
}

#[test]
fn listing_survives_small_buffers_and_removals() {
    let mut app = App::new();
    for path in ["z", "a", "m"] {
        app.open(OUTPUT, path, CREATE, FD_WRITE).unwrap();
    }
    let names = app.names(OUTPUT);
    let expected = [(".", 3), ("..", 3), ("z", 4), ("a", 4), ("m", 4)];
    assert_eq!(names, expected.map(|(name, kind)| (name.to_string(), kind)));
    app.call(|wasi, guest| wasi.fd_readdir(guest, OUTPUT, BYTES, 75, 0, RESULT))
        .unwrap();
    assert_eq!(app.u32(RESULT), 75);
    let after_z = app.u64(BYTES + 51);
    app.put(PATH, b"z");
    app.call(|wasi, guest| wasi.path_unlink_file(guest, OUTPUT, PATH, 1))
        .unwrap();
    app.call(|wasi, guest| wasi.fd_readdir(guest, OUTPUT, BYTES, 25, after_z, RESULT))
        .unwrap();
    assert_eq!(app.bytes(BYTES + 24, 1), b"a");
    let error = app.errno(|wasi, guest| wasi.fd_readdir(guest, 1, BYTES, 25, 0, RESULT));
    assert_eq!(error, Errno::NotFolder);
}

#[test]
fn paths_are_made_renamed_and_removed() {
    let mut app = App::new();
    app.put(PATH, b"ab");
    app.call(|wasi, guest| wasi.path_create_directory(guest, OUTPUT, PATH, 1))
        .unwrap();
    let moved = |wasi: &mut Wasi, guest: &mut Guest<'_>| {
        wasi.path_rename(guest, OUTPUT, PATH, 1, OUTPUT, PATH + 1, 1)
    };
    app.call(moved).unwrap();
    assert_eq!(app.errno(moved), Errno::NotFound);
    app.call(|wasi, guest| wasi.path_filestat_set_times(guest, 4, 0, PATH + 1, 1, 0, 0, 0))
        .unwrap();
    let link = app.errno(|wasi, guest| wasi.path_readlink(guest, 4, PATH + 1, 1, BYTES, 9, RESULT));
    assert_eq!(link, Errno::Invalid);
    app.call(|wasi, guest| wasi.path_remove_directory(guest, OUTPUT, PATH + 1, 1))
        .unwrap();
    assert_eq!(app.wasi.files.list(files::OUTPUT), Ok(vec![]));
}

#[test]
fn what_does_not_exist_here_is_not_supported() {
    let mut app = App::new();
    let answers = [
        app.errno(|wasi, guest| wasi.clock_res_get(guest, 0, RESULT)),
        app.errno(|wasi, guest| wasi.clock_time_get(guest, 0, 1, RESULT)),
        app.errno(|wasi, guest| wasi.proc_raise(guest, 6)),
        app.errno(|wasi, guest| wasi.path_link(guest, 4, 0, PATH, 1, 4, PATH, 1)),
        app.errno(|wasi, guest| wasi.path_symlink(guest, PATH, 1, 4, PATH, 1)),
        app.errno(|wasi, guest| wasi.sock_accept(guest, 3, 0, RESULT)),
        app.errno(|wasi, guest| wasi.sock_recv(guest, 3, LIST, 1, 0, RESULT, RESULT)),
        app.errno(|wasi, guest| wasi.sock_send(guest, 3, LIST, 1, 0, RESULT)),
        app.errno(|wasi, guest| wasi.sock_shutdown(guest, 3, 0)),
    ];
    assert_eq!(answers, [Errno::NotSupported; 9]);
    app.call(|wasi, guest| wasi.sched_yield(guest)).unwrap();
    app.call(|wasi, guest| wasi.fd_sync(guest, 1)).unwrap();
    assert_eq!(
        app.errno(|wasi, guest| wasi.fd_datasync(guest, 9)),
        Errno::BadDescriptor
    );
    assert_eq!(
        app.errno(|wasi, guest| wasi.fd_advise(guest, 1, 0, 0, 0)),
        Errno::NoPosition
    );
}

#[test]
fn waits_pass_at_once() {
    let mut app = App::new();
    let mut subscriptions = [0; 96];
    subscriptions[0] = 7; // user data of a clock
    subscriptions[48] = 8; // user data of a read
    subscriptions[48 + 8] = 1;
    subscriptions[48 + 16] = 99; // of a descriptor that is not open
    app.put(BYTES, &subscriptions);
    app.call(|wasi, guest| wasi.poll_oneoff(guest, BYTES, BYTES + 1_000, 2, RESULT))
        .unwrap();
    assert_eq!(app.u32(RESULT), 2);
    let events = app.bytes(BYTES + 1_000, 64);
    assert_eq!((events[0], events[8], events[10]), (7, 0, 0));
    assert_eq!(
        (events[32], events[40], events[42]),
        (8, Errno::BadDescriptor as u8, 1)
    );
    let none = app.errno(|wasi, guest| wasi.poll_oneoff(guest, BYTES, BYTES, 0, RESULT));
    assert_eq!(none, Errno::Invalid);
    app.put(BYTES + 8, &[3]);
    let unknown = app.errno(|wasi, guest| wasi.poll_oneoff(guest, BYTES, BYTES, 1, RESULT));
    assert_eq!(unknown, Errno::Invalid);
}

#[test]
fn random_bytes_are_the_same_for_everybody_and_paid_for() {
    let (mut one, mut other) = (App::new(), App::new());
    one.call(|wasi, guest| wasi.random_get(guest, BYTES, 100))
        .unwrap();
    other
        .call(|wasi, guest| wasi.random_get(guest, BYTES, 40))
        .unwrap();
    other
        .call(|wasi, guest| wasi.random_get(guest, BYTES + 40, 60))
        .unwrap();
    assert_eq!(one.bytes(BYTES, 100), other.bytes(BYTES, 100));
    assert!(one.fuel <= 1_000_000 - 100);
    let far = one.errno(|wasi, guest| wasi.random_get(guest, u32::MAX, 2));
    assert_eq!(far, Errno::Fault);
}

#[test]
fn wrong_addresses_are_faults_in_every_call_that_takes_one() {
    let mut app = App::new();
    let file = app.open(OUTPUT, "a", CREATE, FD_READ | FD_WRITE).unwrap();
    let answers = [
        app.errno(|wasi, guest| wasi.args_get(guest, FAR, BYTES)),
        app.errno(|wasi, guest| wasi.args_sizes_get(guest, FAR, BYTES)),
        app.errno(|wasi, guest| wasi.environ_sizes_get(guest, FAR, BYTES)),
        app.errno(|wasi, guest| wasi.fd_write(guest, 1, FAR, 1, RESULT)),
        app.errno(|wasi, guest| wasi.fd_read(guest, file, FAR, 1, RESULT)),
        app.errno(|wasi, guest| wasi.fd_pwrite(guest, file, FAR, 1, 0, RESULT)),
        app.errno(|wasi, guest| wasi.fd_pread(guest, file, FAR, 1, 0, RESULT)),
        app.errno(|wasi, guest| wasi.fd_seek(guest, file, 0, 0, FAR)),
        app.errno(|wasi, guest| wasi.fd_tell(guest, file, FAR)),
        app.errno(|wasi, guest| wasi.fd_fdstat_get(guest, file, FAR)),
        app.errno(|wasi, guest| wasi.fd_filestat_get(guest, file, FAR)),
        app.errno(|wasi, guest| wasi.fd_prestat_get(guest, INPUT, FAR)),
        app.errno(|wasi, guest| wasi.fd_prestat_dir_name(guest, INPUT, FAR, 6)),
        app.errno(|wasi, guest| wasi.fd_readdir(guest, INPUT, FAR, 100, 0, RESULT)),
        app.errno(|wasi, guest| wasi.path_open(guest, OUTPUT, 0, FAR, 9, 0, 0, 0, 0, RESULT)),
        app.errno(|wasi, guest| wasi.path_filestat_get(guest, OUTPUT, 0, FAR, 9, RESULT)),
        app.errno(|wasi, guest| wasi.poll_oneoff(guest, FAR, BYTES, 1, RESULT)),
    ];
    assert_eq!(answers, [Errno::Fault; 17]);
}

#[test]
fn without_fuel_a_call_ends_the_app() {
    let mut app = App::new();
    app.fuel = 10;
    let count = app.list(&[Buffer {
        at: 0,
        length: 8_000,
    }]);
    let answer = app.call(|wasi, guest| wasi.fd_write(guest, 1, LIST, count, RESULT));
    assert!(matches!(answer, Err(Fault::Stop(Stop::OutOfFuel))));
    assert_eq!(app.fuel, 0);
}

#[test]
fn renaming_is_paid_by_the_number_of_files() {
    let mut app = App::new();
    let cost = |app: &mut App| {
        let before = app.fuel;
        app.put(PATH, b"absent-new");
        app.errno(|wasi, guest| wasi.path_rename(guest, OUTPUT, PATH, 6, OUTPUT, PATH + 7, 3));
        before - app.fuel
    };
    let with_few = cost(&mut app);
    for name in ["a", "b", "c", "d"] {
        app.open(OUTPUT, name, CREATE, FD_WRITE).unwrap();
    }
    assert!(cost(&mut app) >= with_few + 4 * 8);
}

#[test]
fn descriptors_run_out() {
    let mut app = App::new();
    while app.open(INPUT, "scene", 0, FD_READ).is_ok() {}
    assert_eq!(
        app.open(INPUT, "scene", 0, FD_READ),
        Err(Errno::TooManyOpen)
    );
}

#[test]
fn too_long_output_paths_are_told() {
    let mut app = App::new();
    let mut folder = OUTPUT;
    for _ in 0..5 {
        let name = "x".repeat(250);
        app.put(PATH, name.as_bytes());
        app.call(|wasi, guest| wasi.path_create_directory(guest, folder, PATH, 250))
            .unwrap();
        folder = app.open(folder, &name, 2, FD_READ).unwrap();
    }
    assert!(app.wasi.outputs().is_some());
    app.open(folder, "file", CREATE, FD_WRITE).unwrap();
    assert!(app.wasi.outputs().is_none());
}

#[test]
fn all_functions_of_the_interface_are_linked() {
    let limits = Limits::default();
    let engine = crate::executor::engine::engine(&limits).unwrap();
    let mut store = wasmtime::Store::new(&engine, Host::new(App::new().wasi, &limits));
    assert_eq!(linker(&engine).unwrap().iter(&mut store).count(), 46);
}
