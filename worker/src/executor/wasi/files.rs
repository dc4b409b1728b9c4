//! The app's file system: a tree in memory, with read-only files of the host as its inputs.
//!
//! Nodes are numbered in the order of their creation, which is the order in which folders list
//! them. Times do not exist. What is written is counted, and more than allowed ends the app.

use super::{
    errno::{Errno, Fault, Stop},
    paths::Parts,
};
use std::{collections::BTreeMap, fs::File, os::unix::fs::FileExt};

/// Number of a node.
pub type Inode = u64;

/// The folder `/input`.
pub const INPUT: Inode = 1;
/// The folder `/output`.
pub const OUTPUT: Inode = 2;

/// What a node is, as WASI numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// A folder.
    Folder = 3,
    /// A file.
    File = 4,
}

/// What is known of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// Its number.
    pub inode: Inode,
    /// What it is.
    pub kind: Kind,
    /// Size of a file in bytes, 0 for folders.
    pub size: u64,
}

/// How a path is opened.
#[derive(Clone, Copy, Debug, Default)]
pub struct Opening {
    /// A missing file is made.
    pub create: bool,
    /// An existing file is an error.
    pub exclusive: bool,
    /// A file is emptied.
    pub truncate: bool,
    /// It must be a folder.
    pub folder: bool,
    /// It will be written.
    pub write: bool,
}

enum Content {
    Folder(BTreeMap<String, Inode>),
    Bytes(Vec<u8>),
    Host { file: File, size: u64 },
}

struct Node {
    content: Content,
    /// Whether it belongs to `/output`.
    writable: bool,
    /// Whether a folder has it; one without stays as long as it is open.
    linked: bool,
    /// Open descriptors.
    handles: u32,
}

/// What may still be written.
struct Room {
    bytes: u64,
    nodes: u32,
}

impl Room {
    fn take_bytes(&mut self, bytes: u64) -> Result<(), Stop> {
        self.bytes = self.bytes.checked_sub(bytes).ok_or(Stop::OutputLimit)?;
        Ok(())
    }

    fn take_node(&mut self) -> Result<(), Stop> {
        self.nodes = self.nodes.checked_sub(1).ok_or(Stop::OutputLimit)?;
        Ok(())
    }
}

/// All files of an app.
pub struct Files {
    nodes: BTreeMap<Inode, Node>,
    next: Inode,
    room: Room,
}

impl Files {
    /// Empty folders `/input` and `/output`, the latter with room for so many bytes and nodes.
    pub fn new(most_bytes: u64, most_nodes: u32) -> Self {
        let root = |writable| Node::new(Content::Folder(BTreeMap::new()), writable);
        Self {
            nodes: BTreeMap::from([(INPUT, root(false)), (OUTPUT, root(true))]),
            next: OUTPUT + 1,
            room: Room {
                bytes: most_bytes,
                nodes: most_nodes,
            },
        }
    }

    /// Adds a file of the host below `/input`, and the folders above it.
    pub fn add_input(&mut self, name: &str, file: File, size: u64) -> Result<(), Errno> {
        let parts = Parts::of(name)?;
        let (folders, name) = parts.entry()?;
        let mut place = INPUT;
        for folder in folders {
            place = match self.lookup(place, folder) {
                Ok(next) => next,
                Err(Errno::NotFound) => self.insert(
                    place,
                    folder,
                    Node::new(Content::Folder(BTreeMap::new()), false),
                )?,
                Err(error) => return Err(error),
            };
        }
        if self.lookup(place, name).is_ok() {
            return Err(Errno::Exists);
        }
        self.insert(place, name, Node::new(Content::Host { file, size }, false))
            .map(|_| ())
    }

    /// What a path leads to.
    pub fn resolve(&self, from: Inode, path: &str) -> Result<Inode, Errno> {
        let parts = Parts::of(path)?;
        let found = self.walk(from, &parts.names)?;
        if parts.folder {
            self.folder(found)?;
        }
        Ok(found)
    }

    /// Opens what a path leads to, or makes it.
    pub fn open(&mut self, from: Inode, path: &str, how: Opening) -> Result<Inode, Fault> {
        match self.resolve(from, path) {
            Ok(_) if how.create && how.exclusive => Err(Errno::Exists.into()),
            Ok(found) => {
                self.open_existing(found, how)?;
                Ok(found)
            }
            Err(Errno::NotFound) if how.create => self.create(from, path, how),
            Err(error) => Err(error.into()),
        }
    }

    fn open_existing(&mut self, found: Inode, how: Opening) -> Result<(), Fault> {
        let changed = how.write || how.truncate;
        match self.kind(found)? {
            Kind::Folder if changed => Err(Errno::IsFolder.into()),
            Kind::Folder => Ok(()),
            Kind::File if how.folder => Err(Errno::NotFolder.into()),
            Kind::File if changed && !self.is_writable(found) => Err(Errno::ReadOnly.into()),
            Kind::File if how.truncate => self.resize(found, 0),
            Kind::File => Ok(()),
        }
    }

    fn create(&mut self, from: Inode, path: &str, how: Opening) -> Result<Inode, Fault> {
        let parts = Parts::of(path)?;
        if parts.folder || how.folder {
            return Err(Errno::Invalid.into());
        }
        let (folders, name) = parts.entry()?;
        let place = self.walk(from, folders)?;
        self.add(place, name, Content::Bytes(Vec::new()))
    }

    /// Makes a folder.
    pub fn create_folder(&mut self, from: Inode, path: &str) -> Result<(), Fault> {
        match self.resolve(from, path) {
            Ok(_) => return Err(Errno::Exists.into()),
            Err(Errno::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
        let parts = Parts::of(path)?;
        let (folders, name) = parts.entry()?;
        let place = self.walk(from, folders)?;
        self.add(place, name, Content::Folder(BTreeMap::new()))
            .map(|_| ())
    }

    /// Removes a file's name; the file itself goes when nobody has it open.
    pub fn unlink(&mut self, from: Inode, path: &str) -> Result<(), Errno> {
        let (place, name, found) = self.find_entry(from, path)?;
        if self.kind(found)? == Kind::Folder {
            return Err(Errno::IsFolder);
        }
        self.detach(place, &name)
    }

    /// Removes an empty folder.
    pub fn remove_folder(&mut self, from: Inode, path: &str) -> Result<(), Errno> {
        let (place, name, found) = self.find_entry(from, path)?;
        if !self.folder(found)?.is_empty() {
            return Err(Errno::NotEmpty);
        }
        self.detach(place, &name)
    }

    /// Gives an entry another name or place; what had that name before goes.
    pub fn rename(
        &mut self,
        from: Inode,
        path: &str,
        to: Inode,
        new_path: &str,
    ) -> Result<(), Errno> {
        let (place, name, moved) = self.find_entry(from, path)?;
        let parts = Parts::of(new_path)?;
        let (folders, new_name) = parts.entry()?;
        let new_place = self.walk(to, folders)?;
        self.ensure_changeable(new_place)?;
        self.ensure_changeable(place)?;
        let is_folder = self.kind(moved)? == Kind::Folder;
        if parts.folder && !is_folder {
            return Err(Errno::NotFolder);
        }
        if is_folder && self.contains(moved, new_place) {
            return Err(Errno::Invalid);
        }
        match self.lookup(new_place, new_name) {
            Ok(same) if same == moved => return Ok(()),
            Ok(replaced) => self.ensure_replaceable(replaced, is_folder)?,
            Err(Errno::NotFound) => {}
            Err(error) => return Err(error),
        }
        if self.lookup(new_place, new_name).is_ok() {
            self.detach(new_place, new_name)?;
        }
        self.folder_mut(place)?.remove(&name);
        self.folder_mut(new_place)?
            .insert(new_name.to_string(), moved);
        Ok(())
    }

    fn ensure_replaceable(&self, replaced: Inode, by_folder: bool) -> Result<(), Errno> {
        match (&self.node(replaced)?.content, by_folder) {
            (Content::Folder(entries), true) if entries.is_empty() => Ok(()),
            (Content::Folder(_), true) => Err(Errno::NotEmpty),
            (Content::Folder(_), false) => Err(Errno::IsFolder),
            (_, true) => Err(Errno::NotFolder),
            (_, false) => Ok(()),
        }
    }

    /// Whether `inner` is `outer` or lies somewhere below it.
    fn contains(&self, outer: Inode, inner: Inode) -> bool {
        let mut waiting = vec![outer];
        while let Some(here) = waiting.pop() {
            if here == inner {
                return true;
            }
            waiting.extend(self.folder(here).into_iter().flat_map(BTreeMap::values));
        }
        false
    }

    /// Files and folders that there are.
    pub fn count(&self) -> u64 {
        self.nodes.len() as u64
    }

    /// What is known of a node.
    pub fn status(&self, inode: Inode) -> Result<Status, Errno> {
        let size = match &self.node(inode)?.content {
            Content::Folder(_) => 0,
            Content::Bytes(bytes) => bytes.len() as u64,
            Content::Host { size, .. } => *size,
        };
        Ok(Status {
            inode,
            kind: self.kind(inode)?,
            size,
        })
    }

    /// What a node is.
    pub fn kind(&self, inode: Inode) -> Result<Kind, Errno> {
        Ok(match self.node(inode)?.content {
            Content::Folder(_) => Kind::Folder,
            Content::Bytes(_) | Content::Host { .. } => Kind::File,
        })
    }

    /// Whether a node belongs to `/output`.
    pub fn is_writable(&self, inode: Inode) -> bool {
        self.node(inode).is_ok_and(|node| node.writable)
    }

    /// Names and nodes in a folder, in the order of the nodes.
    pub fn list(&self, inode: Inode) -> Result<Vec<(Inode, &str)>, Errno> {
        let entries = self.folder(inode)?;
        let mut list = entries
            .iter()
            .map(|(name, node)| (*node, name.as_str()))
            .collect::<Vec<_>>();
        list.sort_unstable();
        Ok(list)
    }

    /// Reads from a place in a file until the buffer is full or the file ends.
    pub fn read(&self, inode: Inode, at: u64, into: &mut [u8]) -> Result<usize, Fault> {
        match &self.node(inode)?.content {
            Content::Folder(_) => Err(Errno::IsFolder.into()),
            Content::Bytes(bytes) => {
                let start = usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
                let rest = bytes.get(start..).unwrap_or_default();
                let count = rest.len().min(into.len());
                into[..count].copy_from_slice(&rest[..count]);
                Ok(count)
            }
            Content::Host { file, size } => {
                let rest = usize::try_from(size.saturating_sub(at)).unwrap_or(usize::MAX);
                let count = rest.min(into.len());
                file.read_exact_at(&mut into[..count], at)
                    .map_err(|error| Stop::Io(format!("an input cannot be read: {error}")))?;
                Ok(count)
            }
        }
    }

    /// Writes to a place in a file; a gap before it is filled with zeros.
    pub fn write(&mut self, inode: Inode, at: u64, bytes: &[u8]) -> Result<(), Fault> {
        if bytes.is_empty() {
            return Ok(());
        }
        let end = at.checked_add(bytes.len() as u64).ok_or(Errno::TooBig)?;
        if end > self.status(inode)?.size {
            self.resize(inode, end)?;
        }
        let node = self.nodes.get_mut(&inode).ok_or(Errno::BadDescriptor)?;
        let Content::Bytes(content) = &mut node.content else {
            return Err(Errno::ReadOnly.into());
        };
        let start = usize::try_from(at).map_err(|_| Errno::TooBig)?;
        let place = content
            .get_mut(start..start + bytes.len())
            .ok_or(Errno::TooBig)?;
        place.copy_from_slice(bytes);
        Ok(())
    }

    /// Gives a file another size; what is new is zero.
    pub fn resize(&mut self, inode: Inode, size: u64) -> Result<(), Fault> {
        let node = self.nodes.get_mut(&inode).ok_or(Errno::BadDescriptor)?;
        let content = match &mut node.content {
            Content::Folder(_) => return Err(Errno::IsFolder.into()),
            Content::Host { .. } => return Err(Errno::ReadOnly.into()),
            Content::Bytes(content) => content,
        };
        let (old, new) = (
            content.len(),
            usize::try_from(size).map_err(|_| Stop::OutputLimit)?,
        );
        if new > old {
            self.room.take_bytes((new - old) as u64)?;
            content
                .try_reserve(new - old)
                .map_err(|_| Stop::MemoryRefused)?;
        } else {
            self.room.bytes += (old - new) as u64;
        }
        content.resize(new, 0);
        if content.capacity() / 2 > new {
            content.shrink_to_fit(); // memory that is not counted must not be kept
        }
        Ok(())
    }

    /// A descriptor of this node was opened.
    pub fn retain(&mut self, inode: Inode) {
        if let Some(node) = self.nodes.get_mut(&inode) {
            node.handles = node.handles.saturating_add(1);
        }
    }

    /// A descriptor of this node was closed.
    pub fn release(&mut self, inode: Inode) {
        if let Some(node) = self.nodes.get_mut(&inode) {
            node.handles = node.handles.saturating_sub(1);
        }
        self.forget_unused(inode);
    }

    /// All files in `/output` with their paths, sorted by path.
    pub fn outputs(&self) -> Vec<(String, &[u8])> {
        let mut files = Vec::new();
        let mut waiting = vec![(String::new(), OUTPUT)];
        while let Some((path, inode)) = waiting.pop() {
            match self.nodes.get(&inode).map(|node| &node.content) {
                Some(Content::Folder(entries)) => {
                    waiting.extend(entries.iter().map(|(name, node)| {
                        let slash = if path.is_empty() { "" } else { "/" };
                        (format!("{path}{slash}{name}"), *node)
                    }))
                }
                Some(Content::Bytes(bytes)) => files.push((path, bytes.as_slice())),
                Some(Content::Host { .. }) | None => {}
            }
        }
        files.sort_unstable();
        files
    }

    /// Follows names. `..` leads back to where the walk came from, and never before its start: what
    /// lies above a descriptor was not given with it.
    fn walk(&self, from: Inode, names: &[&str]) -> Result<Inode, Errno> {
        let (mut above, mut here) = (Vec::new(), from);
        for name in names {
            if *name == ".." {
                self.folder(here)?;
                here = above.pop().ok_or(Errno::NotCapable)?;
            } else {
                let next = self.lookup(here, name)?;
                above.push(here);
                here = next;
            }
        }
        self.node(here)?;
        Ok(here)
    }

    fn lookup(&self, folder: Inode, name: &str) -> Result<Inode, Errno> {
        self.folder(folder)?
            .get(name)
            .copied()
            .ok_or(Errno::NotFound)
    }

    fn find_entry(&self, from: Inode, path: &str) -> Result<(Inode, String, Inode), Errno> {
        let parts = Parts::of(path)?;
        let (folders, name) = parts.entry()?;
        let place = self.walk(from, folders)?;
        let found = self.lookup(place, name)?;
        if parts.folder {
            self.folder(found)?;
        }
        Ok((place, name.to_string(), found))
    }

    /// Adds a node that the app makes.
    fn add(&mut self, place: Inode, name: &str, content: Content) -> Result<Inode, Fault> {
        self.ensure_changeable(place)?;
        self.room.take_node()?;
        Ok(self.insert(place, name, Node::new(content, true))?)
    }

    fn insert(&mut self, place: Inode, name: &str, node: Node) -> Result<Inode, Errno> {
        let inode = self.next;
        self.folder_mut(place)?.insert(name.to_string(), inode);
        self.nodes.insert(inode, node);
        self.next += 1;
        Ok(inode)
    }

    /// Inputs do not change, and nothing can be put into a folder that is gone.
    fn ensure_changeable(&self, folder: Inode) -> Result<(), Errno> {
        let node = self.node(folder)?;
        if !node.writable {
            return Err(Errno::ReadOnly);
        }
        if node.linked {
            Ok(())
        } else {
            Err(Errno::NotFound)
        }
    }

    fn detach(&mut self, place: Inode, name: &str) -> Result<(), Errno> {
        self.ensure_changeable(place)?;
        let inode = self
            .folder_mut(place)?
            .remove(name)
            .ok_or(Errno::NotFound)?;
        if let Some(node) = self.nodes.get_mut(&inode) {
            node.linked = false;
        }
        self.forget_unused(inode);
        Ok(())
    }

    fn forget_unused(&mut self, inode: Inode) {
        let unused = self
            .nodes
            .get(&inode)
            .is_some_and(|node| !node.linked && node.handles == 0);
        if !unused {
            return;
        }
        if let Some(Node { content, .. }) = self.nodes.remove(&inode) {
            self.room.nodes += 1;
            if let Content::Bytes(bytes) = content {
                self.room.bytes += bytes.len() as u64;
            }
        }
    }

    fn node(&self, inode: Inode) -> Result<&Node, Errno> {
        self.nodes.get(&inode).ok_or(Errno::BadDescriptor)
    }

    fn folder(&self, inode: Inode) -> Result<&BTreeMap<String, Inode>, Errno> {
        match &self.node(inode)?.content {
            Content::Folder(entries) => Ok(entries),
            Content::Bytes(_) | Content::Host { .. } => Err(Errno::NotFolder),
        }
    }

    fn folder_mut(&mut self, inode: Inode) -> Result<&mut BTreeMap<String, Inode>, Errno> {
        match self.nodes.get_mut(&inode).map(|node| &mut node.content) {
            Some(Content::Folder(entries)) => Ok(entries),
            Some(Content::Bytes(_) | Content::Host { .. }) => Err(Errno::NotFolder),
            None => Err(Errno::BadDescriptor),
        }
    }
}

impl Node {
    fn new(content: Content, writable: bool) -> Self {
        Self {
            content,
            writable,
            linked: true,
            handles: 0,
        }
    }
}

#[cfg(test)]
#[path = "files_tests.rs"]
mod tests;
