//! Where the profile's folder lies: copied by another program while it is written, or on another machine. Both have
//! damaged databases; it is said once, and Kontor goes on.

use super::{Error, Profiles};
use std::path::Path;

/// Why a folder is no good place for a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FolderRisk {
    /// A program copies it to a cloud and back, file by file; its name.
    Synchronised(&'static str),
    /// It is reached over a network or through another program; the type of file system.
    Remote(String),
}

impl FolderRisk {
    /// What it is called, to people and in the profile.
    pub fn name(&self) -> &str {
        match self {
            Self::Synchronised(name) => name,
            Self::Remote(kind) => kind,
        }
    }
}

/// How folders of such programs begin, in lower case, and what the program is called.
const SYNCHRONISED: [(&str, &str); 9] = [
    ("onedrive", "OneDrive"),
    ("dropbox", "Dropbox"),
    ("icloud", "iCloud"),
    ("mobile documents", "iCloud"),
    ("com~apple~clouddocs", "iCloud"),
    ("google drive", "Google Drive"),
    ("googledrive", "Google Drive"),
    ("nextcloud", "Nextcloud"),
    ("owncloud", "ownCloud"),
];

/// Types of file systems that are not on this machine. All of FUSE counts, but not `fuseblk`: that is a local disk.
const REMOTE: [&str; 12] =
    ["nfs", "nfs4", "cifs", "smb3", "smbfs", "smb2", "9p", "afs", "ceph", "davfs", "fuse", "virtiofs"];

impl Profiles {
    /// What is to be said about the place of the kept profile; none once it was said.
    pub fn folder_risk(&self) -> Option<FolderRisk> {
        self.now.lock().expect("no holder of the profiles panics").open.as_ref()?.folder_risk.clone()
    }

    /// It was read: not said again for this place.
    pub async fn note_folder_risk_seen(&self) -> Result<(), Error> {
        let _turn = self.turn.lock().await;
        let (Some(engine), Some(risk)) = (self.engine(), self.folder_risk()) else { return Ok(()) };
        engine.store().write(move |tx| tx.set_folder_told(risk.name())).await?;
        if let Some(open) = &mut self.now.lock().expect("no holder of the profiles panics").open {
            open.folder_risk = None;
        }
        self.changes.send_modify(|count| *count += 1);
        Ok(())
    }
}

/// What is to be said of this folder, if it was not said of it before.
pub(super) async fn untold(store: &store::Store, dir: &Path) -> Result<Option<FolderRisk>, store::Error> {
    let Some(risk) = risk_now(dir) else { return Ok(None) };
    let told = store.read(|tx| tx.folder_told()).await?;
    Ok((told.as_deref() != Some(risk.name())).then_some(risk))
}

fn risk_now(dir: &Path) -> Option<FolderRisk> {
    let whole = std::fs::canonicalize(dir).ok()?;
    // Only Linux tells so; elsewhere the path has to do.
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    risk(&whole, &mounts)
}

/// `mounts` is in the form of `/proc/self/mountinfo` (Linux, proc(5)).
fn risk(dir: &Path, mounts: &str) -> Option<FolderRisk> {
    let names = dir.iter().filter_map(|part| part.to_str()).map(str::to_lowercase);
    let program = names.into_iter().find_map(|part| {
        let known = SYNCHRONISED.iter().find(|(beginning, _)| part.starts_with(beginning));
        known.map(|(_, name)| *name)
    });
    if let Some(name) = program {
        return Some(FolderRisk::Synchronised(name));
    }
    let kind = file_system(dir, mounts)?;
    let is_remote = REMOTE.contains(&kind) || kind.starts_with("fuse.");
    is_remote.then(|| FolderRisk::Remote(kind.to_owned()))
}

/// The type of the file system that a folder lies on: that of the longest mount point above it, the last if there are two.
fn file_system<'a>(dir: &Path, mounts: &'a str) -> Option<&'a str> {
    let mount = |line: &'a str| {
        let (before, after) = line.split_once(" - ")?;
        let point = before.split(' ').nth(4)?.replace("\\040", " ");
        let depth = dir.starts_with(&point).then(|| Path::new(&point).iter().count())?;
        Some((depth, after.split(' ').next()?))
    };
    mounts.lines().filter_map(mount).max_by_key(|(depth, _)| *depth).map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
31 22 0:44 / /srv rw,relatime shared:2 - ext4 /dev/sda2 rw
40 31 0:50 / /srv/ada/office rw - nfs4 files.example:/office rw
41 31 0:51 / /srv/ada/a\\040share rw - cifs //files/share rw
42 31 0:52 / /srv/ada/remote rw - fuse.sshfs ada@host: rw
43 31 0:53 / /srv/ada/stick rw - fuseblk /dev/sdb1 rw";

    #[test]
    fn a_folder_of_a_synchronising_program_is_known_by_its_path() {
        let told = |path: &str| risk(Path::new(path), MOUNTS);
        for (path, name) in [
            ("/srv/ada/Dropbox (Office)/kontor", "Dropbox"),
            ("/Volumes/ada/Library/Mobile Documents/kontor", "iCloud"),
            ("/Volumes/ada/Library/CloudStorage/GoogleDrive-ada@example.org/kontor", "Google Drive"),
            ("/srv/ada/OneDrive - Office/kontor", "OneDrive"),
            ("/srv/ada/Nextcloud/kontor", "Nextcloud"),
        ] {
            assert_eq!(told(path), Some(FolderRisk::Synchronised(name)), "{path}");
        }
        assert_eq!(told("/srv/ada/.local/share/app.kontor.desktop"), None);
        assert_eq!(told("/srv/ada/my dropbox notes/kontor"), None);
    }

    #[test]
    fn a_folder_on_another_machine_is_known_by_its_file_system() {
        let told = |path: &str| risk(Path::new(path), MOUNTS).map(|risk| risk.name().to_owned());
        assert_eq!(told("/srv/ada/office/kontor").as_deref(), Some("nfs4"));
        assert_eq!(told("/srv/ada/a share/kontor").as_deref(), Some("cifs"));
        assert_eq!(told("/srv/ada/remote/kontor").as_deref(), Some("fuse.sshfs"));
        assert_eq!(told("/srv/ada/stick/kontor"), None);
        assert_eq!(told("/srv/ada/officer/kontor"), None, "a name that only begins like a mount point");
        assert_eq!(risk(Path::new("/srv/ada"), ""), None);
    }
}
