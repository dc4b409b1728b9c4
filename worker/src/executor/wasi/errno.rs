//! How a host call ends when it does not succeed: with a number for the app, or with the app's end.

/// Error numbers of WASI preview 1, those that this system uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Errno {
    /// BADF: no such descriptor, or it is not open for this.
    BadDescriptor = 8,
    /// EXIST: the file exists already.
    Exists = 20,
    /// FAULT: an address outside the memory.
    Fault = 21,
    /// FBIG: a size that no file can have.
    TooBig = 22,
    /// ILSEQ: a path that is not UTF-8.
    NotText = 25,
    /// INVAL: an argument without meaning.
    Invalid = 28,
    /// ISDIR: it is a folder.
    IsFolder = 31,
    /// MFILE: too many open descriptors.
    TooManyOpen = 33,
    /// NAMETOOLONG: a name or path is too long.
    NameTooLong = 37,
    /// NOENT: no such file or folder.
    NotFound = 44,
    /// NOTDIR: it is not a folder.
    NotFolder = 54,
    /// NOTEMPTY: the folder is not empty.
    NotEmpty = 55,
    /// NOTSUP: there is no such thing here: clocks, sockets, links.
    NotSupported = 58,
    /// ROFS: inputs cannot be changed.
    ReadOnly = 69,
    /// SPIPE: the stream has no position.
    NoPosition = 70,
    /// NOTCAPABLE: the path leads out of the folders that the app was given.
    NotCapable = 76,
}

/// Why the app ends inside a host call.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// The app exited with this code.
    #[error("exit with code {0}")]
    Exit(i32),
    /// The rest of the fuel does not pay for the call.
    #[error("out of fuel")]
    OutOfFuel,
    /// There would be more in `/output` than allowed.
    #[error("more output than allowed")]
    OutputLimit,
    /// This machine has no memory for what is allowed.
    #[error("this machine refused memory")]
    MemoryRefused,
    /// This machine cannot read an input.
    #[error("{0}")]
    Io(String),
}

/// Why a host call does not succeed.
#[derive(Debug)]
pub enum Fault {
    /// The app is told and goes on.
    Errno(Errno),
    /// The app ends.
    Stop(Stop),
}

impl From<Errno> for Fault {
    fn from(errno: Errno) -> Self {
        Fault::Errno(errno)
    }
}

impl From<Stop> for Fault {
    fn from(stop: Stop) -> Self {
        Fault::Stop(stop)
    }
}

#[cfg(test)]
impl Fault {
    /// The number the app is told; panics if the app ends.
    pub fn errno(self) -> Errno {
        match self {
            Fault::Errno(errno) => errno,
            Fault::Stop(stop) => panic!("the app ends: {stop}"),
        }
    }
}
