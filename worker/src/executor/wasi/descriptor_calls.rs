//! Calls on open descriptors: reading, writing, positions, status, listing.

use super::{
    Answer, Wasi,
    descriptors::{Descriptor, OpenFile},
    errno::{Errno, Fault},
    files::{Files, Inode, Kind},
    guest::{Buffer, Guest, offset},
    logs::Tail,
};

/// Each write goes to the end.
pub(super) const APPEND: u32 = 1;
/// The right to read.
pub(super) const FD_READ: u64 = 1 << 1;
/// The right to write.
pub(super) const FD_WRITE: u64 = 1 << 6;
/// All rights that exist.
const ALL_RIGHTS: u64 = (1 << 30) - 1;
/// The rights to anything but bytes of a file: seek, tell, advise, status, wait.
const COMMON_RIGHTS: u64 = 1 << 2 | 1 << 3 | 1 << 5 | 1 << 7 | 1 << 21 | 1 << 27;
/// The rights of who writes: sync, allocate, size, times.
const WRITER_RIGHTS: u64 = FD_WRITE | 1 | 1 << 4 | 1 << 8 | 1 << 22 | 1 << 23;
/// The rights to a stream: status and waiting.
const STREAM_RIGHTS: u64 = 1 << 21 | 1 << 27;

/// Size of an entry's head in a listing: next cookie, node, length of the name, kind.
const ENTRY_HEAD: usize = 24;
/// Cookies of nodes follow those of `.` and `..`.
const FIRST_COOKIES: u64 = 2;

impl Wasi {
    /// Writes buffers; to the log if it is a stream.
    pub(super) fn fd_write(
        &mut self,
        guest: &mut Guest<'_>,
        fd: u32,
        list: u32,
        count: u32,
        size: u32,
    ) -> Answer {
        let buffers = guest.buffers(list, count)?;
        let written = match self.descriptors.get(fd)? {
            Descriptor::Output => print(guest, &buffers, &mut self.stdout)?,
            Descriptor::Errors => print(guest, &buffers, &mut self.stderr)?,
            Descriptor::Input | Descriptor::Folder { .. } => {
                return Err(Errno::BadDescriptor.into());
            }
            Descriptor::File(file) => {
                let end = self.files.status(file.inode)?.size;
                let at = if file.append { end } else { file.position };
                let written = write(&mut self.files, guest, file, at, &buffers)?;
                self.descriptors.file(fd)?.position = at.saturating_add(written);
                written
            }
        };
        put_size(guest, size, written)
    }

    pub(super) fn fd_pwrite(
        &mut self,
        guest: &mut Guest<'_>,
        fd: u32,
        list: u32,
        count: u32,
        at: u64,
        size: u32,
    ) -> Answer {
        let buffers = guest.buffers(list, count)?;
        let file = self.descriptors.file(fd)?;
        let written = write(&mut self.files, guest, file, at, &buffers)?;
        put_size(guest, size, written)
    }

    /// Reads into buffers; stdin is empty.
    pub(super) fn fd_read(
        &mut self,
        guest: &mut Guest<'_>,
        fd: u32,
        list: u32,
        count: u32,
        size: u32,
    ) -> Answer {
        let buffers = guest.buffers(list, count)?;
        if *self.descriptors.get(fd)? == Descriptor::Input {
            return put_size(guest, size, 0);
        }
        if self.descriptors.get(fd)?.inode().is_none() {
            return Err(Errno::BadDescriptor.into());
        }
        let file = self.descriptors.file(fd)?;
        let count = read(&self.files, guest, file, file.position, &buffers)?;
        file.position = file.position.saturating_add(count);
        put_size(guest, size, count)
    }

    pub(super) fn fd_pread(
        &mut self,
        guest: &mut Guest<'_>,
        fd: u32,
        list: u32,
        count: u32,
        at: u64,
        size: u32,
    ) -> Answer {
        let buffers = guest.buffers(list, count)?;
        let file = self.descriptors.file(fd)?;
        let count = read(&self.files, guest, file, at, &buffers)?;
        put_size(guest, size, count)
    }

    /// Moves the position; beyond the end is allowed.
    pub(super) fn fd_seek(
        &mut self,
        guest: &mut Guest<'_>,
        fd: u32,
        by: i64,
        whence: u32,
        position: u32,
    ) -> Answer {
        let file = self.descriptors.file(fd)?;
        let from = match whence {
            0 => 0,
            1 => file.position,
            2 => self.files.status(file.inode)?.size,
            _ => return Err(Errno::Invalid.into()),
        };
        file.position = from.checked_add_signed(by).ok_or(Errno::Invalid)?;
        guest.put_u64(position, file.position)
    }

    pub(super) fn fd_tell(&mut self, guest: &mut Guest<'_>, fd: u32, position: u32) -> Answer {
        guest.put_u64(position, self.descriptors.file(fd)?.position)
    }

    pub(super) fn fd_close(&mut self, _: &mut Guest<'_>, fd: u32) -> Answer {
        let closed = self.descriptors.remove(fd)?;
        self.release(&closed);
        Ok(())
    }

    pub(super) fn fd_renumber(&mut self, _: &mut Guest<'_>, fd: u32, to: u32) -> Answer {
        if let Some(closed) = self.descriptors.renumber(fd, to)? {
            self.release(&closed);
        }
        Ok(())
    }

    fn release(&mut self, closed: &Descriptor) {
        if let Some(inode) = closed.inode() {
            self.files.release(inode);
        }
    }

    /// Everything is always written.
    pub(super) fn fd_sync(&mut self, _: &mut Guest<'_>, fd: u32) -> Answer {
        Ok(self.descriptors.get(fd).map(|_| ())?)
    }

    pub(super) fn fd_datasync(&mut self, guest: &mut Guest<'_>, fd: u32) -> Answer {
        self.fd_sync(guest, fd)
    }

    /// Advice is not needed.
    pub(super) fn fd_advise(
        &mut self,
        _: &mut Guest<'_>,
        fd: u32,
        _at: u64,
        _length: u64,
        _advice: u32,
    ) -> Answer {
        Ok(self.descriptors.file(fd).map(|_| ())?)
    }

    /// Makes a file at least so long.
    pub(super) fn fd_allocate(
        &mut self,
        guest: &mut Guest<'_>,
        fd: u32,
        at: u64,
        length: u64,
    ) -> Answer {
        let end = at.checked_add(length).ok_or(Errno::TooBig)?;
        let size = self.files.status(self.descriptors.file(fd)?.inode)?.size;
        self.fd_filestat_set_size(guest, fd, size.max(end))
    }

    pub(super) fn fd_filestat_set_size(
        &mut self,
        guest: &mut Guest<'_>,
        fd: u32,
        size: u64,
    ) -> Answer {
        let file = self.descriptors.file(fd)?;
        if !file.write {
            return Err(Errno::BadDescriptor.into());
        }
        let old = self.files.status(file.inode)?.size;
        self.files.resize(file.inode, size)?;
        guest.charge_bytes(size.saturating_sub(old))
    }

    /// There are no times that could be set.
    pub(super) fn fd_filestat_set_times(
        &mut self,
        guest: &mut Guest<'_>,
        fd: u32,
        _access: u64,
        _change: u64,
        _flags: u32,
    ) -> Answer {
        self.fd_sync(guest, fd)
    }

    pub(super) fn fd_filestat_get(&mut self, guest: &mut Guest<'_>, fd: u32, at: u32) -> Answer {
        match self.descriptors.get(fd)?.inode() {
            Some(inode) => self.put_status(guest, inode, at),
            None => guest.put(at, &[0; 64]),
        }
    }

    /// Writes what is known of a node. All times are zero, and each node has one name.
    pub(super) fn put_status(&self, guest: &mut Guest<'_>, inode: Inode, at: u32) -> Answer {
        let status = self.files.status(inode)?;
        let mut bytes = [0; 64];
        bytes[8..16].copy_from_slice(&status.inode.to_le_bytes());
        bytes[16] = status.kind as u8;
        bytes[24] = 1;
        bytes[32..40].copy_from_slice(&status.size.to_le_bytes());
        guest.put(at, &bytes)
    }

    /// Streams are of unknown kind, so that no program takes them for a terminal.
    pub(super) fn fd_fdstat_get(&mut self, guest: &mut Guest<'_>, fd: u32, at: u32) -> Answer {
        let (kind, flags, base, inheriting) = match self.descriptors.get(fd)? {
            Descriptor::Input => (0, 0, STREAM_RIGHTS | FD_READ, 0),
            Descriptor::Output | Descriptor::Errors => (0, 0, STREAM_RIGHTS | FD_WRITE, 0),
            Descriptor::Folder { .. } => (Kind::Folder as u8, 0, ALL_RIGHTS, ALL_RIGHTS),
            Descriptor::File(file) => (Kind::File as u8, u8::from(file.append), rights(file), 0),
        };
        let mut bytes = [0; 24];
        bytes[0] = kind;
        bytes[2] = flags;
        bytes[8..16].copy_from_slice(&base.to_le_bytes());
        bytes[16..24].copy_from_slice(&u64::to_le_bytes(inheriting));
        guest.put(at, &bytes)
    }

    /// Only appending makes a difference here.
    pub(super) fn fd_fdstat_set_flags(&mut self, _: &mut Guest<'_>, fd: u32, flags: u32) -> Answer {
        match self.descriptors.file(fd) {
            Ok(file) => file.append = flags & APPEND != 0,
            Err(Errno::NoPosition) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Rights are given when a file is opened and stay.
    pub(super) fn fd_fdstat_set_rights(
        &mut self,
        _: &mut Guest<'_>,
        _fd: u32,
        _base: u64,
        _inheriting: u64,
    ) -> Answer {
        Err(Errno::NotSupported.into())
    }

    fn given_name(&self, fd: u32) -> Result<&'static str, Errno> {
        match self.descriptors.get(fd)? {
            Descriptor::Folder {
                given: Some(name), ..
            } => Ok(name),
            _ => Err(Errno::BadDescriptor),
        }
    }

    /// The length of the name under which the app was given a folder; programs ask from 3 upwards.
    pub(super) fn fd_prestat_get(&mut self, guest: &mut Guest<'_>, fd: u32, at: u32) -> Answer {
        let name = self.given_name(fd)?;
        guest.put_u32(at, 0)?;
        put_size(guest, offset(at, 4)?, name.len() as u64)
    }

    pub(super) fn fd_prestat_dir_name(
        &mut self,
        guest: &mut Guest<'_>,
        fd: u32,
        at: u32,
        length: u32,
    ) -> Answer {
        let name = self.given_name(fd)?;
        if name.len() > length as usize {
            return Err(Errno::NameTooLong.into());
        }
        guest.put(at, name.as_bytes())
    }

    /// Lists a folder from a cookie on, `.` and `..` first, then nodes in the order of their
    /// creation. A cookie stays good when other entries go. The last entry may be cut by the
    /// buffer's end.
    pub(super) fn fd_readdir(
        &mut self,
        guest: &mut Guest<'_>,
        fd: u32,
        buffer: u32,
        length: u32,
        cookie: u64,
        size: u32,
    ) -> Answer {
        let folder = self.descriptors.folder(fd)?;
        let entries = self.entries(folder)?;
        guest.charge(entries.len() as u64)?;
        let mut filled = 0;
        for (own, inode, name) in entries.into_iter().filter(|(own, ..)| *own >= cookie) {
            let entry = self.entry(own, inode, name)?;
            let room = (length - filled) as usize;
            let part = entry.get(..room).unwrap_or(&entry);
            guest.put(offset(buffer, filled)?, part)?;
            filled += part.len() as u32;
            if part.len() < entry.len() || filled == length {
                break;
            }
        }
        guest.put_u32(size, filled)
    }

    /// Cookies, nodes and names of a folder's entries. `..` does not tell what is above.
    fn entries(&self, folder: Inode) -> Result<Vec<(u64, Inode, &str)>, Errno> {
        let mut entries = vec![(0, folder, "."), (1, folder, "..")];
        let nodes = self.files.list(folder)?.into_iter();
        entries
            .extend(nodes.map(|(inode, name)| (inode.saturating_add(FIRST_COOKIES), inode, name)));
        Ok(entries)
    }

    fn entry(&self, cookie: u64, inode: Inode, name: &str) -> Result<Vec<u8>, Errno> {
        let mut bytes = Vec::with_capacity(ENTRY_HEAD + name.len());
        bytes.extend(cookie.saturating_add(1).to_le_bytes());
        bytes.extend(inode.to_le_bytes());
        bytes.extend((name.len() as u32).to_le_bytes());
        bytes.extend([self.files.kind(inode)? as u8, 0, 0, 0]);
        bytes.extend(name.bytes());
        Ok(bytes)
    }
}

fn rights(file: &OpenFile) -> u64 {
    let read = if file.read { FD_READ } else { 0 };
    let write = if file.write { WRITER_RIGHTS } else { 0 };
    COMMON_RIGHTS | read | write
}

fn put_size(guest: &mut Guest<'_>, at: u32, size: u64) -> Answer {
    guest.put_u32(at, u32::try_from(size).map_err(|_| Errno::TooBig)?)
}

/// Prints buffers to a log, all of them as far as the app knows.
fn print(guest: &mut Guest<'_>, buffers: &[Buffer], log: &mut Tail) -> Result<u64, Fault> {
    let mut written = 0;
    for buffer in buffers {
        log.push(guest.bytes(*buffer)?);
        written += u64::from(buffer.length);
    }
    Ok(written)
}

/// Writes buffers one after the other and pays for the gap that they leave.
fn write(
    files: &mut Files,
    guest: &mut Guest<'_>,
    file: &OpenFile,
    at: u64,
    buffers: &[Buffer],
) -> Result<u64, Fault> {
    if !file.write {
        return Err(Errno::BadDescriptor.into());
    }
    let gap = at.saturating_sub(files.status(file.inode)?.size);
    let mut written = 0;
    for buffer in buffers {
        let place = at.checked_add(written).ok_or(Errno::TooBig)?;
        files.write(file.inode, place, guest.bytes(*buffer)?)?;
        written += u64::from(buffer.length);
    }
    if written > 0 {
        guest.charge_bytes(gap)?;
    }
    Ok(written)
}

/// Fills buffers one after the other, as far as the file reaches.
fn read(
    files: &Files,
    guest: &mut Guest<'_>,
    file: &OpenFile,
    at: u64,
    buffers: &[Buffer],
) -> Result<u64, Fault> {
    if !file.read {
        return Err(Errno::BadDescriptor.into());
    }
    let size = files.status(file.inode)?.size;
    let mut count = 0;
    for buffer in buffers {
        let place = at.saturating_add(count);
        let rest = u32::try_from(size.saturating_sub(place)).unwrap_or(u32::MAX);
        let part = Buffer {
            at: buffer.at,
            length: buffer.length.min(rest),
        };
        count += files.read(file.inode, place, guest.bytes_mut(part)?)? as u64;
    }
    Ok(count)
}
