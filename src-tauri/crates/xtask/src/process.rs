//! Running other programs: loudly, and with sentences when they are not there.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::Mutex;

/// Is this program on the path?
pub fn is_installed(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path)
            .any(|folder| folder.join(format!("{program}{}", std::env::consts::EXE_SUFFIX)).is_file())
    })
}

/// npm is a script on Windows, which only a shell finds.
pub fn npm() -> Command {
    if cfg!(windows) {
        let mut command = Command::new("cmd");
        command.args(["/C", "npm"]);
        command
    } else {
        Command::new("npm")
    }
}

/// Runs to the end with our own output; `cure` says what to do when it fails.
pub fn run(command: &mut Command, cure: &str) -> Result<(), String> {
    let line = line_of(command);
    println!("  $ {line}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{line}` failed ({status}). {cure}")),
        Err(error) => Err(format!("`{line}` could not be started ({error}). {cure}")),
    }
}

/// What a program says on its standard output, without the line's end.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// What a program did and said.
pub struct Transcript {
    /// It ended with 0.
    pub is_success: bool,
    /// Standard output and error in the order they came.
    pub lines: Vec<String>,
}

/// Runs to the end, shows every line as it comes and keeps them all.
pub fn transcribe(command: &mut Command) -> Result<Transcript, String> {
    let line = line_of(command);
    println!("  $ {line}");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("`{line}` could not be started ({error})"))?;
    let output = child.stdout.take().expect("stdout is piped");
    let errors = child.stderr.take().expect("stderr is piped");
    let lines = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        scope.spawn(|| copy(output, &lines));
        scope.spawn(|| copy(errors, &lines));
    });
    let status = child.wait().map_err(|error| format!("`{line}` was lost ({error})"))?;
    let lines = lines.into_inner().expect("no thread panicked with the lines in hand");
    Ok(Transcript { is_success: status.success(), lines })
}

fn copy(stream: impl Read, lines: &Mutex<Vec<String>>) {
    let mut stream = BufReader::new(stream);
    let mut bytes = Vec::new();
    while matches!(stream.read_until(b'\n', &mut bytes), Ok(count) if count > 0) {
        let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
        println!("    {line}");
        lines.lock().expect("no thread panicked with the lines in hand").push(line);
        bytes.clear();
    }
}

fn line_of(command: &Command) -> String {
    let root = crate::place::root();
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|part| part.to_string_lossy().replace(&format!("{}/", root.display()), ""))
        .collect::<Vec<_>>()
        .join(" ")
}
